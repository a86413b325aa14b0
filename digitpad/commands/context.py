"""What every command works with: the profile, its settings and models, and the console.

What needs numpy or torch is imported where it is used, so that help and errors come at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator, Sequence

    from digitpad.commands.console import Console
    from digitpad.learning.adaptation.symbol_sets import SymbolSets
    from digitpad.paths import Profile
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_store import ModelStore
    from digitpad.recognition.recognition import Recognition
    from digitpad.recognition.recognizer import Recognizer
    from digitpad.settings import Settings

BATCH = 256
"""Drawings that go through the network together: more are no faster, and results would wait."""


class Context:
    """One run of one command.

    Args:
        profile: the folder with the user's settings and models.
        console: where results and sentences go.
    """

    def __init__(self, profile: Profile, console: Console) -> None:
        self.profile = profile
        self.console = console

    def store(self) -> ModelStore:
        """The models of this profile.

        Raises:
            DigitpadError: the installation is damaged.
        """
        from digitpad.recognition.model_store import ModelStore, bundled_model_path

        return ModelStore(self.profile.models_dir, bundled_model_path())

    def settings(self) -> Settings:
        """The settings of this profile; damaged ones are put aside, with a sentence."""
        from digitpad.settings import load_settings

        settings, notice = load_settings(self.profile.settings_path)
        if notice is not None:
            self.console.say(notice)
        return settings

    def use_model(self, name: str) -> None:
        """Let the pad and the commands use a model from now on.

        Raises:
            DigitpadError: the settings cannot be written.
        """
        from digitpad.settings import save_settings

        settings = replace(self.settings(), active_model=name)
        save_settings(settings, self.profile.settings_path)

    def recognizer(self, model: str | None) -> tuple[Recognizer, str]:
        """Load a model, and torch with it.

        Args:
            model: name or path; None is the active model of the profile with what the user has
                taught it, as on the pad, or, with a sentence, the bundled one where that cannot be
                used.

        Returns:
            The recognizer, and what its model is called.

        Raises:
            DigitpadError: the model that was named is missing or damaged.
        """
        self.refresh_symbols(self.store(), model)
        name, found = self.model(model)
        from digitpad.recognition.recognizer import Recognizer

        with torch_threads(1):
            if model is None and self.settings().adapted:
                found = self._taught(name, found)
            return Recognizer(found), name

    def model(self, model: str | None) -> tuple[str, Model]:
        """Load a model, and torch with it, as it is without lessons: what it is called, and itself.

        Args:
            model: see `recognizer`.

        Raises:
            DigitpadError: see `recognizer`.
        """
        # First what needs no torch, so that a wrong name is an error at once.
        store = self.store()
        path = None if model is None else store.find(model)
        from digitpad.recognition.model_file import load_model
        from digitpad.recognition.model_store import BUNDLED, load_active_model

        # Where a process may have no more threads, the library that starts them would end it.
        with torch_threads(1):
            if model is not None and path is not None:
                return BUNDLED if path == store.bundled_path else model, load_model(path)
            loaded = load_active_model(store, self.settings().active_model)
        if loaded.notice is not None:
            self.console.say(loaded.notice)
        return loaded.name, loaded.model

    def _taught(self, name: str, model: Model) -> Model:
        """A model with the lessons of this profile, if there are any that it can learn."""
        if not self.profile.samples_path.exists():
            return model
        from digitpad.learning.adaptation.kept import KeptModels
        from digitpad.learning.adaptation.teacher import Teacher, why_not_taught
        from digitpad.samples.store import SampleStore

        if why_not_taught(model.info) is not None:
            return model
        try:
            samples = SampleStore(self.profile.samples_path).list()
            kept = KeptModels(self.profile.adapted_dir).load(name, model, samples)
            return kept or Teacher(model).teach(samples)
        except DigitpadError as error:
            self.console.say(error)
            return model

    def symbol_sets(self, store: ModelStore) -> SymbolSets:
        """The user's sets of symbols, with their models in this store."""
        from digitpad.learning.adaptation.symbol_sets import SymbolSets

        return SymbolSets(self.profile.samples_path, store)

    def refresh_symbols(self, store: ModelStore, model: str | None) -> None:
        """Make the model of a set of symbols anew, if it is not what its drawings make of it.

        Args:
            store: of the models.
            model: name of any model, or a path; None is the active model of the profile.
        """
        if not self.profile.samples_path.exists():
            return
        name = self.settings().active_model if model is None else model
        sets = self.symbol_sets(store)
        try:
            if name not in sets.sets() or sets.is_fresh(name):
                return
            with torch_threads(1):
                sets.refresh(name)
        except DigitpadError as error:
            # The model as it was before may be there.
            self.console.say(error)


