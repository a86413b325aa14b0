"""The numbers that the reading of pictures is tuned by, and what notices when one is changed.

`python tests/support/thresholds.py` halves and doubles each of them, runs the quick tests of the
room, and prints a line with its name, and 1 for each of the two that a test notices, else 0.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from paper_scenes import scene

import digitpad.ink.photo
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.recognition import Recognition, preprocess_drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


IMPORTED = {"preprocessing": ("ENOUGH",), "underline": ("STRAIGHT",)}


def _names() -> list[str]:
    """Module and name of every number and row of numbers in the room of pictures."""
    found = []
    for info in pkgutil.iter_modules(digitpad.ink.photo.__path__):
        module = importlib.import_module(f"digitpad.ink.photo.{info.name}")
        for name, value in vars(module).items():
            is_number = isinstance(value, int | float | tuple) and not isinstance(value, bool)
            if name.lstrip("_").isupper() and is_number and name not in {"BOX", "TYPE_CHECKING"}:
                # One that another module takes from there is listed once.
                if name in IMPORTED.get(info.name, ()):
                    continue
                found.append(f"{info.name}.{name}")
    return found


THRESHOLDS = _names()


@contextlib.contextmanager
def changed(threshold: str, factor: float) -> Iterator[None]:
    """One of the thresholds is another number for a while."""
    module, name = threshold.split(".")
    places = [module, *(other for other, names in IMPORTED.items() if name in names)]
    target = importlib.import_module(f"digitpad.ink.photo.{module}")
    value = getattr(target, name)
    if isinstance(value, tuple):
        other: object = tuple(factor * one for one in value)
    else:
        other = max(round(factor * value), 1) if isinstance(value, int) else factor * value
    with contextlib.ExitStack() as patches:
        for place in places:
            module_there = importlib.import_module(f"digitpad.ink.photo.{place}")
            patches.enter_context(patch.object(module_there, name, other))
        yield


@cache
def _recognizer():
    from digitpad.recognition.model_file import load_model
    from digitpad.recognition.model_store import bundled_model_path
    from digitpad.recognition.recognizer import Recognizer

    return Recognizer(load_model(bundled_model_path()))


def answers(recognitions: Sequence[Recognition]) -> list[Recognition]:
    """What the bundled model says."""
    recognizer = _recognizer()
    return recognize(recognitions, recognizer.predict, recognizer.info.calibration.reject_below)


_scene = cache(scene)


def read(kind: str, seed: int) -> Recognition:
    """A scene as the bundled model reads it: its one symbol."""
    drawing = Drawing(picture=_scene(kind, seed)[0])
    (recognition,) = answers([preprocess_drawing(drawing, as_one=True)])
    return recognition


def wrong(kind: str, seeds: Iterable[int]) -> list[int]:
    """Seeds of the scenes of a kind that are not read right."""
    found = []
    for seed in seeds:
        label = _scene(kind, seed)[1]
        try:
            answer = read(kind, seed).answer
        except DigitpadError:
            answer = None
        is_right = answer == label if len(label) == 1 else not answer
        if not is_right:
            found.append(seed)
    return found


ROOM = Path(__file__).parents[1] / "ink" / "photo"


def _is_noticed(threshold: str, factor: float) -> bool:
    own = ROOM / f"test_{threshold.split('.', maxsplit=1)[0]}.py"
    others = sorted(set(ROOM.glob("test_*.py")) - {own})
    arguments = ["-x", "-q", "-p", "no:cacheprovider", *(str(own),) * own.exists()]
    with changed(threshold, factor), contextlib.redirect_stdout(io.StringIO()):
        return pytest.main([*arguments, *map(str, others)]) != pytest.ExitCode.OK


def main(names: Sequence[str]) -> None:
    for name in names or THRESHOLDS:
        print(name, *(int(_is_noticed(name, factor)) for factor in (0.5, 2.0)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
