"""The wall of samples: thousands of drawings with their labels and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView

from digitpad.app.i18n import translated
from digitpad.app.samples.wall.cells import PAD, SIDE, SPACE, CellDelegate
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.wall import Wall
from digitpad.text import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from digitpad.samples.sample import Sample

_Index = QModelIndex | QPersistentModelIndex

_WITH = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def in_words(sample: Sample) -> str:
    """A sample for screen readers."""
    marks = sample.was_right is False, sample.is_flagged
    template = {
        (False, False): Sentence("{label}", label=sample.label),
        (False, True): Sentence("{label}, may be a slip", label=sample.label),
        (True, False): Sentence(
            "{label}, was read as {answer}", label=sample.label, answer=_answer(sample)
        ),
        (True, True): Sentence(
            "{label}, was read as {answer}, may be a slip",
            label=sample.label,
            answer=_answer(sample),
        ),
    }[marks]
    return translated(template)


def _answer(sample: Sample) -> str:
    return "" if sample.answer is None else sample.answer.text


class SampleWall(Wall):
    """A grid of samples. Several can be selected; the current one is looked at.

    The keys: arrows, with Shift and Ctrl as everywhere; the name of a class, where it is one
    letter, labels what is selected.

    Attributes:
        samples: those that are shown, in the order of their rows.

    Signals:
        current_changed: the sample that is looked at, or None.
        selection_changed: other samples are selected.
        class_typed: by key.
        menu_wanted: at this place of the screen.
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    class_typed = Signal(str)
    menu_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.samples: Sequence[Sample] = ()
        self._keys: dict[str, str] = {}
        self._is_filling = False
        # No method of the model is overridden: the layout calls them so often that Python would
        # slow it down.
        self._model = QStringListModel(self)
        self.setModel(self._model)
        self._cells = CellDelegate(self)
        self.setItemDelegate(self._cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(self.tr("Your drawings"))
        self.fit_grid()

    @property
    def side(self) -> float:
        """Side of a drawing, in device-independent pixels."""
        return SIDE

    @property
    def selected(self) -> tuple[Sample, ...]:
        """The samples that are selected, in the order of the wall."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return tuple(self.samples[row] for row in rows)

    @property
    def chosen(self) -> tuple[Sample, ...]:
        """What buttons and menus act on: what is selected, or else what is looked at."""
        current = self.current
        return self.selected or (() if current is None else (current,))

    @property
    def current(self) -> Sample | None:
        """The sample that is looked at."""
        index = self.currentIndex()
        return self.samples[index.row()] if index.isValid() else None

    def use_classes(self, classes: Sequence[str]) -> None:
        """Let keys name these classes, as far as their names are one letter."""
        letters = [name for name in classes if len(name) == 1]
        small = [name.lower() for name in letters]
        self._keys = {
            letter: name
            for name in letters
            for letter in (name.lower(), name.upper())
            if small.count(name.lower()) == 1 and len(letter) == 1
        }
        # Where both cases are classes, each has its own key.
        self._keys |= {name: name for name in letters}

    def show_samples(self, samples: Sequence[Sample]) -> None:
        """Show other samples, or the same ones changed: selection and place stay where they can."""
        place = self.verticalScrollBar().value()
        selected = {sample.id for sample in self.selected}
        was_at = min([self.currentIndex().row(), *map(QModelIndex.row, self.selectedIndexes())])
        known = {sample.id for sample in self.samples}
        current = self.current
        self._is_filling = True
        self.samples = samples
        words: dict[tuple[object, ...], str] = {}
        texts = []
        for sample in samples:
            key = sample.label, _answer(sample), sample.is_flagged, sample.was_right
            if key not in words:
                words[key] = in_words(sample)
            texts.append(words[key])
        self._model.setStringList(texts)
        rows = {sample.id: row for row, sample in enumerate(samples)}
        row = min(was_at, len(samples) - 1)
        row = row if current is None else rows.get(current.id, row)
        if known & set(rows):
            self.executeDelayedItemsLayout()
            self.verticalScrollBar().setValue(place)
        else:
            row = min(len(samples) - 1, 0)
            self.scrollToTop()
        chosen = sorted(rows[one] for one in selected if one in rows)
        if selected and not chosen and known & set(rows):
            # Those that were selected are gone: the next one takes their place.
            chosen = [row]
        self._select(chosen, row)
        self._is_filling = False
        self.current_changed.emit(self.current)
        self.selection_changed.emit()

    def choose(self, sample_ids: Iterable[int]) -> None:
        """Select samples, and bring the last of them into view."""
        wanted = set(sample_ids)
        rows = [row for row, sample in enumerate(self.samples) if sample.id in wanted]
        if rows:
            self._select(rows, rows[-1])

    def look_at_newest(self) -> None:
        """Look at the first sample, and select nothing."""
        self._select((), min(len(self.samples) - 1, 0))
        self.scrollToTop()

    def _select(self, rows: Sequence[int], current: int) -> None:
        selection, model = QItemSelection(), self._model
        first = 0
        for number, row in enumerate(rows):
            # A range for each run of rows: thousands of single ones would take long.
            if number + 1 == len(rows) or rows[number + 1] != row + 1:
                selection.select(model.index(rows[first]), model.index(row))
                first = number + 1
        choice = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        if current >= 0:
            choice.setCurrentIndex(model.index(current), flags.NoUpdate)
        choice.select(selection, flags.ClearAndSelect)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Emit `current_changed`."""
        super().currentChanged(current, previous)
        if not self._is_filling:
            self.current_changed.emit(self.current)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Emit `selection_changed`."""
        super().selectionChanged(selected, deselected)
        if not self._is_filling:
            self.selection_changed.emit()

    def event(self, event: QEvent) -> bool:
        """A key that names a class is no other key."""
        is_key = event.type() == QEvent.Type.ShortcutOverride
        if is_key and self._class_of(cast("QKeyEvent", event)):
            event.accept()
            return True
        return super().event(event)

    def _class_of(self, event: QKeyEvent) -> str:
        """The class that a key names; "" if it names none."""
        return "" if event.modifiers() & _WITH else self._keys.get(event.text(), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key of a class labels what is selected."""
        name = self._class_of(event)
        if not name:
            super().keyPressEvent(event)
        elif self.selectionModel().hasSelection() and not event.isAutoRepeat():
            self.class_typed.emit(name)

    def keyboardSearch(self, search: str) -> None:
        """Letters label, and search for nothing."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Emit `menu_wanted`, for what is selected."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.place_of_current())
        elif self.indexAt(event.pos()).isValid():
            self.menu_wanted.emit(event.globalPos())

    def place_of_current(self) -> QPoint:
        """The place on the screen below the sample that is looked at."""
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())

    def least_cell(self) -> tuple[float, int]:
        """A drawing and its label."""
        label = QFontMetricsF(scaled(self.font(), bold=True)).height()
        return SIDE + 2 * PAD, round(PAD + SIDE + SPACE + label + PAD)

    def minimumSizeHint(self) -> QSize:
        """Room for two columns and one row."""
        width, height = self.least_cell()
        return QSize(2 * round(width) + 20, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawings in view; where that takes long, the rest follows at once."""
        self._cells.prepare()
        super().paintEvent(event)
        if self._cells.is_unfinished:
            self.viewport().update()
