"""Drawings that are no digit: characters of alphabets that do not exist, and plain scribbling.

Each function draws one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.synthetic.shapes import arc, bow, path

if TYPE_CHECKING:
    from digitpad.data.synthetic.shapes import Shape, Stroke, Strokes


# Characters


def character(random: np.random.Generator) -> Strokes:
    """Three parts or more, put together at the points of a grid: bars, bows, hooks, rings, dots."""
    width = random.uniform(0.4, 1.1)
    columns, rows = int(random.integers(2, 4)), int(random.integers(2, 4))
    across, down = np.linspace(0, width, columns), np.linspace(0, 1, rows)
    places = np.array([(x, y) for x in across for y in down])
    count = int(random.choice([2, 3, 4, 5], p=[0.08, 0.47, 0.33, 0.12]))
    strokes: Strokes = []
    here = places[random.integers(len(places))]
    for _ in range(count):
        if strokes and random.random() < 0.6:
            # Go on from the last part: at its end, its start or on the way.
            last = strokes[-1]
            here = last[int(random.choice([0, len(last) // 2, len(last) - 1]))]
        else:
            here = places[random.integers(len(places))]
        there = places[random.integers(len(places))]
        if np.abs(there - here).max() < 0.15:
            there = here + random.choice([-0.4, 0.4], 2)
        part = _part(here, there, random)
        if strokes and random.random() < 0.35:
            strokes[-1] = np.concatenate((strokes[-1], part))
        else:
            strokes.append(part)
    if random.random() < 0.2:
        strokes += list(random.uniform((0, -0.1), (width, 1.1), (int(random.integers(1, 4)), 1, 2)))
    return strokes


def _part(here: Stroke, there: Stroke, random: np.random.Generator) -> Stroke:
    kind = random.random()
    if kind < 0.3:
        return path([here, there])
    if kind < 0.5:
        return bow(here, there, random.choice([-1, 1]) * random.uniform(0.12, 0.55))
    if kind < 0.65:
        corner = (here[0], there[1]) if random.random() < 0.5 else (there[0], here[1])
        return path([here, corner, there])
    if kind < 0.8:
        radius = random.uniform(0.1, 0.25)
        end = math.atan2(there[1] - here[1], there[0] - here[0])
        way = random.choice([-1, 1])
        x = there[0] - way * radius * math.sin(end)
        y = there[1] + way * radius * math.cos(end)
        turn = way * random.uniform(1.5, 4.0)
        hook = arc(x, y, radius, radius, end - way * math.pi / 2, turn)
        return np.concatenate((path([here, there]), hook[1:]))
    if kind < 0.92:
        radius = random.uniform(0.1, 0.3)
        start, turn = random.uniform(0, 6), random.choice([-1, 1]) * random.uniform(3.5, 6.5)
        x, y = here - radius * np.array((math.cos(start), math.sin(start)))
        return arc(x, y, radius, radius * random.uniform(0.8, 1.3), start, turn)
    middle = (here + there) / 2
    bulge = random.choice([-1, 1]) * random.uniform(0.2, 0.5)
    return np.concatenate((bow(here, middle, bulge), bow(middle, there, -bulge)[1:]))


def bars(random: np.random.Generator) -> Strokes:
    """Four to nine bars, lying and standing, with a few sloping ones: like a Chinese character."""
    count = int(random.integers(4, 10))
    steps = np.linspace(0, 1, int(random.integers(3, 6)))
    strokes = []
    for _ in range(count):
        kind = random.random()
        a, b = random.choice(steps, 2, replace=False)
        c, d = random.choice(steps, 2, replace=False)
        if kind < 0.42:
            strokes.append(path([(min(a, b), c), (max(a, b), c)]))
        elif kind < 0.78:
            strokes.append(path([(c, min(a, b)), (c, max(a, b))]))
        elif kind < 0.9:
            strokes.append(bow((a, min(c, d)), (b, max(c, d)), random.normal(0, 0.12)))
        else:
            strokes.append(path([(min(a, b), min(c, d)), (max(a, b), min(c, d)), (max(a, b), 1)]))
    return strokes


def ornate(random: np.random.Generator) -> Strokes:
    """One stroke over the points of a grid, with bows, straight lines and loops by turns."""
    count = int(random.integers(4, 8))
    places = np.array([(x, y) for x in (0.0, 0.4, 0.8) for y in (0.0, 0.5, 1.0)])
    order = random.permutation(len(places))[: count + 1]
    pieces = [places[order[:1]]]
    for a, b in zip(places[order[:-1]], places[order[1:]], strict=True):
        if random.random() < 0.2:
            loop = random.uniform(0.08, 0.16)
            pieces.append(arc(a[0], a[1] - loop, loop, loop, math.pi / 2, 2 * math.pi)[1:])
        bulge = random.choice([0.0, -0.3, 0.3, -0.5, 0.5])
        pieces.append((path([a, b]) if bulge == 0 else bow(a, b, bulge))[1:])
    return [np.concatenate(pieces)]


def cursive(random: np.random.Generator) -> Strokes:
    """A word that nobody can read, in joined letters."""
    count = int(random.integers(6, 16))
    x = np.cumsum(random.uniform(0.12, 0.4, count))
    y = np.where(np.arange(count) % 2 == 0, 0.5, 1.0) + random.normal(0, 0.08, count)
    tall = random.random(count) < 0.2
    y = np.where(tall, y - 0.5, y)
    x[1::2] -= random.uniform(0.0, 0.35)
    return [np.stack((x, y), axis=1)]


CHARACTERS: tuple[tuple[float, Shape], ...] = (
    (6, character),
    (2, bars),
    (2, ornate),
    (0.7, cursive),
)
"""Unknown writing, with weights."""


# Scribbles


def curve(random: np.random.Generator) -> Strokes:
    """A smooth line through random points."""
    count = int(random.integers(7, 18))
    return [random.random((count, 2)) * (random.uniform(0.6, 1.4), 1.0)]


def polyline(random: np.random.Generator) -> Strokes:
    """A line with corners at random points."""
    count = int(random.integers(6, 13))
    return [path(list(random.random((count, 2)) * (random.uniform(0.6, 1.4), 1.0)))]


def wander(random: np.random.Generator) -> Strokes:
    """A pen that turns to the one side and to the other, several times."""
    bends = int(random.integers(4, 10))
    per_bend = 14
    way = np.where(np.arange(bends) % 2 == 0, 1, -1) * random.choice([-1, 1])
    turn = way * random.uniform(1.5, 6.5, bends)
    share = np.sin(math.pi * (np.arange(per_bend) + 0.5) / per_bend)
    steps = (turn[:, None] * share / share.sum()).ravel() + random.normal(
        0, 0.05, len(share) * bends
    )
    angle = random.uniform(0, 2 * math.pi) + np.cumsum(steps)
    length = np.repeat(random.uniform(0.5, 1.5, bends), per_bend)
    points = length * (np.cos(angle), np.sin(angle))
    return [np.cumsum(points.T, axis=0)]


def strokes_anywhere(random: np.random.Generator) -> Strokes:
    """Three to six strokes, straight or bent, that have nothing to do with each other."""
    count = int(random.integers(3, 7))
    ends = random.random((count, 2, 2)) * (random.uniform(0.6, 1.4), 1.0)
    return [
        path([a, b]) if random.random() < 0.5 else bow(a, b, random.normal(0, 0.4)) for a, b in ends
    ]


def curves_anywhere(random: np.random.Generator) -> Strokes:
    """Two to four smooth lines over each other."""
    return [
        random.random((int(random.integers(3, 8)), 2)) + random.normal(0, 0.2, 2)
        for _ in range(int(random.integers(2, 5)))
    ]


def hatching(random: np.random.Generator) -> Strokes:
    """Parallel lines close together, sometimes crossed by others."""
    strokes: Strokes = []
    angle = random.uniform(0, math.pi)
    for _ in range(int(random.integers(1, 3))):
        count = int(random.integers(4, 9))
        along = np.array((math.cos(angle), math.sin(angle)))
        side = np.array((-along[1], along[0]))
        for offset in np.linspace(-0.5, 0.5, count) * random.uniform(0.7, 1.2):
            start, stop = random.normal(0, 0.08, 2) - (0.5, -0.5)
            strokes.append(path([offset * side + start * along, offset * side + stop * along]))
        angle += random.uniform(0.7, 2.4)
    return strokes


def filling(random: np.random.Generator) -> Strokes:
    """To and fro, as one fills an area."""
    count = int(random.integers(7, 22))
    angle, height = random.uniform(0, math.pi), random.uniform(0.4, 1.2)
    across = np.linspace(0, 1, count) + random.normal(0, 0.03, count)
    along = height * (np.arange(count) % 2 - 0.5) * random.uniform(0.6, 1.0, count)
    if random.random() < 0.5:
        along *= np.sin(math.pi * np.linspace(0.1, 0.9, count))
    cosine, sine = math.cos(angle), math.sin(angle)
    points = np.stack((across * cosine - along * sine, across * sine + along * cosine), axis=1)
    return [points if random.random() < 0.5 else path(list(points))]


def tangle(random: np.random.Generator) -> Strokes:
    """Round and round, from place to place."""
    angle = np.arange(0.0, random.uniform(3, 7) * 2 * math.pi, 0.45)
    # Without a way to go, it would be a 0 that was drawn twice.
    drift = random.normal(0, 0.06, (len(angle), 2)).cumsum(axis=0)
    drift[:, 0] += np.linspace(0, random.choice([-1, 1]) * random.uniform(0.5, 1.5), len(angle))
    size = 0.3 + 0.25 * np.sin(angle * random.uniform(0.1, 0.5) + random.uniform(0, 6))
    ring = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    return [drift + size[:, None] * ring * (random.uniform(0.6, 1.4), 1.0)]


def knot(random: np.random.Generator) -> Strokes:
    """A figure of Lissajous, whole or in part."""
    a, b = random.choice([(2, 3), (3, 2), (3, 4), (1, 3), (3, 1), (3, 5), (4, 3)])
    angle = np.linspace(0, random.uniform(0.7, 1.0) * 2 * math.pi, 60) + random.uniform(0, 6)
    return [np.stack((np.sin(a * angle), np.sin(b * angle + random.uniform(0.5, 1.2))), axis=1)]


SCRIBBLES: tuple[tuple[float, Shape], ...] = (
    (2, curve),
    (1.5, polyline),
    (2, wander),
    (1.5, strokes_anywhere),
    (1, curves_anywhere),
    (1, hatching),
    (1, filling),
    (1, tangle),
    (0.5, knot),
)
"""Scribbling, with weights."""
