"""The numbers that the reading of pictures is tuned by, and what notices when one is changed.

`python tests/support/thresholds.py` changes each of them and prints how many scenes go wrong.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

from paper_scenes import ONE, SEVERAL, scene

import digitpad.ink.photo
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.recognition.recognition import Recognition, preprocess_drawing, recognize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def _names() -> list[str]:
    """Module and name of every number and row of numbers in the room of pictures."""
    found = []
    for info in pkgutil.iter_modules(digitpad.ink.photo.__path__):
        module = importlib.import_module(f"digitpad.ink.photo.{info.name}")
        for name, value in vars(module).items():
            is_number = isinstance(value, int | float | tuple) and not isinstance(value, bool)
            if name.lstrip("_").isupper() and is_number and name not in {"BOX", "TYPE_CHECKING"}:
                found.append(f"{info.name}.{name}")
    return found


THRESHOLDS = _names()


@contextlib.contextmanager
def changed(threshold: str, factor: float) -> Iterator[None]:
    """One of the thresholds is another number for a while."""
    module, name = threshold.split(".")
    target = importlib.import_module(f"digitpad.ink.photo.{module}")
    value = getattr(target, name)
    if isinstance(value, tuple):
        other: object = tuple(factor * one for one in value)
    else:
        other = max(round(factor * value), 1) if isinstance(value, int) else factor * value
    with patch.object(target, name, other):
        yield


@cache
def _predict():
    from digitpad.recognition.model_file import load_model
    from digitpad.recognition.model_store import bundled_model_path
    from digitpad.recognition.recognizer import Recognizer

    return Recognizer(load_model(bundled_model_path())).predict


def answers(recognitions: Sequence[Recognition]) -> list[Recognition]:
    """What the bundled model says."""
    return recognize(recognitions, _predict())


_scene = cache(scene)


def read(kind: str, seed: int) -> Recognition:
    """A scene as the bundled model reads it."""
    (recognition,) = answers([preprocess_drawing(Drawing(picture=_scene(kind, seed)[0]))])
    return recognition


def wrong(
    kinds: Iterable[str],
    seeds: Iterable[int],
    context: contextlib.AbstractContextManager[None] | None = None,
) -> set[tuple[str, int]]:
    """Kind and seed of the scenes that are not read right, within a context."""
    found = set()
    seeds = list(seeds)
    with context or contextlib.nullcontext():
        for kind in kinds:
            for seed in seeds:
                label = _scene(kind, seed)[1]
                try:
                    answer = read(kind, seed).answer
                except DigitpadError:
                    answer = None
                except (ValueError, IndexError, ZeroDivisionError):
                    # A threshold that makes no sense may end so.
                    answer = "?"
                is_right = answer == label if len(label) == 1 else not answer
                if not is_right:
                    found.add((kind, seed))
    return found


def main() -> None:
    kinds, seeds = [*ONE, *SEVERAL], range(2)
    best = wrong(kinds, seeds)
    print("now wrong:", len(best))
    for name in THRESHOLDS:
        counts = [len(wrong(kinds, seeds, changed(name, f)) - best) for f in (0.5, 2.0)]
        print(f"{name:32s}", *counts, "" if any(counts) else "unnoticed", flush=True)


if __name__ == "__main__":
    main()
