"""The view of the loss, and of learning steps from the present digit alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.cell.blocks.words import kind_name
from digitpad.app.inside.loss.bars import ChangeBars
from digitpad.app.inside.loss.curve import LossCurve
from digitpad.app.inside.loss.weights import WeightsPicture, show_with_scale
from digitpad.app.inside.loss.words import digits, last_step, share_text
from digitpad.app.inside.scale import ScaleLegend
from digitpad.app.inside.subject import InsideView
from digitpad.app.widgets.controls import key_button
from digitpad.app.widgets.layout import fill, fill_scroll, plain_item, plain_label
from digitpad.app.widgets.numbers import short_number
from digitpad.recognition.inside.layers import kind_of
from digitpad.recognition.inside.learning_step import LearningSandbox, LossState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QKeyEvent

    from digitpad.app.inside.subject import Subject
    from digitpad.app.services.background import Background
    from digitpad.recognition.inside.inside import Inside

_STATE = "loss"
_LOWEST, _HIGHEST, _NOTCHES = -4.0, 0.0, 40
_AT_FIRST = 20
_MANY = 10


class LossView(InsideView):
    """Chooses what the digit should have been, and shows the loss and how learning changes it.

    Args:
        background: computes gradients and steps.

    Attributes:
        label: the number of the class that it should be; None while nothing is drawn.
        rates: the learning rates of the steps so far.
        state: what is shown; None until it has been computed.
    """

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._subject: Subject | None = None
        self._sandbox: LearningSandbox | None = None
        self._classes: tuple[str, ...] = ()
        self._inside: Inside | None = None
        self.label: int | None = None
        self.rates: tuple[float, ...] = ()
        self.state: LossState | None = None
        self._is_label_chosen = False
        self.labels = QComboBox()
        self.labels.setAccessibleName(self.tr("What it should be"))
        self.labels.setToolTip(self.tr("What the digit should have been; its key chooses it, too"))
        self.labels.activated.connect(self.choose_label)
        self.curve = LossCurve()
        self.numbers = plain_label(wrap=True)
        self.numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars = ChangeBars()
        self.rate = QSlider(Qt.Orientation.Horizontal)
        self.rate.setRange(0, _NOTCHES)
        self.rate.setValue(_AT_FIRST)
        self.rate.setAccessibleName(self.tr("Learning rate"))
        self.rate.setToolTip(self.tr("How far one step goes: the gradient is multiplied by it"))
        self.rate.valueChanged.connect(self._show_rate)
        self._rate_text = plain_label()
        self.step = key_button(self, self.tr("Step"), self.tr("One step of learning"), "F7")
        self.steps = key_button(
            self, self.tr("10 steps"), self.tr("Ten steps of learning"), "Shift+F7"
        )
        self.back = key_button(self, self.tr("Back"), self.tr("Take the last step back"), "F8")
        self.reset = key_button(
            self, self.tr("Begin again"), self.tr("Back to the network as it is"), "Shift+F8"
        )
        self.step.clicked.connect(lambda: self.take_steps(1))
        self.steps.clicked.connect(lambda: self.take_steps(_MANY))
        self.back.clicked.connect(self.step_back)
        self.reset.clicked.connect(self.begin_again)
        self._told = plain_label(wrap=True, quiet=True)
        self._temperature = plain_label(wrap=True, quiet=True, scale=0.9)
        self.layers = QComboBox()
        self.layers.setAccessibleName(self.tr("Layer"))
        self.layers.setToolTip(self.tr("The layer whose weights are shown"))
        self.layers.currentIndexChanged.connect(self._show_weights)
        self._moves = plain_label(wrap=True, quiet=True, scale=0.9)
        self.weights = WeightsPicture(self.tr("Weights"))
        self.gradients = WeightsPicture(self.tr("Gradient of the loss"))
        self._weights_legend, self._gradients_legend = ScaleLegend(), ScaleLegend()
        self._empty = plain_label(
            self.tr("Draw a digit on the pad at the left, and see here how wrong the answer is."),
            quiet=True,
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self._background.done.connect(self._on_state)
        self._background.failed.connect(self._on_failed)
        self._show_rate()
        self.setFocusProxy(self.step)

    def _arrange(self) -> None:
        choice = fill(
            QHBoxLayout(), plain_label(self.tr("It should be")), self.labels, None, spacing=8
        )
        note = plain_label(
            self.tr(
                "The loss says how wrong an answer is: minus the logarithm of the probability that"
                " the network gives to what it should be. A sure mistake costs much, and a sure"
                " right answer next to nothing."
            ),
            wrap=True,
            quiet=True,
            scale=0.9,
        )
        left = QVBoxLayout()
        rows = (choice, note, (self.curve, 1), self.numbers, self._temperature, self.bars)
        fill(left, *rows, spacing=6)
        rate = fill(
            QHBoxLayout(),
            plain_label(self.tr("Learning rate")),
            (self.rate, 1),
            self._rate_text,
            spacing=8,
        )
        buttons = fill(QHBoxLayout(), self.step, self.steps, self.back, self.reset, None, spacing=6)
        about = plain_label(
            self.tr(
                "The gradient says for each weight how the loss changes when the weight grows:"
                " orange makes it larger, blue smaller. A step moves every weight against its"
                " gradient. This is a copy: your model stays as it is."
            ),
            wrap=True,
            quiet=True,
            scale=0.9,
        )
        layer = fill(QHBoxLayout(), plain_label(self.tr("Layer")), (self.layers, 1), spacing=8)
        pictures = QGridLayout()
        pictures.setContentsMargins(0, 0, 0, 0)
        columns = (
            (self.tr("Weights"), self.weights, self._weights_legend),
            (self.tr("Gradient"), self.gradients, self._gradients_legend),
        )
        for column, (title, picture, legend) in enumerate(columns):
            pictures.addWidget(plain_label(title, quiet=True, scale=0.9), 0, column)
            pictures.addWidget(picture, 1, column)
            pictures.addWidget(legend, 2, column)
        pictures.setRowStretch(1, 1)
        right = QVBoxLayout()
        fill(right, rate, buttons, self._told, about, layer, (pictures, 1), self._moves, spacing=6)
        body = QWidget()
        fill(QHBoxLayout(body), (left, 1), (right, 1), spacing=18, margins=(0, 0, 6, 0))
        self._scroll = QScrollArea()
        fill_scroll(self._scroll, body)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        fill(QVBoxLayout(self), (self._empty, 1), (self._scroll, 1))
        self._scroll.hide()

    @property
    def layer(self) -> str:
        """The layer whose weights are shown."""
        return str(self.layers.currentData() or "")

    def show_subject(self, subject: Subject | None) -> None:
        """See `InsideView`. Another drawing or network begins again."""
        self._empty.setVisible(subject is None)
        self._scroll.setVisible(subject is not None)
        before, self._subject = self._subject, subject
        if subject is None:
            self.label, self.rates, self.state, self._sandbox = None, (), None, None
            self._is_label_chosen = False
            self._background.cancel(_STATE)
            return
        if subject.inside is not self._inside:
            self._show_network(subject.inside)
        same_glyph = before is not None and np.array_equal(before.glyph, subject.glyph)
        if before is not None and same_glyph and before.inside is subject.inside:
            return
        prediction = subject.part.prediction
        if not self._is_label_chosen and prediction is not None:
            self.label = self._classes.index(prediction.text)
        self.labels.setCurrentIndex(self.label or 0)
        self._begin()

    def _show_network(self, inside: Inside) -> None:
        self._inside = inside
        if inside.info.classes != self._classes:
            self._classes = inside.info.classes
            self._is_label_chosen = False
            self.labels.clear()
            self.labels.addItems([plain_item(name) for name in self._classes])
        note = self.tr(
            "As in training, without the temperature {temperature} that makes the pad's percentages"
            " honest; but nothing is dropped."
        )
        if inside.lessons is not None:
            note = self.tr(
                "As in training, without the temperature {temperature} that makes the pad's"
                " percentages honest, and without what you have taught; but nothing is dropped."
            )
        self._temperature.setText(note.format(temperature=short_number(inside.temperature)))
        self.layers.clear()
        for layer in inside.layers:
            if layer.kind in {"conv", "fc"}:
                text = self.tr("{layer}: {kind}").format(
                    layer=layer.name, kind=kind_name(kind_of(layer.name))
                )
                self.layers.addItem(text, layer.name)

    def _begin(self) -> None:
        """A new copy of the network, which has learned nothing."""
        subject, label = self._subject, self.label
        if subject is None or label is None:
            return
        self._sandbox = None
        self.rates = ()
        self._background.ask(_STATE, partial(_first_state, subject.inside, subject.glyph, label))
        self._update_buttons()

    # What the user does

    @Slot(int)
    def choose_label(self, label: int) -> None:
        """Say what the digit should have been."""
        self._is_label_chosen = True
        self.labels.setCurrentIndex(label)
        if label != self.label:
            self.label = label
            self._begin()
        self.happened.emit("label-chosen")

    def take_steps(self, count: int) -> None:
        """Learn with the present learning rate."""
        if self._sandbox is not None:
            self._reach(self.rates + (self.learning_rate,) * count)
            self.happened.emit("step-taken")

    @Slot()
    def step_back(self) -> None:
        """Take the last step back."""
        if self.rates:
            self._reach(self.rates[:-1])
            self.happened.emit("step-back")

    @Slot()
    def begin_again(self) -> None:
        """Take all steps back."""
        if self.rates:
            self._reach(())

    @property
    def learning_rate(self) -> float:
        """What the slider shows."""
        power = _LOWEST + (_HIGHEST - _LOWEST) * self.rate.value() / _NOTCHES
        return float(f"{10**power:.2g}")

    def _reach(self, rates: tuple[float, ...]) -> None:
        self.rates = rates
        sandbox = self._sandbox
        if sandbox is not None:
            self._background.ask(_STATE, lambda: iter([(sandbox, sandbox.reach(rates))]))
        self._update_buttons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key of a class chooses it."""
        if event.text() and event.text() in self._classes and self._subject is not None:
            self.choose_label(self._classes.index(event.text()))
        else:
            super().keyPressEvent(event)

    # What is shown

    @Slot(str, object)
    def _on_state(self, key: str, item: object) -> None:
        if key != _STATE or self._subject is None or not isinstance(item, tuple):
            return
        self._sandbox, state = item
        before, self.state = self.state, state
        self.curve.show_losses(state.losses)
        self.bars.show_change(self._classes, state.label, state.first, state.probabilities)
        self._show_numbers(state)
        self._show_weights()
        self._update_buttons()
        if (
            before is not None
            and len(state.rates) > len(before.rates)
            and (state.loss < state.losses[len(before.rates)])
        ):
            self.happened.emit("loss-fell")

    @Slot(str, str)
    def _on_failed(self, key: str, sentence: str) -> None:
        if key == _STATE:
            self._told.setText(sentence)

    def _show_numbers(self, state: LossState) -> None:
        name, label = self._classes[state.label], state.label
        self.numbers.setText(
            self.tr(
                "p({name}) = exp({logit}) / sum of all exp = {share}\n"
                "loss = −log p({name}) = −log {share} = {loss}"
            ).format(
                name=name,
                logit=digits(state.logits[label]),
                share=share_text(state.loss),
                loss=digits(state.loss),
            )
        )
        if not state.is_finite:
            told = self.tr(
                "The steps were much too large: the numbers have grown beyond all bounds. Go back,"
                " and try a smaller learning rate."
            )
        elif not state.rates:
            told = self.tr("No step has been taken yet.")
        else:
            told = translated(last_step(state))
        self._told.setText(told)

    @Slot()
    def _show_weights(self) -> None:
        state, name = self.state, self.layers.currentData()
        if state is None or name not in state.weights:
            return
        pairs = (
            (state.weights[name], self.weights, self._weights_legend),
            (state.gradients[name], self.gradients, self._gradients_legend),
        )
        for values, picture, legend in pairs:
            show_with_scale(picture, legend, values)
        moved = self.learning_rate * float(np.abs(state.gradients[name]).max())
        self._moves.setText(
            self.tr("The next step moves the weights of {layer} by up to {change}.").format(
                layer=name, change=short_number(moved)
            )
        )

    @Slot()
    def _show_rate(self) -> None:
        self._rate_text.setText(short_number(self.learning_rate))
        self._show_weights()

    def _update_buttons(self) -> None:
        ready = self._sandbox is not None
        finite = self.state is None or self.state.is_finite
        for button in (self.step, self.steps):
            button.setEnabled(ready and finite)
        for button in (self.back, self.reset):
            button.setEnabled(ready and bool(self.rates))


def _first_state(
    inside: Inside, glyph: np.ndarray, label: int
) -> Iterator[tuple[LearningSandbox, LossState]]:
    """Runs on the thread."""
    sandbox = LearningSandbox(inside, glyph, label)
    yield sandbox, sandbox.reach(())
