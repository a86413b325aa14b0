"""The active model: loaded behind the window, asked on the window's own thread."""

from __future__ import annotations

import contextlib
import importlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot

from digitpad.app.services.torch_import import (
    ImportStopped,
    load_torch_libraries,
    stoppable_imports,
)
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.models import BUNDLED, ModelStore, load_active_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.recognition.prediction import Prediction

_PICTURE_MODULES = ("PIL.Image", "digitpad.ink.picture_trace", "digitpad.ink.paper")
"""Needed by the first picture that is opened, and slow to import."""


class Predictor(Protocol):
    """What the pad needs of a recognizer."""

    def predict(self, glyphs: NDArray[np.uint8]) -> list[Prediction]:
        """One prediction for each glyph, uint8 (n, 28, 28)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A predictor that is ready, and what is to be said about it.

    Attributes:
        predictor: reads glyphs.
        notice: a sentence for the user where another model was wanted, else None.
    """

    predictor: Predictor
    notice: str | None = None


def load_recognizer(store: ModelStore, name: str | None) -> Loaded:
    """Import torch and load the active model, or the bundled one in its place.

    Raises:
        DigitpadError: neither can be loaded, or torch cannot.
    """
    try:
        load_torch_libraries()
        recognizer = importlib.import_module("digitpad.recognition.recognizer")
    except (ImportError, OSError) as error:
        raise DigitpadError(
            f"Digitpad cannot read digits, because PyTorch could not be loaded ({error}): please"
            " install Digitpad again."
        ) from error
    loaded = load_active_model(store, name)
    predictor: Predictor = recognizer.Recognizer(loaded.model)
    # The first pass sets up what all later ones use.
    predictor.predict(np.zeros((1, FIELD, FIELD), np.uint8))
    return Loaded(predictor, loaded.notice)


def use_one_thread() -> None:
    """Let torch compute on the calling thread alone: a glyph needs no more, a training needs them.

    Torch keeps this number for each thread by itself.
    """
    import torch

    torch.set_num_threads(1)


class _Worker(QObject):
    """Runs on the service's thread; holds no widgets."""

    loaded = Signal(object)
    failed = Signal(str)

    def __init__(self, load: Callable[[], Loaded], stop: threading.Event) -> None:
        super().__init__()
        self._load = load
        self._stop = stop

    @Slot()
    def run(self) -> None:
        with stoppable_imports(self._stop.is_set), contextlib.suppress(ImportStopped):
            try:
                loaded = self._load()
            except DigitpadError as error:
                self.failed.emit(str(error))
                return
            self.loaded.emit(loaded)
            for name in _PICTURE_MODULES:
                importlib.import_module(name)


class RecognitionService(QObject):
    """Owns the thread that loads the model, and the model.

    Args:
        load: called on that thread; raises `DigitpadError` where no model can be had.
        prepare: called on the window's thread before it first asks the model.
        classes: of the model that is expected, for a view to prepare itself.
        parent: as usual.

    Signals:
        ready: the model can be asked now.
        failed: no model can be had; a sentence.
        noticed: a sentence for the user.
    """

    ready = Signal()
    failed = Signal(str)
    noticed = Signal(str)

    def __init__(
        self,
        load: Callable[[], Loaded],
        prepare: Callable[[], None],
        classes: tuple[str, ...] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.expected_classes = classes
        self._prepare = prepare
        self._predictor: Predictor | None = None
        self._stop = threading.Event()
        self._thread = QThread(self)
        self._thread.setObjectName("model loading")
        self._worker = _Worker(load, self._stop)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._worker.loaded.connect(self._on_loaded)
        self._worker.failed.connect(self.failed)

    @property
    def is_ready(self) -> bool:
        """Whether the model can be asked."""
        return self._predictor is not None

    @Slot()
    def start(self) -> None:
        """Begin to load; only the first call does something."""
        if not self._thread.isRunning() and not self._thread.isFinished():
            self._thread.start(QThread.Priority.LowPriority)

    def shutdown(self) -> None:
        """Stop loading, and wait until the thread has ended."""
        self._stop.set()
        self._thread.quit()
        self._thread.wait()

    def predict(self, glyph: NDArray[np.uint8]) -> Prediction | None:
        """What the model says of a glyph, uint8 (28, 28); None before it is ready."""
        if self._predictor is None:
            return None
        return self._predictor.predict(glyph[None])[0]

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        if self._stop.is_set():
            return
        self._prepare()
        self._predictor = loaded.predictor
        if loaded.notice is not None:
            self.noticed.emit(loaded.notice)
        self.ready.emit()


def recognition_service(
    store: ModelStore, name: str | None, parent: QObject | None = None
) -> RecognitionService:
    """The service that reads with the user's active model.

    Args:
        store: where models are found.
        name: of the active model; None is the bundled one.
        parent: as usual.
    """
    classes: tuple[str, ...] = ()
    # What is wrong with a model is said when it is loaded; this is only a preparation.
    for expected in dict.fromkeys((name or BUNDLED, BUNDLED)):
        with contextlib.suppress(DigitpadError):
            classes = classes or store.get(expected).info.classes
    return RecognitionService(lambda: load_recognizer(store, name), use_one_thread, classes, parent)
