"""The active model: loaded on a thread, asked on the window's own thread."""

from __future__ import annotations

import contextlib
import importlib
import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.completion import Completion
from digitpad.app.services.torch_import import (
    ImportStopped,
    load_torch_libraries,
    stoppable_imports,
    use_one_thread,
)
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.model_store import BUNDLED, ModelStore, load_active_model
from digitpad.recognition.recognition import undivided

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.learning.adaptation.symbol_sets import SymbolSets
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition

_MOST_GLYPHS = 12
"""Glyphs that are predicted in one update of the pad: more would be felt while drawing."""

_LATER_MODULES = ("PIL.ImageDraw", "digitpad.ink.photo.preprocessing", "digitpad.ink.photo.paper")
"""Modules that the first number or the first picture needs and that are slow to import."""


class Predictor(Protocol):
    """What the pad needs of a recognizer."""

    def predict(self, glyphs: NDArray[np.uint8]) -> list[Prediction]:
        """One prediction for each glyph, uint8 (n, 28, 28)."""


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The model that the pad uses, and what is known about it.

    Attributes:
        predictor: gives its predictions; None until the model is loaded.
        name: its name in the store.
        title: its name for people.
        classes: what it can predict.
        reject_below: its own threshold, in [0, 1]: a glyph is rejected if the two best classes have
            less probability together.
        can_reject: whether it has learned what is none of its classes.
        symbols: see `ModelInfo.symbols`.
        model: the model itself, from which others can be taught; None until it is loaded.
        lessons: from how many lessons it was taught; 0 if it is as its file has it.
        notice: why it was loaded in place of the chosen model; None if it is the chosen one.
    """

    predictor: Predictor | None = None
    name: str = BUNDLED
    title: str = ""
    classes: tuple[str, ...] = ()
    reject_below: float = 0.0
    can_reject: bool = True
    symbols: str = ""
    model: Model | None = None
    lessons: int = 0
    notice: DigitpadError | None = None

    @property
    def is_made_of_samples(self) -> bool:
        """See `ModelInfo.is_made_of_samples`; false until it is loaded."""
        return self.model is not None and self.model.info.is_made_of_samples


def load_active(store: ModelStore, name: str, sets: SymbolSets | None = None) -> ActiveModel:
    """Import torch, and load a model or else the bundled one.

    Args:
        store: of the models.
        name: of the model.
        sets: the user's sets of symbols, whose models are made anew where that is needed.

    Raises:
        DigitpadError: neither can be loaded, or the program's own files are missing.
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
    from digitpad.recognition.division.rating import load_weights

    load_weights()
    notice = None
    try:
        if sets is not None:
            sets.refresh(name)
    except DigitpadError as error:
        notice = error
    found = load_active_model(store, name)
    model = found.model if sets is None else sets.owned(found.model)
    return _ready(store, model, found.name, notice or found.notice)


def load_named(store: ModelStore, name: str, sets: SymbolSets | None = None) -> ActiveModel:
    """Load a model as `load_active` does; torch must be imported already.

    Raises:
        DigitpadError: it cannot be loaded, or made anew.
    """
    from digitpad.recognition.model_file import load_model

    if sets is not None:
        sets.refresh(name)
    model = load_model(store.get(name).path)
    return _ready(store, model if sets is None else sets.owned(model), name)


def _ready(
    store: ModelStore, model: Model, name: str, notice: DigitpadError | None = None
) -> ActiveModel:
    described = _described(store, name, model.info)
    return replace(described, predictor=predictor_of(model), model=model, notice=notice)


def predictor_of(model: Model) -> Predictor:
    """What asks a model, ready for its first glyph; torch must be imported already."""
    from digitpad.recognition.recognizer import Recognizer

    recognizer = Recognizer(model)
    # The first pass is slow, because it sets up what all later ones use.
    recognizer.predict(np.zeros((1, FIELD, FIELD), np.uint8))
    return recognizer


def _described(store: ModelStore, name: str, info: ModelInfo) -> ActiveModel:
    return ActiveModel(
        name=name,
        title=model_title(store, name, info),
        classes=info.classes,
        reject_below=info.calibration.reject_below,
        can_reject=info.can_reject,
        symbols=info.symbols,
        lessons=info.lessons,
    )


def model_title(store: ModelStore, name: str, info: ModelInfo) -> str:
    """A model's name in the window: for the user's own models the name that the user gave."""
    return info.name if store.ships(name) else name


class _Worker(QObject):
    """Runs on the service's thread; holds no widgets."""

    loaded = Signal(object)
    failed = Signal(str)
    used = Signal(object)
    refused = Signal(str)

    def __init__(self, load: Callable[[], ActiveModel], stop: threading.Event) -> None:
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
            for name in _LATER_MODULES:
                importlib.import_module(name)

    @Slot(object)
    def use(self, load: Callable[[], ActiveModel]) -> None:
        try:
            self.used.emit(load())
        except DigitpadError as error:
            self.refused.emit(translated(error))


