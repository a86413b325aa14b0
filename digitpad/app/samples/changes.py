"""What can be changed of the selected samples, said in words, and the menus that offer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu, QMessageBox

from digitpad.app.i18n import translated
from digitpad.app.samples.choice import count_classes
from digitpad.app.widgets.dialogs import message_box
from digitpad.app.widgets.layout import plain_item
from digitpad.app.widgets.numbers import whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from digitpad.app.samples.actions import SamplesActions
    from digitpad.app.samples.page import SamplesPage
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.samples.sample import Sample


class SampleChanges(QObject):
    """Labels, flags and deletes the samples that are selected on the wall.

    Args:
        page: has the wall, and the line that offers to undo.
        actions: of the page.
        teaching: keeps the samples.
        recognition: has the classes of the active model.
        window: the parent of dialogs.

    Signals:
        reported: what has been done, in a few words.
        unneeded: everything is deleted: nothing need be looked for any more.
    """

    reported = Signal(str)
    unneeded = Signal()

    def __init__(
        self,
        page: SamplesPage,
        actions: SamplesActions,
        teaching: TeachingService,
        recognition: RecognitionService,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._page, self._actions, self._window = page, actions, window
        self._teaching, self._recognition = teaching, recognition
        self._pending = ""
        """What has been asked for, in words, until it is done."""
        self._is_emptying = False
        page.wall.class_typed.connect(self._relabel)
        page.wall.selection_changed.connect(self.show_selection)
        page.wall.current_changed.connect(self.show_selection)
        page.wall.menu_wanted.connect(self._show_menu)
        actions.relabel.triggered.connect(self._choose_label)
        actions.flag.triggered.connect(self._flag)
        actions.delete.triggered.connect(self._delete)
        actions.delete_everything.triggered.connect(self._ask_to_delete_everything)
        teaching.history_changed.connect(self._on_history)
        teaching.changed.connect(self._on_changed)
        teaching.noticed.connect(self._forget_pending)

    @Slot()
    def show_selection(self) -> None:
        """Offer what can be done with the samples that are selected, or with the one looked at."""
        chosen = self._page.wall.chosen
        for action in (self._actions.relabel, self._actions.flag, self._actions.delete):
            self._actions.allow(action, possible=bool(chosen))
        flagged = bool(chosen) and all(sample.is_flagged for sample in chosen)
        self._actions.flag.setChecked(flagged)

    @Slot()
    def _forget_pending(self) -> None:
        self._pending, self._is_emptying = "", False

    @Slot()
    def _on_changed(self) -> None:
        if self._is_emptying and not self._teaching.samples:
            self._is_emptying = False
            self.reported.emit(self.tr("Deleted everything that you taught."))

    def _ask(self, sentence: str) -> None:
        """Keep what is being asked for, until it is done."""
        self._pending = sentence

    @Slot()
    def _on_history(self) -> None:
        # A change that was made elsewhere makes an older sentence false.
        self._page.undo_line.say(self._pending)
        self._pending = ""

    @Slot(str)
    def _relabel(self, label: str) -> None:
        changed = [
            sample.id
            for sample in self._page.wall.chosen
            if sample.label != label or sample.is_flagged
        ]
        if not changed:
            return
        count = len(changed)
        template = Plural(
            "Labelled {count} drawing {label}.", "Labelled {count} drawings {label}.", count
        )
        self._ask(translated(Sentence(template, count=whole(count), label=label)))
        self._teaching.relabel(changed, label)

    @Slot(bool)
    def _flag(self, flagged: bool) -> None:
        selected = self._page.wall.chosen
        changed = [sample.id for sample in selected if sample.is_flagged != flagged]
        count = len(changed)
        if not count:
            self.show_selection()
            return
        template = Plural("Flagged {count} drawing.", "Flagged {count} drawings.", count)
        if not flagged:
            template = Plural(
                "{count} drawing is no longer flagged.",
                "{count} drawings are no longer flagged.",
                count,
            )
        self._ask(translated(Sentence(template, count=whole(count))))
        self._teaching.flag(changed, flagged=flagged)

    @Slot()
    def _delete(self) -> None:
        selected = [sample.id for sample in self._page.wall.chosen]
        count = len(selected)
        if not count:
            return
        template = Plural("Deleted {count} drawing.", "Deleted {count} drawings.", count)
        self._ask(translated(Sentence(template, count=whole(count))))
        self._teaching.delete(selected)

    @Slot()
    def _ask_to_delete_everything(self) -> None:
        count = len(self._teaching.samples)
        template = Plural(
            "Delete the {count} drawing, your sets of symbols, and all that the models have learned"
            " from you?\n\nThis cannot be undone.",
            "Delete all {count} drawings, your sets of symbols, and all that the models have"
            " learned from you?\n\nThis cannot be undone.",
            count,
        )
        title = self.tr("Delete everything I taught")
        text = translated(Sentence(template, count=whole(count)))
        box = message_box(QMessageBox.Icon.Warning, title, text, self._window)
        delete = box.addButton(self.tr("&Delete everything"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        delete.clicked.connect(self._delete_everything)
        box.open()

    @Slot()
    def _delete_everything(self) -> None:
        self.unneeded.emit()
        self._is_emptying = True
        self._teaching.delete_everything()

    @Slot(object)
    def _show_menu(self, place: QPoint) -> None:
        menu = self._actions.menu_of_sample(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    @Slot()
    def _choose_label(self) -> None:
        """Offer the classes in a menu beside the drawing that is looked at."""
        wall = self._page.wall
        menu = self.menu_of_labels(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(wall.place_of_current())

    def menu_of_labels(self, parent: QWidget) -> QMenu:
        """Make a menu of what the selected samples may be."""
        menu = QMenu(parent)
        selected = self._page.wall.chosen
        labels = {sample.label for sample in selected}
        for name in self._labels_for(selected):
            # Its own letter chooses a class.
            text = f"&{name}" if len(name) == 1 and name.isalnum() else plain_item(name)
            action: QAction = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(labels == {name})
            action.triggered.connect(lambda _=False, name=name: self._relabel(name))
        return menu

    def _labels_for(self, selected: Sequence[Sample]) -> tuple[str, ...]:
        sets = {sample.symbols for sample in selected}
        if sets == {self._recognition.active.symbols}:
            return self._recognition.active.classes
        of_sets = (sample for sample in self._teaching.samples if sample.symbols in sets)
        return tuple(one.name for one in count_classes(of_sets, ()))
