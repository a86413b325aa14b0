"""The models on disk: those that Digitpad ships, and the user's own in the profile's folder.

Importing this module does not import torch, so that a list of models is there at once; the
functions that check weights (`ModelStore.import_file`, `load_active_model`) do.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir
from digitpad.recognition.model_info import SUFFIX, ModelInfo, read_model_bytes, read_model_info
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from digitpad.recognition.model_file import Model

BUNDLED = "bundled"
"""The name of the model that is active unless the user chooses another one. It has this name
everywhere but in the settings, where it is the one that was never chosen."""

_FORBIDDEN = frozenset('/\\:*?"<>|')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))}
)
_MAX_NAME = 100
_MAX_FILE_NAME_BYTES = 255
"""What the usual file systems take; some letters are four bytes long."""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model that the store knows.

    Attributes:
        name: unique in the store: the name of its file.
        path: its file.
        info: its description; the weights are not checked until it is loaded.
        is_bundled: whether Digitpad ships it.
    """

    name: str
    path: Path
    info: ModelInfo
    is_bundled: bool


class Listing(NamedTuple):
    """The models of a store, and what is wrong with each of the other files.

    First come those that Digitpad ships, the bundled one before all, then the user's own by name.
    """

    models: tuple[StoredModel, ...]
    problems: tuple[DigitpadError, ...]


