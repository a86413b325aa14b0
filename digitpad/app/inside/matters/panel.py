"""What is chosen in the view, and what is told there in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.matters.finding import ANSWER, RUNNER_UP
from digitpad.app.inside.matters.sentences import (
    answer_text,
    change_text,
    method_titles,
    without_tip,
)
from digitpad.app.widgets.layout import fill, plain_item, plain_label, plain_tip
from digitpad.app.widgets.numbers import probability, whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.inside.matters.finding import Aim, Finding
    from digitpad.recognition.inside.attribution import Method
    from digitpad.recognition.inside.smallest_change import Change, Search
    from digitpad.recognition.prediction import Prediction

_MOST_LISTED = 12
"""Strokes that have a line of their own."""


class ClassChoice(QWidget):
    """The class that is explained: the answer, the runner-up, or any other.

    Signals:
        chosen: the new `Aim`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.aim: Aim = ANSWER
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Class that is explained"))
        self.box.setToolTip(self.tr("What speaks for this class, and what against it"))
        _let_shrink(self.box)
        self.box.activated.connect(self._on_chosen)
        label = plain_label(self.tr("What speaks for"))
        label.setBuddy(self.box)
        fill(QHBoxLayout(self), label, (self.box, 1), spacing=6)

    def show_finding(self, finding: Finding) -> None:
        """List the classes, the most probable one first."""
        prediction = finding.prediction
        forms = [self.tr("{name}, the answer"), self.tr("{name}, the runner-up")]
        forms += [self.tr("{name} ({probability})")] * len(finding.ranking)
        texts = [
            form.format(
                name=prediction.classes[number],
                probability=probability(prediction.probabilities[number]),
            )
            for form, number in zip(forms, finding.ranking, strict=False)
        ]
        if self.box.view().isVisible():
            return  # somebody is choosing
        self.box.clear()
        for number, text in zip(finding.ranking, texts, strict=True):
            self.box.addItem(text, number)
        self.box.setCurrentIndex(finding.ranking.index(finding.attribution.number))

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        aims: dict[int, Aim] = {0: ANSWER, 1: RUNNER_UP}
        aim = aims.get(row, self.box.itemData(row))
        if aim != self.aim:
            self.aim = aim
            self.chosen.emit(aim)


class MethodChoice(QWidget):
    """The method.

    Signals:
        chosen: the name of the new one.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Method"))
        self.box.setToolTip(self.tr("How it is found out what speaks for a class"))
        for method, title in method_titles().items():
            self.box.addItem(title, method)
        _let_shrink(self.box)
        self.box.activated.connect(lambda row: self.chosen.emit(self.box.itemData(row)))
        label = plain_label(self.tr("Method"))
        label.setBuddy(self.box)
        fill(QHBoxLayout(self), label, (self.box, 1), spacing=6)

    @property
    def method(self) -> Method:
        """The chosen one."""
        method: Method = self.box.currentData()
        return method


class StrokeList(QWidget):
    """What would be read without each of the strokes.

    Signals:
        chosen: the number of the stroke that is left out, from 0, or None.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.number: int | None = None
        self._title = plain_label(self.tr("Without a stroke"), bold=True)
        self._note = plain_label(quiet=True, wrap=True, scale=0.9)
        self.rows = [_row() for _ in range(_MOST_LISTED)]
        for number, row in enumerate(self.rows):
            row.hide()
            row.clicked.connect(lambda checked, n=number: self._choose(n if checked else None))
        fill(QVBoxLayout(self), self._title, self._note, *self.rows, spacing=3)

    def show_strokes(self, without: Sequence[Prediction | None], *, is_picture: bool) -> None:
        """List the strokes with what would be read without each of them."""
        many = len(without) > 1
        for number, (row, prediction) in enumerate(zip(self.rows, without, strict=False)):
            if prediction is not None:
                text = self.tr("Without stroke {number}: {answer}").format(
                    number=whole(number + 1), answer=answer_text(prediction)
                )
                row.setText(plain_item(text))
                row.setToolTip(plain_tip(without_tip(prediction)))
            row.setVisible(many)
        for row in self.rows[len(without) :]:
            row.hide()
        if is_picture:
            note = self.tr("A picture has no strokes. Draw a digit to leave some out.")
        elif not many:
            note = self.tr("You drew one stroke. Without it, nothing is left.")
        elif len(without) > _MOST_LISTED:
            note = self.tr("The first strokes; the rest is drawn anew as the pad would do it.")
        else:
            note = self.tr("What is left is scaled and centred anew, as on the pad.")
        self._note.setText(note)
        if self.number is not None and self.number >= len(without):
            self._choose(None)

    def clear(self) -> None:
        """Leave no stroke out."""
        self._choose(None)

    def _choose(self, number: int | None) -> None:
        for place, row in enumerate(self.rows):
            row.setChecked(place == number)
        if number != self.number:
            self.number = number
            self.chosen.emit(number)


