"""Adapted models on disk, so that they need not be made again. Importing this imports no torch."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import digitpad
from digitpad.errors import DigitpadError
from digitpad.recognition.model_info import SUFFIX, read_model_info

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from digitpad.recognition.model_file import Model
    from digitpad.samples.sample import Sample

_MARK = "taught_from"
"""In the origin of an adapted model: what it was made of."""

_METHOD = 2
"""Another number makes all of them anew: they were taught in another way."""

_LOGGER = logging.getLogger(__name__)


class KeptModels:
    """A folder with adapted models, by the names of the models that they come from.

    What cannot be read or written is said in the log: it can be made again.

    Args:
        folder: it is made with the first model.

    Attributes:
        folder: as given.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digest: tuple[Model, str] | None = None

    def load(self, name: str, parent: Model, samples: Iterable[Sample]) -> Model | None:
        """The adapted model, if one is kept that was made of just these."""
        from digitpad.recognition.model_file import load_model

        path = self._path(name)
        try:
            if path.exists():
                mark = read_model_info(path).origin.get(_MARK)
                if mark == self._mark(parent, samples):
                    return load_model(path)
        except DigitpadError as error:
            _LOGGER.warning("The adapted model is made again: %s", error)
        return None

    def keep(self, name: str, parent: Model, samples: Iterable[Sample], adapted: Model) -> None:
        """Keep what these samples have made of a model."""
        try:
            mark = self._mark(parent, samples)
            if adapted.info.origin.get(_MARK) == mark:
                return
            from digitpad.recognition.model_file import save_model
            from digitpad.storage.folders import make_private

            make_private(self.folder)
            origin = {**adapted.info.origin, _MARK: mark}
            save_model(
                replace(adapted, info=replace(adapted.info, origin=origin)), self._path(name)
            )
        except (DigitpadError, OSError) as error:
            _LOGGER.warning("The adapted model was not kept: %s", error)

    def remove(self, name: str) -> None:
        """Remove what is kept of a model."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            _LOGGER.warning("The adapted model was not removed: %s", error)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _mark(self, parent: Model, samples: Iterable[Sample]) -> str:
        """Names the model, what may be lessons for it, and who teaches how."""
        sha = hashlib.sha256(f"{digitpad.__version__} {_METHOD}".encode())
        sha.update(self._digest_of(parent).encode())
        for sample in samples:
            lesson = (sample.id, sample.label, sample.is_flagged, sample.symbols)
            sha.update(repr(lesson).encode() + sample.glyph.tobytes())
        return sha.hexdigest()

    def _digest_of(self, model: Model) -> str:
        if self._digest is None or self._digest[0] is not model:
            sha = hashlib.sha256(model.info.to_json().encode())
            for name, tensor in model.network.state_dict().items():
                sha.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
            self._digest = model, sha.hexdigest()
        return self._digest[1]
