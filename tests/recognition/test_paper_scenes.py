"""Pictures as people take them, the whole way from the paper to the answer."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
import thresholds
from paper_scenes import ONE, SEVERAL
from thresholds import THRESHOLDS, answers, read, wrong

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.photo.preprocessing import picture_ink
from digitpad.ink.picture import Picture, read_picture
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, preprocess_drawing

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = 4


MORE_SEEDS = range(SEEDS, 16)


def right(kind: str, seeds: range) -> int:
    return len(seeds) - len(wrong(kind, seeds))


@cache
def right_at_first(kind: str) -> int:
    return right(kind, range(SEEDS))


@pytest.mark.parametrize("kind", ONE)
def test_a_digit_is_read_whatever_is_around_it(kind: str) -> None:
    # Of the digits that the program draws, some would be read as another one by anybody.
    assert right_at_first(kind) >= SEEDS - 2


def test_nearly_all_of_them_are_right() -> None:
    assert sum(map(right_at_first, ONE)) >= SEEDS * len(ONE) - 4


@pytest.mark.slow
def test_nearly_all_of_many_more_are_right() -> None:
    counts = [right(kind, MORE_SEEDS) for kind in ONE]
    assert min(counts) >= 0.75 * len(MORE_SEEDS)
    assert sum(counts) >= 0.97 * len(MORE_SEEDS) * len(ONE)


@pytest.mark.parametrize("kind", SEVERAL)
def test_of_several_symbols_none_is_dropped_silently(kind: str) -> None:
    for seed in range(SEEDS):
        recognition = read(kind, seed)
        assert recognition.rejected, seed
        assert recognition.answer == ""


def test_only_digits_are_counted() -> None:
    recognition = preprocess_drawing(read("two far", 0).drawing, as_one=True)

    def read_as(*classes: str) -> Recognition:
        share = 1 / len(classes)
        return recognition.with_predictions([Prediction(classes, (share,) * len(classes))])

    assert not recognition.has_more_digits
    assert read_as("1", "2").has_more_digits
    # The bars of an equals sign lie apart, too.
    assert not read_as("equals", "plus").has_more_digits
    assert not read_as("equals", "plus").rejected


def pixels(level: np.ndarray) -> Picture:
    rgb = np.repeat(level[..., None], 3, axis=2)
    return Picture(np.dstack((rgb, np.full(level.shape, 255))).astype(np.uint8))


def grid() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:2048, 0:2048]
    return y, x


def noise(shape: int) -> np.ndarray:
    return np.random.default_rng(0).random((shape, shape))


MANY = {
    "noise": lambda y, x: 255 * noise(2048),
    "sparse noise": lambda y, x: 255 * (noise(400) > 0.1),
    "dense noise": lambda y, x: 255 * (noise(400) > 0.5),
    "specks": lambda y, x: 240 - 200 * (noise(2048) < 0.02),
    "squares of a board": lambda y, x: 255 * ((x // 16 + y // 16) % 2),
    "dots": lambda y, x: np.where(np.hypot(x % 30 - 15, y % 30 - 15) < 6, 30, 240),
    "rings": lambda y, x: np.where(np.abs(np.hypot(x % 80 - 40, y % 80 - 40) - 30) < 4, 0, 255),
    "rings in rings": lambda y, x: np.where(np.hypot(x - 1024, y - 1024) % 40 < 9, 0, 255),
    "squared paper": lambda y, x: np.where((y % 24 < 5) | (x % 24 < 5), 0, 255),
    "hatching": lambda y, x: np.where((x + y) % 24 < 6, 0, 255),
}


@pytest.mark.parametrize("name", MANY)
def test_many_components_are_read_in_bounded_time(name: str) -> None:
    picture = pixels(MANY[name](*grid()))
    start = time.process_time()
    with contextlib.suppress(DigitpadError):
        picture_ink(picture)
    # It took minutes when every two components were compared.
    assert time.process_time() - start < 3.0


@pytest.mark.data
@pytest.mark.slow
def test_real_photographs(shared_photos: Path) -> None:
    by_kind: dict[str, list[bool]] = {}
    for path in sorted(shared_photos.rglob("*.*")):
        label, rest = path.stem.split("_", 1)
        drawing = Drawing(picture=read_picture(path))
        (recognition,) = answers([preprocess_drawing(drawing, as_one=True)])
        kind = rest if path.parent.name == "scenes" else path.parent.name
        is_right = recognition.answer == (label if len(label) == 1 else "")
        by_kind.setdefault(kind, []).append(is_right)
    assert all(by_kind["digits"])
    assert all(by_kind["numbers"])
    scenes = [held for kind, held in by_kind.items() if kind not in {"digits", "numbers"}]
    assert all(any(held) for held in scenes)
    assert sum(map(sum, scenes)) >= sum(map(len, scenes)) - 4


@pytest.mark.data
@pytest.mark.slow
def test_real_photographs_of_numbers(shared_photos: Path) -> None:
    right = []
    for path in sorted((shared_photos / "numbers").iterdir()):
        label = path.stem.split("_", 1)[0]
        drawing = Drawing(picture=read_picture(path))
        (recognition,) = answers([preprocess_drawing(drawing)])
        # The labels have no lines; what an operator is may be rejected.
        right.append("".join(recognition.answer.split()) == label)
        assert right[-1] or recognition.rejected or not recognition.is_sure, path
    assert sum(right) >= 0.8 * len(right)


UNNOTICED = {
    # How coarse the picture is that paper and colours are estimated on: it costs time, the result
    # is the same.
    "paper._COARSE_SIDE",
    "paper._TREND_SIDE",
}
"""Thresholds that may be halved and doubled without any quick test failing."""


@pytest.mark.nightly
def test_quick_tests_notice_thresholds() -> None:
    run = subprocess.run(
        [sys.executable, thresholds.__file__], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in run.stdout.splitlines()]
    noticed = {name: (half, double) for name, half, double in lines}
    assert set(noticed) == set(THRESHOLDS)
    # Were the quick tests not to pass at all, each would be noticed.
    assert {name for name, by in noticed.items() if by == ("0", "0")} == UNNOTICED
    both = sum(by == ("1", "1") for by in noticed.values())
    assert both >= 0.9 * len(noticed)
