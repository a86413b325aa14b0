"""The user's own sets of symbols: their classes, and the models that read them. Without torch.

A set has a name and classes, which are in the store of samples, as its drawings are. Its model is a
file like any other, of the same name. Whatever happens to that file, it can be made anew.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digitpad.data.sample_files.exporting import export_samples
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.symbol_mark import MARK, mark_of
from digitpad.recognition.model_info import SUFFIX, checked_class, read_model_info
from digitpad.recognition.model_store import is_model_name
from digitpad.storage.aside import put_aside
from digitpad.storage.folders import make_private
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.model_store import ModelStore
    from digitpad.samples.sample import Sample
    from digitpad.samples.store import SampleStore

MOST_CLASSES = 500
"""More classes than this cannot be told apart by a few drawings of each."""

DRAWINGS_SUFFIX = ".ndjson"
"""Of the file with the drawings of a set that a network is trained on."""

_LEAST_TO_TRAIN = 2
"""Drawings of a symbol: one is learned from, and one is for validation."""

_OF_SETS = frozenset({"symbols", "parent", MARK})
"""In the origin of a model, what makes it that of a set."""

_SEPARATORS = str.maketrans(",;，、；", "     ")


def classes_in(text: str) -> list[str]:
    """The names of classes in a text that was typed or pasted.

    They are separated by spaces, commas or lines. One mark alone is a name itself.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) == 1:
        return [text]
    return text.translate(_SEPARATORS).split()


def why_not_added(name: str, classes: Iterable[str]) -> DigitpadError | None:
    """Why a class cannot be added to others; None if it can."""
    try:
        checked_class(name)
    except ValueError:
        return DigitpadError(
            "A symbol cannot be called {name!a}: give it a short name without signs that cannot be"
            " shown.",
            name=name,
        )
    if name in classes:
        return DigitpadError("{name} is among the symbols already.", name=name)
    return None


