"""The active model: loaded behind the window, asked on the window's own thread."""

from __future__ import annotations

import contextlib
import importlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.torch_import import (
    ImportStopped,
    load_torch_libraries,
    stoppable_imports,
)
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.model_store import BUNDLED, ModelStore, load_active_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.prediction import Prediction

_PICTURE_MODULES = ("PIL.Image", "digitpad.ink.photo.preprocessing", "digitpad.ink.photo.paper")
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
        name: of the model, as the store knows it; None is the bundled one.
        title: of the model, for people.
        classes: of the model.
        refuse_below: the model advises to refuse where the two best classes have less together,
            in [0, 1].
    """

    predictor: Predictor
    notice: str | None = None
    name: str | None = None
    title: str = ""
    classes: tuple[str, ...] = ()
    refuse_below: float = 0.0


def load_recognizer(store: ModelStore, name: str | None) -> Loaded:
    """Import torch and load the active model, or the bundled one in its place.

    Raises:
        DigitpadError: neither can be loaded, or torch cannot.
    """
    try:
        load_torch_libraries()
        importlib.import_module("digitpad.recognition.recognizer")
    except (ImportError, OSError) as error:
        logging.getLogger(__name__).exception("PyTorch could not be loaded")
        raise DigitpadError(
            "Digitpad cannot read digits, because PyTorch could not be loaded ({error}): please"
            " install Digitpad again.",
            error=error,
        ) from error
    found = load_active_model(store, name or BUNDLED)
    notice = None if found.notice is None else translated(found.notice)
    return _loaded(store, found.model, found.name, notice)


def find_recognizer(store: ModelStore, name: str | None) -> Loaded:
    """Load one model and no other in its place; torch is imported already.

    Raises:
        DigitpadError: there is no such model, or it is damaged.
    """
    from digitpad.recognition.model_file import load_model

    chosen = name or BUNDLED
    return _loaded(store, load_model(store.get(chosen).path), chosen)


def _loaded(store: ModelStore, model: Model, name: str, notice: str | None = None) -> Loaded:
    from digitpad.recognition.recognizer import Recognizer

    predictor: Predictor = Recognizer(model)
    # The first pass sets up what all later ones use.
    predictor.predict(np.zeros((1, FIELD, FIELD), np.uint8))
    return Loaded(
        predictor,
        notice,
        None if name == BUNDLED else name,
        model_title(store, name, model.info),
        model.info.classes,
        model.info.calibration.reject_below,
    )


def model_title(store: ModelStore, name: str, info: ModelInfo) -> str:
    """What a model is called in the window: the user's own as the user calls them."""
    return info.name if store.ships(name) else name


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
    used = Signal(object)
    refused = Signal(str)

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
                self.failed.emit(translated(error))
                return
            self.loaded.emit(loaded)
            for name in _PICTURE_MODULES:
                importlib.import_module(name)

    @Slot(object)
    def use(self, load: Callable[[], Loaded]) -> None:
        try:
            self.used.emit(load())
        except DigitpadError as error:
            self.refused.emit(translated(error))