class ChangePanel(QWidget):
    """The search for the smallest change, and what it has found.

    Signals:
        wanted: it is to be looked for.
        chosen: the `Change` that is shown, or None.
        tried: the user wants that change on the pad.
    """

    wanted = Signal()
    chosen = Signal(object)
    tried = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.change: Change | None = None
        self._title = plain_label(self.tr("The smallest change"), bold=True)
        self.note = plain_label(quiet=True, wrap=True, scale=0.9)
        self.look = QPushButton(self.tr("Find it"))
        self.look.setToolTip(
            self.tr("Look for the shortest stroke to add or erase that changes the answer")
        )
        self.look.clicked.connect(self.wanted)
        self.found = {kind: _row() for kind in ("erase", "add")}
        for kind, row in self.found.items():
            row.setToolTip(self.tr("Show it, dashed, over your strokes"))
            row.clicked.connect(lambda checked, k=kind: self._choose(k if checked else None))
        self.put = QPushButton(self.tr("Try it on the pad"))
        self.put.setToolTip(self.tr("Change your drawing like this; undo takes it back"))
        self.put.clicked.connect(lambda: self.tried.emit(self.change))
        self._changes: dict[str, Change] = {}
        fill(
            QVBoxLayout(self), self._title, self.note, self.look, *self.found.values(), self.put,
            spacing=3,
        )  # fmt: skip
        self.clear(is_possible=True)

    def clear(self, *, is_possible: bool) -> None:
        """Forget what was found: the drawing is another one."""
        self._changes = {}
        for row in self.found.values():
            row.hide()
        self._choose(None)
        self.look.setVisible(is_possible)
        self.look.setEnabled(True)
        self.note.setText(
            self.tr("Which stroke, as short as possible, would make it something else?")
            if is_possible
            else self.tr("It is looked for among strokes, and a picture has none.")
        )

    def clear_choice(self) -> None:
        """Show none of the changes that were found."""
        self._choose(None)

    def show_search(self, search: Search) -> None:
        """Show how far the search has come."""
        self.look.setEnabled(False)
        if not search.is_done:
            form = self.tr("Changes tried so far: {count}")
            self.note.setText(form.format(count=whole(search.tried)))
            return
        self.look.hide()
        changes = {"erase": search.erased, "add": search.added}
        for kind, change in changes.items():
            self.found[kind].setVisible(change is not None)
            if change is not None:
                self._changes[kind] = change
                self.found[kind].setText(plain_item(change_text(change)))
        count = search.tried
        if search.smallest is None:
            said = Sentence(
                Plural(
                    "{count} short change was tried: it makes it nothing else.",
                    "None of {count} short changes makes it something else.",
                    count,
                ),
                count=whole(count),
            )
        else:
            said = Sentence(
                Plural(
                    "{count} change was tried: it changes the answer.",
                    "Of {count} changes, these are the shortest that change the answer.",
                    count,
                ),
                count=whole(count),
            )
        self.note.setText(translated(said))
        if search.smallest is not None:
            self._choose(search.smallest.kind)

    def _choose(self, kind: str | None) -> None:
        for name, row in self.found.items():
            row.setChecked(name == kind)
        change = None if kind is None else self._changes[kind]
        self.put.setVisible(change is not None)
        if change is not self.change:
            self.change = change
            self.chosen.emit(change)


def _let_shrink(box: QComboBox) -> None:
    """Let a choice be narrower than its longest entry."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)


def _row() -> QCheckBox:
    """A line that can be chosen; one that is too long is cut, not the panel."""
    row = QCheckBox()
    row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return row
