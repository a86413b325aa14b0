"""The smallest stroke to add or to erase that changes the answer: a search of bounded cost.

Candidates are tried from short to long, a batch at a time, each preprocessed anew as the pad would
do it: sections of the strokes to erase, a pixel of the box longer each time, and straight strokes
to add between the points of a coarse grid. What changes the answer is then a true counterexample;
that there is no smaller one is only as true as the grid is fine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.division.pieces import sections, way_along
from digitpad.ink.drawing import Stroke
from digitpad.ink.glyph import BOX, glyphs_of, place_in_box, preprocess_points
from digitpad.recognition.inside.attribution import predict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.prediction import Prediction

Kind: TypeAlias = Literal["add", "erase"]

MOST_ERASED = 0.5
"""More than this share of the ink is not erased at once: little would be left of the drawing."""

_MOST_SECTIONS = 80
"""Of all strokes: an endless scribble is cut into longer ones."""

_MOST_TRIES, _MOST_INK = 5000, 500_000
"""Of changes, and the length of all ink, in pixels of the box, that is redrawn for them: an endless
scribble, whose every try takes long, gets few."""

_GRID = 2.0
"""Distance of the points between which strokes are added, in pixels of the box."""

_LONGEST = 8.0
"""Of a stroke that is added, in pixels of the box: less than half of its side."""

_SHORTER = 4
"""How often a stroke that was found is tried with a quarter of its length less at either end."""

_BATCH = 48


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A change of a drawing that changes the answer.

    Attributes:
        kind: whether a stroke is added, or a section of one erased.
        stroke: what is added or erased, in the units of the drawing.
        source: the number of the stroke of which a section is erased; None if one is added.
        after: the strokes with the change.
        length: of what is added or erased, in pixels of the box of 20; 0 for a dot.
        share: the length as a share of that of all ink.
        prediction: for the changed drawing.
    """

    kind: Kind
    stroke: Stroke
    source: int | None
    after: tuple[Stroke, ...]
    length: float
    share: float
    prediction: Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """How far the search for the smallest change has come.

    Attributes:
        tried: how many changes have been tried.
        erased: the smallest section to erase that changes the answer; None if none is found (yet).
        added: the smallest stroke to add, likewise.
        is_done: whether nothing more is tried.
    """

    tried: int = 0
    erased: Change | None = None
    added: Change | None = None
    is_done: bool = False

    @property
    def smallest(self) -> Change | None:
        """The shorter one of what is found."""
        found = [one for one in (self.erased, self.added) if one is not None]
        return min(found, key=lambda one: one.length, default=None)


class _Try(NamedTuple):
    """A change that may change the answer, as in `Change`."""

    kind: Kind
    stroke: Stroke
    source: int | None
    after: tuple[Stroke, ...]
    length: float


def search_change(inside: Inside, strokes: Sequence[Stroke]) -> Iterator[Search]:
    """Look for the smallest section to erase and the smallest stroke to add.

    Args:
        inside: the network.
        strokes: of one symbol, at least one.

    Yields:
        How far it has come, after each batch; the last one is done.
    """
    strokes = tuple(strokes)
    points = [stroke.points for stroke in strokes]
    stages = preprocess_points(points)
    (before,) = predict(inside, stages.glyph[None])
    scale, offset = place_in_box(points, stages)
    ink = sum(way_along(curve) for curve in stages.paths)
    most = max(int(min(_MOST_TRIES, _MOST_INK / max(ink, 1.0)) / 2), 1)
    candidates: dict[Kind, Iterator[_Try]] = {
        "erase": islice(_sections_to_erase(strokes, scale), most),
        "add": islice(_strokes_to_add(strokes, scale, offset), most),
    }
    found: dict[Kind, Change | None] = {"erase": None, "add": None}
    tried = 0
    yield Search()
    for kind, each in candidates.items():
        for batch in _batches(each):
            tried += len(batch)
            found[kind] = _best(inside, batch, before.best, ink)
            if found[kind] is not None:
                break
            yield Search(tried, found["erase"], found["add"])
    if found["add"] is not None:
        found["add"] = _shortened(inside, strokes, found["add"], before.best, scale, ink)
    yield Search(tried, found["erase"], found["add"], is_done=True)


def _batches(candidates: Iterable[_Try]) -> Iterator[list[_Try]]:
    """Candidates of about one length together, not too many at a time."""
    for _, alike in groupby(candidates, key=lambda one: round(one.length)):
        every = list(alike)
        for start in range(0, len(every), _BATCH):
            yield every[start : start + _BATCH]


