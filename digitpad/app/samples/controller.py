"""The controller of the Samples page: it connects the wall with the user's samples."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.samples.changes import SampleChanges
from digitpad.app.samples.choice import Filter, count_classes, draw_plan, needy_classes
from digitpad.app.samples.collect.collecting import Collecting
from digitpad.app.samples.transfer import SampleTransfer
from digitpad.app.widgets.numbers import whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from digitpad.app.samples.actions import SamplesActions
    from digitpad.app.samples.choice import ClassCount
    from digitpad.app.samples.page import SamplesPage
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.data.sample_files.exporting import Format
    from digitpad.data.sample_files.importing import Imported
    from digitpad.samples.sample import Sample

_ROUND = 20
"""Drawings in a round of those that are asked for."""

_ROUND_OF_ONE = 10
"""Likewise where it is one class only."""

_MOST_NAMED = 4
"""Classes that the hint names."""


class SamplesController(QObject):
    """Connects the page and its actions with the user's samples.

    Args:
        page: the page.
        actions: of the page.
        teaching: keeps the samples.
        recognition: has the classes of the active model.
        has_file: whether there are samples on the disk, read or not.
        window: the parent of dialogs.

    Attributes:
        filter: what is shown.
        transfer: imports and exports.
        changes: of what is selected.

    Signals:
        reported: what has been done, in a few words.
        noticed: a sentence for the user.
        pad_wanted: this `Drawing` shall be put on the pad.
    """

    reported = Signal(str)
    noticed = Signal(str)
    pad_wanted = Signal(object)

    def __init__(
        self,
        page: SamplesPage,
        actions: SamplesActions,
        teaching: TeachingService,
        recognition: RecognitionService,
        has_file: Callable[[], bool],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._page, self._actions = page, actions
        self._teaching, self._recognition = teaching, recognition
        self._has_file, self._window = has_file, window
        self.filter = Filter()
        self._names: tuple[str, ...] = ()
        self._to_choose: Sequence[int] = ()
        self._needy: tuple[ClassCount, ...] = ()
        self._is_shown = self._has_failed = False
        self.collecting = Collecting(page.collect, teaching, self)
        self.transfer = SampleTransfer(teaching, window)
        self.changes = SampleChanges(page, actions, teaching, recognition, window)
        self._connect()
        self._on_model()

    def _connect(self) -> None:
        page, actions, teaching = self._page, self._actions, self._teaching
        page.wall.current_changed.connect(self._show_current)
        page.wall.selection_changed.connect(self._show_selection)
        page.wall.activated.connect(page.details.player.play)
        page.filters.chosen.connect(self._on_filter)
        page.counts.chosen.connect(self._on_label)
        page.hint_taken.connect(self._collect_hinted)
        page.collect.left.connect(self._leave_collecting)
        page.collect.more_wanted.connect(self._collect)
        page.collect.progressed.connect(self._update_history)
        actions.play.triggered.connect(page.details.player.play)
        actions.on_pad.triggered.connect(self._put_on_pad)
        actions.show_all.triggered.connect(self.show_all)
        actions.collect.triggered.connect(self._collect)
        transfer = self.transfer
        actions.import_file.triggered.connect(lambda: transfer.choose_file(self._symbols))
        actions.import_folder.triggered.connect(lambda: transfer.choose_folder(self._symbols))
        actions.export_strokes.triggered.connect(lambda: self._export("ndjson"))
        actions.export_pictures.triggered.connect(lambda: self._export("folders"))
        actions.export_mnist.triggered.connect(lambda: self._export("idx"))
        transfer.progressed.connect(page.show_work)
        transfer.imported.connect(self._on_imported)
        for source in (transfer, self.changes):
            source.reported.connect(self.reported)
        self.changes.unneeded.connect(self.show_all)
        transfer.noticed.connect(self.noticed)
        page.work_cancelled.connect(transfer.cancel)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._redo)
        teaching.changed.connect(self._show)
        teaching.history_changed.connect(self._update_history)
        teaching.noticed.connect(self._on_noticed)
        self._recognition.model_changed.connect(self._on_model)

    # The page as a whole

    def set_shown(self, *, shown: bool) -> None:
        """Take the keys while the page is in front, and read what others have changed."""
        self._is_shown = shown
        self._actions.set_shown(shown=shown)
        if shown:
            self._teaching.refresh()
            self._show()
        else:
            self.save()
            for action in (self._actions.undo, self._actions.redo):
                action.setEnabled(False)
        self._update_history()

    def save(self) -> None:
        """Take the drawing that is being asked for, if there is one."""
        if self._page.is_collecting:
            self._page.collect.take()
            self._page.collect.line.stop()

    def show_label(self, label: str, symbols: str | None = None) -> None:
        """Show the samples with one label, and no others."""
        self._leave_collecting()
        self.filter = Filter(label=label, symbols=symbols)
        self._show()

    @Slot()
    def show_all(self) -> None:
        """Show all samples."""
        self.filter = Filter()
        self._show()
        self._page.wall.setFocus()

    @Slot()
    def _on_model(self) -> None:
        self._page.wall.use_classes(self._classes)
        self._show()

    @property
    def _classes(self) -> tuple[str, ...]:
        return self._recognition.active.classes

    @property
    def _symbols(self) -> str:
        """The set of symbols of the active model."""
        return self._recognition.active.symbols

    @Slot(str)
    def _on_noticed(self, sentence: str) -> None:
        if self._teaching.revision < 0:
            self._has_failed = True
            self._show()

    # What is shown

    @Slot()
    def _show(self) -> None:
        if not self._is_shown:
            return  # it is shown when the page comes to the front
        page, samples, wanted = self._page, self._teaching.samples, self.filter
        sets = sorted({sample.symbols for sample in samples})
        if wanted.symbols not in {None, *sets}:
            wanted = self.filter = replace(wanted, symbols=None)
        of_any_label = replace(wanted, label=None)
        around = [sample for sample in samples if of_any_label.takes(sample)]
        counts = count_classes(around, self._classes_of(wanted.symbols))
        self._names = tuple(one.name for one in counts)
        chosen = self._names.index(wanted.label) if wanted.label in self._names else None
        page.counts.show_counts(self._names, [one.count for one in counts], chosen)
        # The newest ones first: these are looked for.
        shown = [sample for sample in reversed(around) if wanted.label in {None, sample.label}]
        page.filters.show_sets(sets)
        page.filters.show_filter(wanted)
        page.filters.show_count(len(shown), len(samples))
        page.wall.show_samples(shown)
        if any(sample.id in self._to_choose for sample in shown):
            page.wall.choose(self._to_choose)
            self._to_choose = ()
        self._show_message(is_empty=not shown, has_samples=bool(samples))
        self._show_hint()
        allow = self._actions.allow
        allow(self._actions.show_all, possible=wanted != Filter())
        allow(self._actions.collect, possible=bool(self._classes) and not page.is_collecting)
        for action in (self._actions.import_file, self._actions.import_folder):
            allow(action, possible=True)
        for action in self._actions.exports:
            allow(action, possible=bool(shown))
        allow(self._actions.delete_everything, possible=bool(samples))

    def _classes_of(self, symbols: str | None) -> tuple[str, ...]:
        """The classes to count, also those of which there is no sample."""
        return self._classes if symbols in {None, self._symbols} else ()

    def _show_message(self, *, is_empty: bool, has_samples: bool) -> None:
        page, actions = self._page, self._actions
        if not is_empty:
            page.show_wall()
        elif has_samples:
            count = len(self._teaching.samples)
            template = Plural(
                "Your {count} drawing does not match what you look for.",
                "None of your {count} drawings matches what you look for.",
                count,
            )
            sentence = translated(Sentence(template, count=whole(count)))
            page.show_message(sentence, actions.show_all, has_samples=True)
        elif self._has_failed:
            sentence = self.tr("Your drawings cannot be shown now.")
            page.show_message(sentence, has_samples=False)
        elif self._teaching.revision < 0 and self._has_file():
            page.show_message(self.tr("Reading your drawings…"), has_samples=False)
        else:
            sentence = self.tr(
                "Here will be what you have taught.\n\n"
                "When an answer on the Draw page is wrong, say there what is right: the program"
                " learns it at once. Or draw here what it asks for, one after another."
            )
            page.show_message(sentence, actions.collect, actions.import_file, has_samples=False)

    def _show_hint(self) -> None:
        samples = [one for one in self._teaching.samples if one.symbols == self._symbols]
        known = set(self._classes)
        counts = count_classes((one for one in samples if one.label in known), self._classes)
        self._needy = needy_classes(counts) if samples else ()
        if not self._needy:
            enough = self.tr("There are enough drawings of each class.")
            self._page.show_hint(enough if samples and counts else "", can_draw=False)
            return
        worst = max(self._needy, key=lambda one: one.mistakes)
        if worst.mistakes > 1:
            said = Sentence(
                "{label} was misread most often: more of it would help.", label=worst.name
            )
        else:
            names = [one.name for one in self._needy[:_MOST_NAMED]]
            listed = QLocale().createSeparatedList(names)
            said = Sentence("More of these would help: {labels}.", labels=listed)
        self._page.show_hint(translated(said), can_draw=True)

    @Slot(object)
    def _show_current(self, sample: Sample | None) -> None:
        self._page.details.show_sample(sample, len(self._page.wall.selectedIndexes()))
        allow = self._actions.allow
        allow(self._actions.on_pad, possible=sample is not None)
        allow(self._actions.play, possible=self._page.details.player.can_play)

    @Slot()
    def _show_selection(self) -> None:
        self._show_current(self._page.wall.current)

    @Slot(object)
    def _on_filter(self, wanted: Filter) -> None:
        self.filter = replace(wanted, label=self.filter.label)
        self._show()

    @Slot(object)
    def _on_label(self, index: int | None) -> None:
        self.filter = replace(self.filter, label=None if index is None else self._names[index])
        self._show()

    # Undo

    @Slot()
    def _update_history(self) -> None:
        if not self._is_shown:
            return
        undo, redo = self._actions.undo, self._actions.redo
        if self._page.is_collecting:
            undo.setEnabled(self._page.collect.can_undo)
            redo.setEnabled(False)
            return
        undo.setEnabled(self._teaching.can_undo)
        redo.setEnabled(self._teaching.can_redo)

    @Slot()
    def _undo(self) -> None:
        if self._is_shown and self._page.is_collecting:
            self._page.collect.undo()
        elif self._is_shown:
            self._teaching.undo()

    @Slot()
    def _redo(self) -> None:
        if self._is_shown and not self._page.is_collecting:
            self._teaching.redo()

    # Files

    def _export(self, form: Format) -> None:
        """Export what is shown, but of one set of symbols: elsewhere nothing tells them apart."""
        shown = self._page.wall.samples
        sets = {sample.symbols for sample in shown}
        only = self._symbols if self._symbols in sets else min(sets)
        samples = [sample for sample in reversed(shown) if sample.symbols == only]
        if rest := len(shown) - len(samples):
            template = Plural(
                "{count} drawing of another set of symbols is left out: show that set to export"
                " it.",
                "{count} drawings of other sets of symbols are left out: show a set to export it.",
                rest,
            )
            self.noticed.emit(translated(Sentence(template, count=whole(rest))))
        self.transfer.choose_target(samples, form)

    @Slot(object)
    def _on_imported(self, done: Imported) -> None:
        """Show what was imported, and select it: it can be deleted again at once."""
        # It has not arrived yet.
        self._to_choose = [sample.id for sample in done.samples]
        self.show_all()

    @Slot()
    def _put_on_pad(self) -> None:
        if (sample := self._page.wall.current) is not None:
            self.pad_wanted.emit(sample.drawing)

    # Drawing what is asked for

    @Slot()
    def _collect(self) -> None:
        """Ask for all classes, or for the one that is shown."""
        label = self.filter.label
        self.collect([label] if label is not None and label in self._classes else None)

    @Slot()
    def _collect_hinted(self) -> None:
        self.collect([one.name for one in self._needy])

    def collect(self, classes: Sequence[str] | None = None) -> None:
        """Ask for drawings of these classes of the active model; None for all of them."""
        classes = self._classes if classes is None else classes
        samples = [one for one in self._teaching.samples if one.symbols == self._symbols]
        counts = [one for one in count_classes(samples, self._classes) if one.name in classes]
        self._start(counts, max(_ROUND, len(counts)) if len(counts) > 1 else _ROUND_OF_ONE)

    def collect_each(self, count: int) -> None:
        """Ask for so many drawings of each class of the active model."""
        counts = count_classes((), self._classes)
        self._start(counts, count * len(counts))

    def _start(self, counts: Sequence[ClassCount], length: int) -> None:
        if not counts:
            return
        # Which class is drawn when is no secret.
        plan = draw_plan(counts, length, random.Random())  # noqa: S311
        self.collecting.symbols = self._symbols
        self._page.show_collecting(collecting=True)
        self._page.collect.start(plan)
        self._actions.allow(self._actions.collect, possible=False)
        self._update_history()

    @Slot()
    def _leave_collecting(self) -> None:
        if not self._page.is_collecting:
            return
        self.save()
        self._page.show_collecting(collecting=False)
        self._show()
        self._page.wall.look_at_newest()
        self._update_history()