class RecognitionService(QObject):
    """Owns the active model, the thread that loads models, and the one that reads full pages.

    Args:
        load: called on that thread; raises `DigitpadError` if no model can be loaded.
        prepare: called on the window's thread before it first uses a model.
        expected: describes the model that will be loaded, so that views can prepare themselves.
        find: called on that thread; loads a model by its name, or raises `DigitpadError`.

    Attributes:
        active: the model that is used, or will be; a new object for each model.
        chosen: the same as it is without lessons.
        reject_below: the user's threshold, in [0, 1], in place of the model's own; None for that.
        problem: a sentence that says why no model can be loaded; "" if one can.

    Signals:
        ready: the model can be used now.
        failed: no model can be loaded; a sentence.
        noticed: a sentence for the user.
        model_changed: another model is used from now on.
        model_chosen: after `model_changed`, if the user chose the model with this name.
        was_read: the complete `Recognition` that `read` was asked for.
    """

    ready = Signal()
    failed = Signal(str)
    noticed = Signal(str)
    model_changed = Signal()
    model_chosen = Signal(str)
    was_read = Signal(object)
    _wanted = Signal(object)

    def __init__(
        self,
        load: Callable[[], ActiveModel],
        prepare: Callable[[], None],
        expected: ActiveModel | None = None,
        find: Callable[[str], ActiveModel] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.active = self.chosen = expected or ActiveModel()
        self.reject_below: float | None = None
        self._memo = Memo()
        self._completion = Completion(prepare, self)
        self._completion.done.connect(self._on_read)
        self.problem = ""
        self._prepare = prepare
        self._find = find
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
        """Whether the model is loaded."""
        return self.active.predictor is not None

    @Slot()
    def start(self) -> None:
        """Begin to load the model. Later calls do nothing."""
        if not self._thread.isRunning() and not self._thread.isFinished():
            self._thread.start(QThread.Priority.LowPriority)

    def use(self, name: str) -> None:
        """Load another model, and use it then. If it cannot be loaded, the present one stays."""
        find = self._find
        if find is not None:
            self._wanted.emit(lambda: find(name))

    def shutdown(self) -> None:
        """Stop loading, and wait until the thread has ended."""
        self._stop.set()
        self._completion.shutdown()
        self._thread.quit()
        self._thread.wait()

    def recognize(self, recognition: Recognition, *, is_open: bool = False) -> Recognition:
        """The recognition with a prediction for each part; as it is before the model is loaded.

        At most twelve glyphs are predicted, and the others when it is asked again. An open one's
        last stroke is still being drawn.
        """
        predictor = self.active.predictor
        if predictor is None:
            return undivided(recognition)
        (recognized,) = recognize(
            [recognition],
            predictor.predict,
            self.active.reject_below,
            self._memo,
            most=_MOST_GLYPHS,
            is_open=is_open,
        )
        return self._judged(recognized)

    @Slot(object, bool)
    def read(self, recognition: Recognition, as_one: bool = False) -> None:
        """Complete a recognition on another thread, in place of one that is being completed.

        A picture that is not preprocessed is, perhaps `as_one` symbol.

        `was_read` follows, unless another one or another model is wanted meanwhile.
        """
        predictor = self.active.predictor
        if predictor is not None:
            self._completion.start(
                recognition,
                predictor.predict,
                self.active.reject_below,
                self._memo,
                as_one=as_one,
            )

    @Slot(object, object)
    def _on_read(self, recognition: Recognition, memo: Memo) -> None:
        self._memo.update(memo)
        self.was_read.emit(self._judged(recognition))

    def _judged(self, recognized: Recognition) -> Recognition:
        """By the user's threshold, if there is one."""
        threshold = self.reject_below
        if threshold is None:
            return recognized
        return recognized.with_predictions(
            prediction.rejected_below(threshold) for prediction in recognized.predictions
        )

    @Slot(object)
    def _on_loaded(self, loaded: ActiveModel) -> None:
        if self._stop.is_set():
            return
        self._prepare()
        self._activate(loaded)
        if loaded.notice is not None:
            self.noticed.emit(translated(loaded.notice))
        self.ready.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.problem = sentence
        self.failed.emit(sentence)

    @Slot(object)
    def _on_used(self, loaded: ActiveModel) -> None:
        if not self._stop.is_set():
            self._activate(loaded)
            self.model_chosen.emit(loaded.name)

    def adapt(self, chosen: ActiveModel, adapted: ActiveModel | None) -> None:
        """Use what was taught to the chosen model in its place, or with None the model itself.

        Nothing happens where another model has been chosen meanwhile.
        """
        wanted = adapted or chosen
        if chosen is self.chosen and wanted is not self.active:
            self._use(wanted)

    def _activate(self, loaded: ActiveModel) -> None:
        self.chosen = loaded
        self._use(loaded)

    def _use(self, model: ActiveModel) -> None:
        self.active = model
        self._completion.cancel()
        self._memo = Memo(has_own_symbols=bool(model.symbols))
        self.model_changed.emit()


def recognition_service(
    store: ModelStore, name: str, sets: SymbolSets | None = None, parent: QObject | None = None
) -> RecognitionService:
    """Make the service for the store's model with this name; see `load_active`."""
    expected = None
    # A problem with the model is reported when it is loaded; this is only a preparation.
    for wanted in dict.fromkeys((name, BUNDLED)):
        with contextlib.suppress(DigitpadError):
            expected = _described(store, wanted, store.get(wanted).info)
            break
    return RecognitionService(
        lambda: load_active(store, name, sets),
        use_one_thread,
        expected,
        lambda wanted: load_named(store, wanted, sets),
        parent,
    )