def _best(inside: Inside, batch: Sequence[_Try], answer: int, ink: float) -> Change | None:
    """Of some candidates the one that changes the answer most surely, as the pad would read it."""
    glyphs = glyphs_of([[stroke.points for stroke in one.after] for one in batch])
    predictions = predict(inside, glyphs)
    changed = [
        Change(*one, one.length / ink if ink > 0 else 1.0, prediction)
        for one, prediction in zip(batch, predictions, strict=True)
        if prediction.best != answer and not prediction.rejected
    ]
    return max(changed, key=lambda one: one.prediction.confidence, default=None)


def _sections_to_erase(strokes: tuple[Stroke, ...], scale: float) -> Iterator[_Try]:
    """Sections of all strokes, and whole strokes where others are left, from short to long."""
    lengths = [scale * way_along(sample_curve(stroke.points, 0.35 / scale)) for stroke in strokes]
    total = sum(lengths)
    step = max(1.0, total / _MOST_SECTIONS)
    pieces: list[tuple[Stroke, ...]] = []
    wanted: list[tuple[float, int, int, int]] = []
    for number, (stroke, length) in enumerate(zip(strokes, lengths, strict=True)):
        count = max(int(length / step), 1)
        shares = (np.arange(1, count) / count).tolist()
        pieces.append(sections(stroke, shares) if shares else (stroke,))
        for size in range(1, count + (len(strokes) > 1)):
            gone = length * size / count
            if gone <= MOST_ERASED * total:
                wanted += [(gone, number, start, size) for start in range(count - size + 1)]
    for gone, number, start, size in sorted(wanted):
        every = pieces[number]
        rest = (_joined(every[:start]), _joined(every[start + size :]))
        after = (
            *strokes[:number],
            *(one for one in rest if one is not None),
            *strokes[number + 1 :],
        )
        erased = _joined(every[start : start + size])
        if erased is not None:
            yield _Try("erase", erased, number, after, gone)


def _joined(pieces: Sequence[Stroke]) -> Stroke | None:
    """Consecutive sections of a stroke as one; None for none."""
    if not pieces:
        return None
    # Both sides of a cut have its point.
    points = [pieces[0].points, *(one.points[1:] for one in pieces[1:])]
    pressures = [pieces[0].pressures, *(one.pressures[1:] for one in pieces[1:])]
    return Stroke(np.concatenate(points), np.concatenate(pressures), pieces[0].width)


def _strokes_to_add(
    strokes: tuple[Stroke, ...], scale: float, offset: NDArray[np.float64]
) -> Iterator[_Try]:
    """Straight strokes on the grid, from short to long."""
    reach = int(_LONGEST / _GRID)
    ways = [
        (x, y)
        for x in range(-reach, reach + 1)
        for y in range(reach + 1)
        # A stroke looks the same from both its ends.
        if (y > 0 or x >= 0) and _GRID * np.hypot(x, y) <= _LONGEST
    ]
    side = int(BOX / _GRID) + 1
    for x, y in sorted(ways, key=lambda way: float(np.hypot(*way))):
        for column in range(side):
            for row in range(side):
                end = column + x, row + y
                if all(0 <= one < side for one in end):
                    ends = (np.array([(column, row), end], np.float64) * _GRID - offset) / scale
                    stroke = _like(strokes, ends[:1] if (x, y) == (0, 0) else ends)
                    length = _GRID * float(np.hypot(x, y))
                    yield _Try("add", stroke, None, (*strokes, stroke), length)


def _like(strokes: tuple[Stroke, ...], points: NDArray[np.float64]) -> Stroke:
    """A stroke as the last one was drawn."""
    last = strokes[-1]
    pressures = np.full(len(points), float(last.pressures.mean()))
    return Stroke(points, pressures, last.width)


def _shortened(
    inside: Inside,
    strokes: tuple[Stroke, ...],
    change: Change,
    answer: int,
    scale: float,
    ink: float,
) -> Change:
    """The shortest stroke within one that was found which still changes the answer."""
    for _ in range(_SHORTER):
        if len(change.stroke.points) < 2:
            break
        start, end = change.stroke.points
        batch = []
        for ends in (
            (start, end + (start - end) / 4),
            (start + (end - start) / 4, end),
        ):
            stroke = _like(strokes, np.array(ends))
            length = scale * float(np.hypot(*(ends[1] - ends[0])))
            batch.append(_Try("add", stroke, None, (*strokes, stroke), length))
        shorter = _best(inside, batch, answer, ink)
        if shorter is None:
            break
        change = shorter
    return change