def recognized(
    recognizer: Recognizer, drawings: Sequence[Recognition], reject_below: float | None
) -> list[Recognition]:
    """What is read of drawings.

    Args:
        recognizer: of the model.
        drawings: preprocessed.
        reject_below: what is rejected; None for the model's own threshold. How drawings are divided
            into parts depends on that one alone.
    """
    from digitpad.recognition.division.memo import Memo
    from digitpad.recognition.division.recognize import recognize

    info = recognizer.info
    memo = Memo(has_own_symbols=bool(info.symbols))
    found = recognize(drawings, recognizer.predict, info.calibration.reject_below, memo)
    if reject_below is None:
        return found
    return [
        one.with_predictions([each.rejected_below(reject_below) for each in one.predictions])
        for one in found
    ]


def actions_of(
    parser: argparse.ArgumentParser, common: argparse.ArgumentParser
) -> Callable[[str, Callable[..., None], str], argparse.ArgumentParser]:
    """Declares the actions of a command, of which one must be named.

    Args:
        parser: of the command.
        common: the options that every command has.

    Returns:
        Adds an action by its name, what does it (see `act` in its arguments) and its summary, and
        returns its parser.
    """
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def add(name: str, act: Callable[..., None], summary: str) -> argparse.ArgumentParser:
        entry = actions.add_parser(name, help=summary, description=summary, parents=[common])
        entry.set_defaults(act=act)
        return entry

    return add


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Declare ``--model``, ``--reject-below`` (both None at first), ``--as-one``, ``--signs``."""
    parser.add_argument(
        "--model",
        metavar="M",
        help="name of a model, or a model file; default: the model in use (see digitpad model),"
        " with what it was taught on the pad",
    )
    parser.add_argument(
        "--reject-below",
        metavar="P",
        type=_probability,
        help="reject a drawing whose two best classes have less than P together, from 0 (reject"
        " none) to 1; default: the model's own threshold",
    )
    parser.add_argument(
        "--as-one",
        action="store_true",
        help="read every drawing as one symbol, never as a number or a word",
    )
    parser.add_argument(
        "--signs",
        action="store_true",
        help="read points, commas, minus signs and colons within numbers, too",
    )
    # Its former name.
    parser.add_argument(
        "--refuse-below", dest="reject_below", type=_probability, help=argparse.SUPPRESS
    )


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    # NaN is in no range.
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def existing_path(text: str) -> Path:
    """A path from the command line.

    Raises:
        DigitpadError: there is nothing there.
    """
    path = Path(text)
    try:
        # An empty name, of an unset variable perhaps, would be the present folder.
        if not text:
            raise FileNotFoundError
        path.stat()
    except FileNotFoundError:
        raise DigitpadError("There is no file or folder {text!r}.", text=text) from None
    except OSError as error:
        raise DigitpadError(
            "{text} cannot be read: {reason}.", text=text, reason=error.strerror or error
        ) from error
    return path


def expanded_names(text: str) -> list[str]:
    """The names that a pattern such as *.png stands for, in their order; else the name itself.

    A pattern is one only where no file is called so. Hidden files have to be named.

    Raises:
        DigitpadError: nothing is called so.
    """
    import glob

    # On Windows no file can be called so, and to ask is an error.
    if not glob.has_magic(text) or os.path.lexists(text):
        return [text]
    names = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - it may begin with a drive
    if not names:
        raise DigitpadError(
            "There is no file whose name is like {pattern!r}: check the folder and the pattern.",
            pattern=text,
        )
    return names


def standard_input() -> io.BufferedReader:
    """What is piped into the program.

    Raises:
        DigitpadError: there is nothing that could be.
    """
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise DigitpadError("There is no standard input to read from: name a file.")
    return cast("io.BufferedReader", stream)


@contextlib.contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Let torch use so many threads while the context lasts."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
