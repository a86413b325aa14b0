"""The view "Through training": a slider over the epochs of a run, and the network at each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.subject import InsideView
from digitpad.app.inside.through.epochs import Epochs, EpochState, KeptRun, Placed, Wanted
from digitpad.app.inside.through.network_panel import NetworkPanel
from digitpad.app.inside.through.plane_panel import PlanePanel
from digitpad.app.widgets.layout import fill, plain_item, plain_label
from digitpad.app.widgets.numbers import percent, size, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtGui import QHideEvent, QShowEvent

    from digitpad.app.inside.subject import Subject
    from digitpad.app.services.background import Background
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore

_KINDS = ("through: runs", "through: run", "through: epoch", "through: plane")
_RUNS, _RUN, _STATE, _PLANE = _KINDS
"""Kinds of work."""

_LOOK_MS = 3000
"""How often it is looked for new epochs of a training that is under way."""

_PLAY_MS = 900
"""How long each epoch is shown while it plays."""


class ThroughView(InsideView):
    """Networks as they were after each epoch of a run, on the present drawing.

    Args:
        background: reads them.
        store: has the runs.
        samples: the file of the user's samples; None if there is none.

    Attributes:
        runs: the list of runs.
        slider: over the epochs of the chosen run.
        play: lets the epochs follow each other.
        train: leads to the Train page, where there is no run to show.
        plane: the plane of the features.
        network: kernels, maps and the answer.
        kept: the chosen run; None before one is read.

    Signals:
        training_wanted: the user wants to train a network.
    """

    training_wanted = Signal()

    def __init__(
        self, background: Background, store: RunStore, samples: Path | None = None
    ) -> None:
        super().__init__()
        self._background = background
        self._epochs = Epochs(store, samples)
        self._glyph: NDArray[np.uint8] | None = None
        self._found: tuple[Run, ...] = ()
        self._unreadable: dict[int, str] = {}
        self.kept: KeptRun | None = None
        self.runs = QComboBox()
        self.runs.setAccessibleName(self.tr("Training run"))
        self.runs.setToolTip(self.tr("The training whose network is shown; the newest first"))
        self.runs.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.runs.setMinimumContentsLength(12)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Epoch"))
        self.slider.setToolTip(self.tr("The epoch after which the network is shown (arrow keys)"))
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setPageStep(1)
        self.play = QPushButton()
        self.train = QPushButton(self.tr("Train a network"))
        self.train.setToolTip(self.tr("Go to the page Train"))
        self._about_run = plain_label(quiet=True, scale=0.9)
        self._about_epoch = plain_label()
        self._notice = plain_label(quiet=True, scale=0.9, wrap=True)
        self._hint = plain_label(quiet=True, wrap=True)
        self.plane, self.network = PlanePanel(), NetworkPanel()
        self._arrange()
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self.refresh)
        self._playing = QTimer(self, interval=_PLAY_MS)
        self._playing.timeout.connect(self._on_play_tick)
        self._connect()
        self._show_playing()
        self.setFocusProxy(self.slider)

    def _arrange(self) -> None:
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty = QWidget()
        button = fill(QHBoxLayout(), None, self.train, None)
        fill(QVBoxLayout(empty), None, self._hint, button, None, spacing=12)
        body = QWidget()
        first = fill(QHBoxLayout(), (self.runs, 1), self._about_run, spacing=8)
        second = fill(QHBoxLayout(), self.play, (self.slider, 1), self._about_epoch, spacing=8)
        both = fill(QHBoxLayout(), (self.plane, 3), (self.network, 2), spacing=10)
        fill(QVBoxLayout(body), first, second, self._notice, (both, 1), spacing=6)
        self._body, self._empty = body, empty
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(body)
        self._notice.hide()
        self._show_empty(self.tr("Looking for trainings…"), offers_training=False)

    def _connect(self) -> None:
        self.runs.activated.connect(self._on_run)
        self.slider.valueChanged.connect(self._on_slider)
        self.slider.sliderPressed.connect(self._stop)
        self.play.clicked.connect(self._on_play)
        self.train.clicked.connect(self.training_wanted)
        self.network.chosen.connect(self._ask_state)
        self.plane.side_chosen.connect(self._on_side)
        self.plane.picture.hovered.connect(self._on_hovered)
        self._background.done.connect(self._on_done)
        self._background.failed.connect(self._on_failed)

    @property
    def epoch(self) -> int | None:
        """The epoch that is chosen; None while there is none."""
        epochs = self._shown_epochs
        return epochs[self.slider.value()] if self.slider.value() < len(epochs) else None

    @property
    def _shown_epochs(self) -> tuple[int, ...]:
        if self.kept is None:
            return ()
        return tuple(one for one in self.kept.weights.epochs if one not in self._unreadable)

    def show_subject(self, subject: Subject | None) -> None:
        """See `InsideView`."""
        glyph, before = None if subject is None else subject.glyph, self._glyph
        # The last points of a stroke often change nothing.
        if glyph is None or before is None or not np.array_equal(glyph, before):
            self._glyph = glyph
            self._ask_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for runs while the view is in front."""
        super().showEvent(event)
        self.refresh()
        self._looking.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let nothing go on that is not seen."""
        super().hideEvent(event)
        self._looking.stop()
        self._stop()
        for key in _KINDS:
            self._background.cancel(key)

    @Slot()
    def refresh(self) -> None:
        """Look for new runs and new epochs."""
        self._ask(_RUNS, self._epochs.runs)

    def _ask(self, key: str, work: Callable[[], object]) -> None:
        def items() -> Iterator[object]:
            yield work()

        self._background.ask(key, items)

    @Slot(str, object)
    def _on_done(self, key: str, item: object) -> None:
        if key == _RUNS and isinstance(item, tuple):
            self._on_runs(item)
        elif isinstance(item, KeptRun):
            self._on_opened(item)
        elif isinstance(item, EpochState):
            self._on_state(item)
        elif isinstance(item, Placed):
            self._on_placed(item)

    @Slot(str, str)
    def _on_failed(self, key: str, sentence: str) -> None:
        if key == _STATE and self.epoch is not None:
            self._leave_out(self.epoch, sentence)
        elif key in (_RUNS, _RUN) and self.kept is None:
            self._show_empty(sentence, offers_training=False)
        elif key in (_RUNS, _RUN):
            self._notice.setText(sentence)
            self._notice.show()

    def _on_runs(self, runs: tuple[Run, ...]) -> None:
        chosen = self.kept.run.id if self.kept is not None else ""
        if [(run.id, run.name) for run in runs] != [(run.id, run.name) for run in self._found]:
            self.runs.clear()
            self.runs.addItems([plain_item(run.name) for run in runs])
        self._found = runs
        if not runs:
            self._forget()
            self._show_empty(
                self.tr(
                    "Here you see how a network became what it is: its kernels, and how it tells"
                    " your digits apart, after each epoch of its training. No training has kept its"
                    " weights yet. Train a network: Quick takes a minute."
                ),
                offers_training=True,
            )
            return
        ids = [run.id for run in runs]
        number = ids.index(chosen) if chosen in ids else 0
        self.runs.setCurrentIndex(number)
        self._ask(_RUN, partial(self._epochs.opened, ids[number]))

    @Slot(int)
    def _on_run(self, number: int) -> None:
        self._forget()
        self._ask(_RUN, partial(self._epochs.opened, self._found[number].id))

    def _forget(self) -> None:
        self._stop()
        self.kept = None
        self._unreadable.clear()

    def _on_opened(self, kept: KeptRun) -> None:
        before, epoch = self.kept, self.epoch
        if kept is before:
            return
        is_other = before is None or before.run.id != kept.run.id
        # The newest epoch stays in view, as it is while curves grow.
        was_last = is_other or self.slider.value() == self.slider.maximum()
        self.kept = kept
        if is_other:
            self.plane.show_points(kept.points)
        self._fit_slider(None if was_last else epoch)
        self._show_run()

    def _fit_slider(self, epoch: int | None) -> None:
        """Let the slider have the epochs that can be read, at this one or the last."""
        epochs = self._shown_epochs
        if self.kept is not None and not epochs:
            notice = self.kept.weights.notice
            sentence = "" if notice is None else translated(notice)
            self._show_empty(next(iter(self._unreadable.values()), sentence), offers_training=True)
            return
        self._stack.setCurrentWidget(self._body)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(epochs) - 1)
            self.slider.setValue(epochs.index(epoch) if epoch in epochs else len(epochs) - 1)
        self.play.setEnabled(len(epochs) > 1)
        self._show_epoch()

    def _leave_out(self, epoch: int, sentence: str) -> None:
        self._unreadable[epoch] = sentence
        self._notice.setText(sentence)
        self._notice.show()
        self._fit_slider(None)

    def _show_run(self) -> None:
        kept = self.kept
        if kept is None:
            return
        self._about_run.setText(
            self.tr("Weights kept: {size} of at most {limit}").format(
                size=size(kept.weights.size), limit=size(kept.weights.limit, 0)
            )
        )
        self._about_run.setToolTip(
            self.tr(
                "The setting “Weights of epochs” of a training is this limit. Of a long training"
                " the first, the last, the best and an even choice of the others are kept."
            )
        )
        notice = kept.weights.notice
        self._notice.setText("" if notice is None else translated(notice))
        self._notice.setVisible(notice is not None)

    def _show_epoch(self) -> None:
        kept, epoch = self.kept, self.epoch
        if kept is None or epoch is None:
            return
        accuracy = kept.accuracies.get(epoch, np.nan)
        last = whole(kept.run.config.epochs)
        if epoch == 0:
            text = self.tr("Before the first step")
        elif np.isnan(accuracy):
            text = self.tr("Epoch {epoch} of {count}").format(epoch=whole(epoch), count=last)
        else:
            text = self.tr("Epoch {epoch} of {count}, validation accuracy {accuracy}").format(
                epoch=whole(epoch), count=last, accuracy=percent(accuracy, 2)
            )
        self._about_epoch.setText(text)
        width = max(self._about_epoch.sizeHint().width(), self._about_epoch.minimumWidth())
        self._about_epoch.setMinimumWidth(width)  # so that the slider stays where it is
        self.slider.setAccessibleDescription(text)
        self._ask_state()
        self._ask_plane()

    @Slot()
    def _ask_state(self) -> None:
        kept, epoch = self.kept, self.epoch
        if kept is None or epoch is None or not self.isVisible():
            return
        wanted = Wanted(epoch, self._glyph, *self.network.wanted)
        self._ask(_STATE, partial(self._epochs.state, kept, wanted))

    def _ask_plane(self) -> None:
        """Ask for the plane of the chosen epoch; then, so that they move at once, for others."""
        kept, epoch, side = self.kept, self.epoch, self.plane.side
        if kept is None or epoch is None or not self.isVisible():
            return
        known = self.plane.known
        order = (epoch, *(one for one in self._shown_epochs if one != epoch))
        missing = next((one for one in order if (kept.run.id, one, side) not in known), None)
        self.plane.show_epoch(kept.run.id, epoch)
        if missing is not None:
            self._ask(_PLANE, partial(self._epochs.placed, kept, missing, side))

    def _on_state(self, state: EpochState) -> None:
        kept = self.kept
        if kept is None or (state.run_id, state.wanted.epoch) != (kept.run.id, self.epoch):
            return
        self.network.show_state(state, kept.run.classes)
        self.plane.show_drawing(state.features)

    def _on_placed(self, placed: Placed) -> None:
        if placed.problem is not None:
            self._leave_out(placed.epoch, translated(placed.problem))
            return
        self.plane.take(placed)
        self._ask_plane()

    @Slot(str)
    def _on_side(self, side: str) -> None:
        self.happened.emit(f"side-chosen:{side}")
        self._ask_plane()

    @Slot(object)
    def _on_hovered(self, number: int | None) -> None:
        if number is not None:
            self.happened.emit("plane-hovered")

    @Slot()
    def _on_slider(self) -> None:
        self._show_epoch()
        self.happened.emit("epoch-chosen")

    @Slot()
    def _on_play(self) -> None:
        if self._playing.isActive():
            self._stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._playing.start()
        self._show_playing()

    @Slot()
    def _on_play_tick(self) -> None:
        if self.slider.value() == self.slider.maximum():
            self._stop()
        else:
            self.slider.setValue(self.slider.value() + 1)

    @Slot()
    def _stop(self) -> None:
        self._playing.stop()
        self._show_playing()

    def _show_playing(self) -> None:
        is_playing = self._playing.isActive()
        self.play.setText(self.tr("Pause") if is_playing else self.tr("Play"))
        self.play.setToolTip(
            self.tr("Stay at this epoch (Space)")
            if is_playing
            else self.tr("Show the epochs one after the other (Space)")
        )

    def _show_empty(self, sentence: str, *, offers_training: bool) -> None:
        self._hint.setText(sentence)
        self.train.setVisible(offers_training)
        self._stack.setCurrentWidget(self._empty)