class SymbolSets:
    """The sets of symbols in a store of samples, and their models in a store of models.

    Its methods raise a `DigitpadError` if a store cannot be read or written. They can be called
    from any thread.

    Args:
        samples: the store, or its file, which is not opened before there is something to do.
        models: the store of models.
    """

    def __init__(self, samples: SampleStore | Path, models: ModelStore) -> None:
        self._given, self._models = samples, models
        self._opened: SampleStore | None = None

    @property
    def _samples(self) -> SampleStore:
        if not isinstance(self._given, Path):
            return self._given
        if self._opened is None:
            from digitpad.samples.store import SampleStore

            self._opened = SampleStore(self._given)
        return self._opened

    @property
    def _path_of_samples(self) -> Path:
        return self._given if isinstance(self._given, Path) else self._given.path

    def sets(self) -> Mapping[str, tuple[str, ...]]:
        """The classes of each set by its name, the oldest set first."""
        # Nobody who has never taught anything gets a file of samples by being asked.
        return self._samples.symbol_sets() if self._path_of_samples.exists() else {}

    def counts(self, name: str) -> dict[str, int]:
        """How many drawings each class of a set has."""
        found = self._samples.counts(symbols=name)
        return {label: found.get(label, 0) for label in self.sets().get(name, ())}

    def check_name(self, name: str) -> None:
        """Raise a `DigitpadError` if no new set can be called so: its model is called so, too."""
        taken = {one.casefold(): one for one in self.sets()}.get(name.casefold())
        if taken is not None:
            raise DigitpadError(
                "There is a set of symbols called {name!r} already: choose another name.",
                name=taken,
            )
        self._models.check_new_name(name)

    def make(self, name: str, classes: tuple[str, ...]) -> None:
        """Make a set; its model is made by `refresh`.

        Raises:
            DigitpadError: it cannot be called so, or these cannot be its classes.
        """
        check_classes(classes)
        self.check_name(name)
        self._samples.set_symbols(name, classes)

    def change(self, name: str, classes: tuple[str, ...], *, new_name: str = "") -> None:
        """Give a set other classes, and perhaps another name; its drawings stay its own.

        Drawings of a class that it has no longer are kept, and teach nothing until it has that
        class again.

        Raises:
            DigitpadError: there is no set to rename, it cannot be called so, or these cannot be its
                classes.
        """
        check_classes(classes)
        if new_name in {"", name}:
            self._samples.set_symbols(name, classes)
            return
        if new_name.casefold() != name.casefold():
            self.check_name(new_name)
        self._samples.rename_symbols(name, new_name, classes)
        self._remove_model(name)

    def delete(self, name: str, *, with_samples: bool) -> tuple[Sample, ...]:
        """Delete a set and its model, and perhaps its drawings, which are returned.

        A model that was trained on its drawings stays.
        """
        deleted = self._samples.delete_symbols(name, with_samples=with_samples)
        self._remove_model(name)
        return deleted

    def is_fresh(self, name: str) -> bool:
        """Whether the model of a set is there, and made of the drawings that there are now."""
        path = self._path(name)
        if not path.exists():
            return False
        try:
            info = read_model_info(path)
        except DigitpadError:
            return False
        if info.symbols != name:
            raise DigitpadError(
                "The set of symbols {name!r} cannot be read, because another model has its name:"
                " give the set, or the file {path}, another name.",
                name=name,
                path=path,
            )
        if not info.is_made_of_samples:
            # It was trained, and then given this name by hand.
            return True
        return info.classes == self.sets().get(name) and info.origin.get(MARK) == mark_of(
            self._lessons(name, info.classes)
        )

    def refresh(self, name: str) -> None:
        """Make the model of a set anew, if it is not fresh; nothing for what is no set.

        Raises:
            DigitpadError: another model has the name of the set, or it cannot be written.
        """
        classes = self.sets().get(name)
        if classes is None or self.is_fresh(name):
            return
        from digitpad.learning.adaptation.symbols import symbol_model
        from digitpad.recognition.model_file import load_model

        parent = load_model(self._models.bundled_path)
        model = symbol_model(parent, name, classes, self._lessons(name, classes))
        path = self._path(name)
        with os_errors("The damaged model {path} cannot be renamed: {reason}.", path=path):
            if path.exists() and _info(path) is None:
                put_aside(path)
        self._models.add(model, name, replace=True)

    def write_drawings(self, name: str, folder: Path) -> Path:
        """Write the drawings of a set as a file that a network can be trained on.

        Classes with a single drawing are left out: a training needs two of each.

        Raises:
            DigitpadError: these are too few, or the file cannot be written.
        """
        lessons = self._lessons(name, self.sets().get(name, ()))
        counts = Counter(one.label for one in lessons if one.drawing.strokes)
        enough = [one for one in lessons if counts[one.label] >= _LEAST_TO_TRAIN]
        if len({one.label for one in enough}) < 2:
            raise DigitpadError(
                "A network needs drawings of at least two symbols to be trained, and {least} of"
                " each: draw more of {name!r} first.",
                least=_LEAST_TO_TRAIN,
                name=name,
            )
        make_private(folder)
        return export_samples(enough, self._drawings(name, folder), "ndjson", replace=True).path

    def forget_drawings(self, name: str, folder: Path) -> None:
        """Delete what `write_drawings` has written, if it is there."""
        path = self._drawings(name, folder)
        with os_errors("The drawings in {path} cannot be deleted: {reason}.", path=path):
            path.unlink(missing_ok=True)

    def _drawings(self, name: str, folder: Path) -> Path:
        # The name is checked there.
        return folder / f"{self._path(name).name.removesuffix(SUFFIX)}{DRAWINGS_SUFFIX}"

    def owned(self, model: Model) -> Model:
        """A model as it is, or that of somebody else's set of symbols as one that was trained.

        Nothing is known here of what it was made of, so that it cannot be made anew. It is taught
        like any other.
        """
        info = model.info
        if not info.is_made_of_samples:
            return model
        with suppress(DigitpadError):
            if info.symbols not in self.sets():
                origin = {name: said for name, said in info.origin.items() if name not in _OF_SETS}
                return replace(model, info=replace(info, origin=origin))
        return model

    def delete_everything(self) -> int:
        """Delete all samples and all sets for good, and the models of the sets.

        Returns:
            The number of samples.
        """
        for name in self.sets():
            with suppress(DigitpadError):
                self._remove_model(name)
        return self._samples.delete_everything()

    def _lessons(self, name: str, classes: tuple[str, ...]) -> list[Sample]:
        known = set(classes)
        return [one for one in self._samples.list(symbols=name) if one.label in known]

    def _remove_model(self, name: str) -> None:
        path = self._path(name)
        info = _info(path)
        if info is not None and info.symbols == name and info.is_made_of_samples:
            with os_errors("The model file {path} cannot be deleted: {reason}.", path=path):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        # A name may come from a file of samples that a stranger has made.
        if not is_model_name(name):
            raise DigitpadError(
                "The set of symbols {name!r} cannot be read, because no file can be called so: give"
                " it another name.",
                name=name,
            )
        return self._models.folder / f"{name}{SUFFIX}"


def check_classes(classes: tuple[str, ...]) -> None:
    """Raise a `DigitpadError` if these cannot be the classes of a set."""
    known: set[str] = set()
    for name in classes:
        if (reason := why_not_added(name, known)) is not None:
            raise reason
        known.add(name)
    if len(classes) < 2:
        raise DigitpadError("A set needs at least two symbols: name another one.")
    if len(classes) > MOST_CLASSES:
        raise DigitpadError(
            "These are {count} symbols, and a set has at most {limit}: leave some out.",
            count=len(classes),
            limit=MOST_CLASSES,
        )


def _info(path: Path) -> ModelInfo | None:
    """The description of a model file; None if there is none, or it is damaged."""
    try:
        return read_model_info(path)
    except DigitpadError:
        return None