class ModelStore:
    """The models that Digitpad ships and a folder of the user's own.

    What is shipped is read and copied, never written; none of the user's models may have the name
    of one.

    Attributes:
        folder: holds one file for each of the user's own models; it need not exist.
        bundled_path: the file of the bundled model. The other models beside it are shipped too;
            their names are in lower case.
    """

    def __init__(self, folder: Path, bundled: Path) -> None:
        self.folder = folder
        self.bundled_path = bundled

    def ships(self, name: str) -> bool:
        """Whether Digitpad itself ships a model of this name."""
        return name in self._shipped()

    def list(self) -> tuple[StoredModel, ...]:
        """The models of `scan`; raises as that does."""
        return self.scan().models

    def find(self, name_or_path: str) -> Path:
        """The file of a model of this name, or this file; a `DigitpadError` without either."""
        path = self._find(name_or_path) or Path(name_or_path)
        if not path.is_file():
            raise DigitpadError(
                "There is neither a model nor a file called {name!r}: the models are {known}.",
                name=name_or_path,
                known=self._known(),
            )
        return path

    def get(self, name: str) -> StoredModel:
        """A model by its name; a `DigitpadError` where there is none or its file is damaged."""
        path = self._find(name)
        if path is None:
            raise DigitpadError(
                "There is no model called {name!r}: the models are {known}.",
                name=name,
                known=self._known(),
            )
        return StoredModel(name, path, read_model_info(path), self.ships(name))

    def import_file(
        self, path: Path, name: str | None = None, *, replace: bool = False
    ) -> StoredModel:
        """Copy a model file into the store after loading it strictly.

        Without a name it is called as its file is; `replace` lets it replace a model.

        Raises:
            DigitpadError: the file is no whole model, the name cannot be used or is taken, or the
                folder cannot be written.
        """
        from digitpad.recognition.model_file import load_model

        model = load_model(path)
        target = self._target(_name_of(path) if name is None else name, replace=replace)
        write_atomically(target, read_model_bytes(path))
        return StoredModel(_name_of(target), target, model.info, False)

    def add(self, model: Model, name: str, *, replace: bool = False) -> StoredModel:
        """Write a model into the store under a name; `replace` as for `import_file`.

        Raises:
            DigitpadError: the name cannot be used or is taken, or the folder cannot be written.
        """
        from digitpad.recognition.model_file import save_model

        target = self._target(name, replace=replace)
        save_model(model, target)
        return StoredModel(_name_of(target), target, model.info, False)

    def check_new_name(self, name: str) -> None:
        """Raise a DigitpadError where no model can be called so, or there is one already."""
        self._target(name, replace=False)

    def export(self, name: str, target: Path, *, replace: bool = False) -> Path:
        """Copy a model of the store to a file, or into a folder; returns the file.

        Raises:
            DigitpadError: there is no such model, the file exists and may not be replaced, or it
                cannot be written.
        """
        model = self.get(name)
        file = target / f"{model.name}{SUFFIX}" if target.is_dir() else target
        if file.exists() and not replace:
            raise DigitpadError(
                "{path} exists already: choose another file, or replace it with --force.",
                path=file,
            )
        content = read_model_bytes(model.path)
        with os_errors("The folder {path} cannot be made: {reason}.", path=file.parent):
            # As public as any other, which the folders that are made for the user alone are not.
            file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, content)
        return file

    def scan(self) -> Listing:
        """All models, and what is wrong with the files that are none.

        Raises:
            DigitpadError: the folder cannot be read, or the bundled model is damaged.
        """
        shipped = self._shipped()
        found: list[StoredModel] = []
        problems: list[DigitpadError] = []
        own = [(_name_of(path), path) for path in self._files()]
        for name, path in (*shipped.items(), *own):
            is_shipped = shipped.get(name) == path
            try:
                if name in shipped and not is_shipped:
                    raise DigitpadError(
                        "Digitpad ships a model called {name!r}: give your own, {path}, another"
                        " name.",
                        name=name,
                        path=path,
                    )
                found.append(StoredModel(name, path, read_model_info(path), is_shipped))
            except DigitpadError as error:
                # Without the bundled model the installation is damaged.
                if path == self.bundled_path:
                    raise
                problems.append(error)
        return Listing(tuple(found), tuple(problems))

    def _shipped(self) -> dict[str, Path]:
        """The files that Digitpad ships, by name, the bundled model's first."""
        beside = sorted(self.bundled_path.parent.glob(f"*{SUFFIX}"))
        return {BUNDLED: self.bundled_path} | {
            _name_of(path): path for path in beside if path != self.bundled_path
        }

    def _find(self, name: str) -> Path | None:
        """The file of a model of this name."""
        path = self._shipped().get(name)
        if path is None and is_model_name(name):
            own = self._path_of(name)
            path = own if own.is_file() else None
        return path

    def _target(self, name: str, *, replace: bool) -> Path:
        """The file of a model that is to be called so."""
        if not is_model_name(name) or self.ships(name.casefold()):
            raise DigitpadError(
                "A model cannot be called {name!r}: give it another name of up to {limit}"
                " letters, digits, spaces, dots, hyphens and underscores.",
                name=name,
                limit=_MAX_NAME,
            )
        target = self._path_of(name)
        # Names that differ in case alone would be one file on some systems.
        taken = {file.name.casefold(): file for file in self._files()}.get(target.name.casefold())
        if taken is not None and not replace:
            raise DigitpadError(
                "There is a model called {name!r} already: choose another name, or allow it to be"
                " replaced.",
                name=_name_of(taken),
            )
        return taken or target

    def _files(self) -> tuple[Path, ...]:
        """The user's own, by name."""
        try:
            files = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise DigitpadError(
                "The folder of models {folder} cannot be read: {reason}.",
                folder=self.folder,
                reason=error.strerror or error,
            ) from error
        return tuple(
            file for file in files if file.name.endswith(SUFFIX) and is_model_name(_name_of(file))
        )

    def _path_of(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _known(self) -> str:
        """The names of all models, for a sentence."""
        return ", ".join(dict.fromkeys([*self._shipped(), *map(_name_of, self._files())]))


def _name_of(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def bundled_model_path() -> Path:
    """The file of the bundled model; raises a `DigitpadError` where the installation is damaged."""
    return resources_dir() / "models" / f"{BUNDLED}{SUFFIX}"


def is_model_name(name: str) -> bool:
    """Whether a model can be called so on every system where Digitpad runs."""
    return (
        0 < len(name) <= _MAX_NAME
        and name.isprintable()
        and len(f"{name}{SUFFIX}".encode()) <= _MAX_FILE_NAME_BYTES
        and not _FORBIDDEN & set(name)
        and not name.startswith((".", "-", " "))
        and not name.endswith((".", " "))
        and name.split(".", maxsplit=1)[0].casefold() not in _DEVICES
    )


class LoadedModel(NamedTuple):
    """A model, its name in the store, and what to say where another one was wanted."""

    model: Model
    name: str
    notice: DigitpadError | None


def load_active_model(store: ModelStore, name: str) -> LoadedModel:
    """Load the model of this name, or the bundled one; a `DigitpadError` where none is whole."""
    from digitpad.recognition.model_file import load_model

    notice = None
    if name != BUNDLED:
        try:
            return LoadedModel(load_model(store.get(name).path), name, None)
        except DigitpadError as error:
            notice = DigitpadError(
                "The bundled model is used instead of {name!r}. {reason}", name=name, reason=error
            )
            logging.getLogger(__name__).warning("%s", notice)
    return LoadedModel(load_model(store.bundled_path), BUNDLED, notice)
