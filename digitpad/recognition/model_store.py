"""The models on disk: those that Digitpad ships, and the user's own in the profile's folder.

Importing this module does not import torch, so that a list of models is there at once; the
functions that check weights (`ModelStore.import_file`, `load_active_model`) do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir
from digitpad.recognition.model_info import SUFFIX, ModelInfo, read_model_info
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from digitpad.recognition.model_file import Model

BUNDLED = "bundled"
"""The name of the model that reads unless the user chooses another one."""

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
    """What a store holds.

    Attributes:
        models: those that Digitpad ships, the bundled one first, then the user's own by name.
        problems: a sentence for every damaged file.
    """

    models: tuple[StoredModel, ...]
    problems: tuple[str, ...]


class ModelStore:
    """The models that Digitpad ships and a folder of the user's own.

    What is shipped is read and copied, never written; none of the user's models may have the name
    of one.

    Args:
        folder: holds one file a model; it need not exist.
        bundled: the file of the bundled model. The other models beside it are shipped too; their
            names are in lower case.
    """

    def __init__(self, folder: Path, bundled: Path) -> None:
        self._folder = folder
        self._bundled = bundled

    @property
    def folder(self) -> Path:
        """Where the user's own models lie."""
        return self._folder

    @property
    def bundled_path(self) -> Path:
        """The file of the bundled model."""
        return self._bundled

    def ships(self, name: str) -> bool:
        """Whether Digitpad itself ships a model of this name."""
        return name in self._shipped()

    def list(self) -> tuple[StoredModel, ...]:
        """What Digitpad ships, then the user's own by name; files that are no models are left out.

        Raises:
            DigitpadError: the folder cannot be read, or the bundled model is damaged.
        """
        return self.scan().models

    def problems(self) -> tuple[str, ...]:
        """A sentence for every file that `list` leaves out because it cannot be used.

        Raises:
            DigitpadError: as for `list`.
        """
        return self.scan().problems

    def find(self, name_or_path: str) -> Path:
        """The file of a model that the store knows by name, or else of any file.

        Raises:
            DigitpadError: there is neither such a model nor such a file.
        """
        if name_or_path in (shipped := self._shipped()):
            return shipped[name_or_path]
        if is_model_name(name_or_path):
            stored = self._path_of(name_or_path)
            if stored.is_file():
                return stored
        path = Path(name_or_path)
        if path.is_file():
            return path
        raise DigitpadError(
            "There is neither a model nor a file called {name_or_path!r}: {known}.",
            name_or_path=name_or_path,
            known=self._known(),
        )

    def get(self, name: str) -> StoredModel:
        """A model of the store by name.

        Raises:
            DigitpadError: the store knows no such model, or its file is damaged.
        """
        if name in (shipped := self._shipped()):
            return StoredModel(name, shipped[name], read_model_info(shipped[name]), True)
        if not is_model_name(name) or not self._path_of(name).is_file():
            raise DigitpadError(
                "There is no model called {name!r}: {known}.", name=name, known=self._known()
            )
        path = self._path_of(name)
        return StoredModel(name, path, read_model_info(path), False)

    def import_file(
        self, path: Path, name: str | None = None, *, replace: bool = False
    ) -> StoredModel:
        """Copy a model file into the store after loading it strictly.

        Args:
            path: the file.
            name: what to call it; without one, as its file is called.
            replace: whether a model of this name may be replaced.

        Raises:
            DigitpadError: the file is no whole model, the name cannot be used or is taken, or the
                folder cannot be written.
        """
        from digitpad.recognition.model_file import load_model

        model = load_model(path)
        chosen = path.name.removesuffix(SUFFIX) if name is None else name
        target = self._target(chosen, replace=replace)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DigitpadError(
                "The model file {path} cannot be read: {reason}.",
                path=path,
                reason=error.strerror or error,
            ) from error
        write_atomically(target, content)
        return StoredModel(target.name.removesuffix(SUFFIX), target, model.info, False)

    def add(self, model: Model, name: str, *, replace: bool = False) -> StoredModel:
        """Write a model into the store.

        Args:
            model: description and network.
            name: what to call it in the store.
            replace: whether a model of this name may be replaced.

        Raises:
            DigitpadError: the name cannot be used or is taken, or the folder cannot be written.
        """
        from digitpad.recognition.model_file import save_model

        target = self._target(name, replace=replace)
        save_model(model, target)
        return StoredModel(target.name.removesuffix(SUFFIX), target, model.info, False)

    def check_new_name(self, name: str) -> None:
        """Refuse a name that `import_file` would refuse.

        Raises:
            DigitpadError: no model can be called so, or there is one already.
        """
        self._target(name, replace=False)

    def export(self, name: str, target: Path, *, replace: bool = False) -> Path:
        """Copy a model of the store to a file.

        Args:
            name: of the model.
            target: the file, or a folder, in which it gets the model's name.
            replace: whether an existing file may be replaced.

        Returns:
            The file written.

        Raises:
            DigitpadError: there is no such model, the file exists, or it cannot be written.
        """
        model = self.get(name)
        file = target / f"{model.name}{SUFFIX}" if target.is_dir() else target
        if file.exists() and not replace:
            raise DigitpadError(
                "{file} exists already: choose another file, or say that it may be replaced.",
                file=file,
            )
        try:
            content = model.path.read_bytes()
        except OSError as error:
            raise DigitpadError(
                "The model file {path} cannot be read: {reason}.",
                path=model.path,
                reason=error.strerror or error,
            ) from error
        write_atomically(file, content)
        return file

    def scan(self) -> Listing:
        """Both `list` and `problems`, from reading every file once.

        Raises:
            DigitpadError: as for `list`.
        """
        shipped = self._shipped()
        found = [self.get(BUNDLED)]
        problems = []
        others = [path for name, path in shipped.items() if name != BUNDLED]
        for path in (*others, *self._files()):
            name, is_shipped = path.name.removesuffix(SUFFIX), path in others
            if name in shipped and not is_shipped:
                problems.append(
                    f"Digitpad ships a model called {name!r}: give your own, {path}, another name."
                )
                continue
            try:
                info = read_model_info(path)
            except DigitpadError as error:
                problems.append(str(error))
            else:
                found.append(StoredModel(name, path, info, is_shipped))
        return Listing(tuple(found), tuple(problems))

    def _shipped(self) -> dict[str, Path]:
        """The files that Digitpad ships, by name, the bundled model's first."""
        beside = sorted(self._bundled.parent.glob(f"*{SUFFIX}"))
        return {BUNDLED: self._bundled} | {
            path.name.removesuffix(SUFFIX): path for path in beside if path != self._bundled
        }

    def _target(self, name: str, *, replace: bool) -> Path:
        """The file of a model that is to be called so."""
        if not is_model_name(name) or self.ships(name.casefold()):
            raise DigitpadError(
                "A model cannot be called {name!r}: give it another name of up to {max_name}"
                " letters, digits, spaces, dots, hyphens and underscores.",
                name=name,
                max_name=_MAX_NAME,
            )
        target = self._path_of(name)
        # Names that differ in case alone would be one file on some systems.
        taken = {file.name.casefold(): file for file in self._files()}.get(target.name.casefold())
        if taken is not None:
            if not replace:
                raise DigitpadError(
                    "There is a model called {removesuffix!r} already: choose"
                    " another name, or say that it may be replaced.",
                    removesuffix=taken.name.removesuffix(SUFFIX),
                )
            return taken
        return target

    def _files(self) -> tuple[Path, ...]:
        try:
            return tuple(
                sorted(
                    path
                    for path in self._folder.iterdir()
                    if path.name.endswith(SUFFIX) and is_model_name(path.name.removesuffix(SUFFIX))
                )
            )
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise DigitpadError(
                "The folder of models {folder} cannot be read: {reason}.",
                folder=self._folder,
                reason=error.strerror or error,
            ) from error

    def _path_of(self, name: str) -> Path:
        return self._folder / f"{name}{SUFFIX}"

    def _known(self) -> str:
        own = [path.name.removesuffix(SUFFIX) for path in self._files()]
        return f"the models are {', '.join(dict.fromkeys([*self._shipped(), *own]))}"


def bundled_model_path() -> Path:
    """The file of the bundled model in Digitpad's own resources.

    Raises:
        DigitpadError: the installation is damaged.
    """
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
    """A model that is ready to use.

    Attributes:
        model: description and network.
        name: as the store knows it.
        notice: one sentence where another model was wanted, else None.
    """

    model: Model
    name: str
    notice: str | None


def load_active_model(store: ModelStore, name: str | None) -> LoadedModel:
    """Load the model that the user chose, or the bundled one where that cannot be used.

    Args:
        store: where models are found.
        name: as in the settings; None is the bundled model.

    Raises:
        DigitpadError: the bundled model is needed and damaged.
    """
    from digitpad.recognition.model_file import load_model

    notice = None
    if name is not None and name != BUNDLED:
        try:
            return LoadedModel(load_model(store.get(name).path), name, None)
        except DigitpadError as error:
            reason = str(error).rstrip(".")
            notice = (
                f"The bundled model reads instead of {name!r}: {reason[:1].lower()}{reason[1:]}."
            )
    return LoadedModel(load_model(store.bundled_path), BUNDLED, notice)