class RecognitionService(QObject):
    """Owns the thread that loads models, and the model that is asked.

    Args:
        load: called on that thread; raises `DigitpadError` where no model can be had.
        prepare: called on the window's thread before it first asks the model.
        classes: of the model that is expected, for a view to prepare itself.
        title: of the model that is expected.
        find: called on that thread; loads a model by its name, None the bundled one, or raises
            `DigitpadError`.
        parent: as usual.
        advised: the threshold that the model which is expected advises.

    Attributes:
        refuse_below: answers are refused where the two best classes have less together, in [0, 1];
            None leaves it to the model.

    Signals:
        ready: the model can be asked now.
        failed: no model can be had; a sentence.
        noticed: a sentence for the user.
        model_changed: another model answers from now on.
        model_chosen: after `model_changed`, where the user asked for it; its name or None.
    """

    ready = Signal()
    failed = Signal(str)
    noticed = Signal(str)
    model_changed = Signal()
    model_chosen = Signal(object)
    _wanted = Signal(object)

    def __init__(
        self,
        load: Callable[[], Loaded],
        prepare: Callable[[], None],
        classes: tuple[str, ...] = (),
        title: str = "",
        find: Callable[[str | None], Loaded] | None = None,
        parent: QObject | None = None,
        advised: float = 0.0,
    ) -> None:
        super().__init__(parent)
        self.expected_classes = classes
        self.refuse_below: float | None = None
        self._advised = advised
        self._title = title
        self._name: str | None = None
        self._prepare = prepare
        self._find = find
        self._predictor: Predictor | None = None
        self._problem = ""
        self._stop = threading.Event()
        self._thread = QThread(self)
        self._thread.setObjectName("model loading")
        self._worker = _Worker(load, self._stop)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._worker.loaded.connect(self._on_loaded)
        self._worker.failed.connect(self._on_failed)
        self._worker.used.connect(self._on_used)
        self._worker.refused.connect(self.noticed)
        self._wanted.connect(self._worker.use)

    @property
    def is_ready(self) -> bool:
        """Whether the model can be asked."""
        return self._predictor is not None

    @property
    def problem(self) -> str:
        """Why no model can be had; empty as long as one can."""
        return self._problem

    @property
    def active_name(self) -> str | None:
        """Name of the model that is asked; None is the bundled one."""
        return self._name

    @property
    def model_title(self) -> str:
        """What the model that is asked is called."""
        return self._title

    @property
    def advised_refusal(self) -> float:
        """Threshold in [0, 1] that the model which is asked advises (see `Loaded`)."""
        return self._advised

    @Slot()
    def start(self) -> None:
        """Begin to load; only the first call does something."""
        if not self._thread.isRunning() and not self._thread.isFinished():
            self._thread.start(QThread.Priority.LowPriority)

    def use(self, name: str | None) -> None:
        """Ask another model from soon on; where it cannot be loaded, the present one stays.

        Args:
            name: as the store knows it; None is the bundled one.
        """
        find = self._find
        if find is not None:
            self._wanted.emit(lambda: find(name))

    @Slot()
    def use_bundled(self) -> None:
        """Go back to the model that Digitpad ships."""
        self.use(None)

    def shutdown(self) -> None:
        """Stop loading, and wait until the thread has ended."""
        self._stop.set()
        self._thread.quit()
        self._thread.wait()

    def predict(self, glyph: NDArray[np.uint8]) -> Prediction | None:
        """What the model says of a glyph, uint8 (28, 28); None before it is ready."""
        if self._predictor is None:
            return None
        prediction = self._predictor.predict(glyph[None])[0]
        if self.refuse_below is None:
            return prediction
        return prediction.refused_below(self.refuse_below)

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        if self._stop.is_set():
            return
        self._prepare()
        self._take(loaded)
        if loaded.notice is not None:
            self.noticed.emit(loaded.notice)
        self.ready.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._problem = sentence
        self.failed.emit(sentence)

    @Slot(object)
    def _on_used(self, loaded: Loaded) -> None:
        if not self._stop.is_set():
            self._take(loaded)
            self.model_chosen.emit(loaded.name)

    def _take(self, loaded: Loaded) -> None:
        self._predictor = loaded.predictor
        self._name = loaded.name
        self._title = loaded.title or self._title
        self._advised = loaded.refuse_below
        self.expected_classes = loaded.classes or self.expected_classes
        self.model_changed.emit()


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
    title = ""
    advised: float | None = None
    # What is wrong with a model is said when it is loaded; this is only a preparation.
    for expected in dict.fromkeys((name or BUNDLED, BUNDLED)):
        with contextlib.suppress(DigitpadError):
            info = store.get(expected).info
            classes = classes or info.classes
            advised = info.calibration.reject_below if advised is None else advised
            title = title or model_title(store, expected, info)
    return RecognitionService(
        lambda: load_recognizer(store, name),
        use_one_thread,
        classes,
        title,
        lambda wanted: find_recognizer(store, wanted),
        parent,
        advised or 0.0,
    )
