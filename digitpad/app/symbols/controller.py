"""The controller of the dialogs for sets of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from digitpad.app.i18n import translated
from digitpad.app.widgets.dialogs import message_box
from digitpad.app.widgets.numbers import whole
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.symbol_sets import SymbolSets
from digitpad.recognition.model_store import BUNDLED
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.symbols.actions import SymbolActions
    from digitpad.app.symbols.dialog import SymbolsDialog
    from digitpad.recognition.model_store import ModelStore
    from digitpad.samples.store import SampleStore

ROUNDS = 3
"""Drawings of each symbol that are asked for: a set is read well from then on."""


class SymbolsController(QObject):
    """Makes, changes and deletes sets of symbols, and lets the pad read them.

    Args:
        actions: those of the menu.
        teaching: keeps the samples, and so the sets.
        recognition: the pad's model.
        models: where the models of the sets are.
        folder: for the files of drawings that networks are trained on.
        icon: of warnings.
        window: the parent of the dialogs.

    Signals:
        drawing_wanted: each symbol of the set that the active model reads should be drawn, so many
            times.
        training_wanted: a network should be trained on this file of drawings, and begin with the
            weights of the model with this name.
        reported: what has been done, in a few words.
        noticed: a sentence for the user.
    """

    drawing_wanted = Signal(int)
    training_wanted = Signal(str, str)
    reported = Signal(str)
    noticed = Signal(str)

    def __init__(
        self,
        actions: SymbolActions,
        teaching: TeachingService,
        recognition: RecognitionService,
        models: ModelStore,
        folder: Path,
        icon: QIcon,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions, self._teaching, self._recognition = actions, teaching, recognition
        self._models, self._icon, self._window = models, icon, window
        self._folder = folder
        self.dialog: SymbolsDialog | None = None
        self.question: QMessageBox | None = None
        self._to_draw = ""
        """Name of a new set, whose symbols are to be drawn once its model is there."""
        self._is_changing = False
        """Whether the sets are changed here, and another model follows."""
        actions.new.triggered.connect(self.make)
        actions.change.triggered.connect(self.change)
        actions.draw.triggered.connect(lambda: self.drawing_wanted.emit(ROUNDS))
        actions.train.triggered.connect(self.train)
        recognition.model_changed.connect(self._on_model)
        recognition.ready.connect(self._on_model)
        recognition.model_chosen.connect(self._on_chosen)
        teaching.changed.connect(self._on_samples)
        self._on_model()

    @property
    def _name(self) -> str:
        """The set that the active model reads; "" for none."""
        return self._recognition.active.symbols

    @Slot()
    def make(self) -> None:
        """Ask for a new set."""
        self._with_sets(lambda sets: sets.sets(), lambda known: self._open("", {}, set(known)))

    @Slot()
    def change(self) -> None:
        """Ask how the set of the active model is to be."""
        name = self._name

        def opened(found: tuple[set[str], dict[str, int]]) -> None:
            known, counts = found
            if name in known:
                self._open(name, counts, known - {name})

        self._with_sets(lambda sets: (set(sets.sets()), sets.counts(name)), opened)

    @Slot()
    def train(self) -> None:
        """Write the drawings of the set of the active model for a training, and ask for it."""
        active, folder = self._recognition.chosen, self._folder

        def work(sets: SymbolSets) -> Path:
            return sets.write_drawings(active.symbols, folder)

        self._with_sets(work, lambda file: self.training_wanted.emit(str(file), active.name))

    def _open(self, name: str, counts: dict[str, int], others: set[str]) -> None:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.symbols.dialog import SymbolsDialog

        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        taken = {one.casefold() for one in others}

        def why_not(wanted: str) -> str:
            return self._why_not(wanted, name, taken)

        dialog = SymbolsDialog(why_not, self._icon, self._window, name, counts)
        dialog.chosen.connect(lambda new, classes: self._save(name, new, classes))
        dialog.unwanted.connect(lambda: self._ask_to_delete(name, sum(counts.values())))
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        self.dialog = None

    def _why_not(self, wanted: str, name: str, taken: set[str]) -> str:
        """Why a set cannot be called so; "" if it can."""
        if not wanted:
            return self.tr("Give the set a name.")
        if wanted.casefold() in taken:
            return self.tr("There is a set of this name already: choose another one.")
        if wanted.casefold() == name.casefold():
            return ""
        try:
            self._models.check_new_name(wanted)
        except DigitpadError as error:
            return translated(error)
        return ""

    def _save(self, name: str, new_name: str, classes: tuple[str, ...]) -> None:
        def work(sets: SymbolSets) -> None:
            if name:
                sets.change(name, classes, new_name=new_name)
            else:
                sets.make(new_name, classes)

        def done(_: object) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            if not name:
                self._to_draw = new_name
            # Its model is made as it is loaded.
            self._recognition.use(new_name)

        self._is_changing = True
        self._with_sets(work, done, self._show_failure)

    def _show_failure(self, sentence: str) -> None:
        self._is_changing = False
        if self.dialog is not None:
            self.dialog.show_failure(sentence)
        else:
            self.noticed.emit(sentence)

    def _ask_to_delete(self, name: str, count: int) -> None:
        said = Sentence(
            Plural(
                "Delete the symbols {name} and their model? There is {count} drawing of them.",
                "Delete the symbols {name} and their model? There are {count} drawings of them.",
                count,
            ),
            name=name,
            count=whole(count),
        )
        icon, role = QMessageBox.Icon.Question, QMessageBox.ButtonRole
        box = message_box(icon, self.tr("Delete symbols"), translated(said), self.dialog)
        box.setInformativeText(
            self.tr("Drawings that are kept are used again by symbols of the same name.")
        )
        text = self.tr("Delete the &drawings, too") if count else self.tr("&Delete")
        everything = box.addButton(text, role.DestructiveRole)
        kept = box.addButton(self.tr("&Keep the drawings"), role.AcceptRole) if count else None
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(kept or cancel)
        box.setEscapeButton(cancel)

        def answered() -> None:
            self.question = None
            chosen = box.clickedButton()
            if chosen in {everything, kept} and chosen is not None:
                self._delete(name, with_samples=chosen is everything)

        box.finished.connect(answered)
        self.question = box
        box.open()

    def _delete(self, name: str, *, with_samples: bool) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        done = self.tr("Deleted the symbols {name}").format(name=name)
        self._is_changing = True
        # First, so that the pad never has a model that is gone.
        self._recognition.use(BUNDLED)

        def work(sets: SymbolSets) -> None:
            sets.delete(name, with_samples=with_samples)
            if with_samples:
                sets.forget_drawings(name, self._folder)

        self._with_sets(work, lambda _: self.reported.emit(done))

    def _with_sets(
        self,
        work: Callable[[SymbolSets], Any],
        then: Callable[[Any], object],
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Do something with the sets on the thread of the samples, and then go on here.

        `failed` gets the sentence of an error; without it, it is noticed.
        """
        models = self._models

        def on_thread(store: SampleStore) -> Any:
            try:
                return work(SymbolSets(store, models))
            except DigitpadError as error:
                return error.with_traceback(None)

        def here(result: Any) -> None:
            if isinstance(result, DigitpadError):
                (failed or self.noticed.emit)(translated(result))
            else:
                then(result)

        self._teaching.run(on_thread, here)

    @Slot()
    def _on_model(self) -> None:
        active = self._recognition.active
        self._is_changing = False
        self._actions.show_set(is_set=bool(active.symbols))

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        # A lesson to the model before may end meanwhile, which is no choice.
        wanted, self._to_draw = self._to_draw, ""
        if name == wanted:
            self.drawing_wanted.emit(ROUNDS)

    @Slot()
    def _on_samples(self) -> None:
        """Another window may have changed the set that the pad reads."""
        active = self._recognition.chosen
        if not active.is_made_of_samples or self._is_changing:
            return

        def compare(classes: tuple[str, ...] | None) -> None:
            if active is not self._recognition.chosen or self._is_changing:
                return  # it has another model by now
            if classes is None:
                self.noticed.emit(
                    self.tr(
                        "The symbols {name} are no longer there: they were deleted or renamed in"
                        " another window. The bundled model is used instead."
                    ).format(name=active.symbols)
                )
                self._recognition.use(BUNDLED)
            elif classes != active.classes:
                self._recognition.use(active.name)

        self._with_sets(lambda sets: sets.sets().get(active.symbols), compare)
