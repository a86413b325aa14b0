"""Signs and little pictures that are no digit, made at random: each function draws one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.synthetic.shapes import arc, bow, path

if TYPE_CHECKING:
    from digitpad.data.synthetic.shapes import Shape, Strokes


def _turned(strokes: Strokes, angle: float) -> Strokes:
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix = np.array([[cosine, sine], [-sine, cosine]])
    return [stroke @ matrix for stroke in strokes]


def dots(random: np.random.Generator) -> Strokes:
    """One dot, or a few."""
    count = int(random.choice([1, 2, 3, 4, 6]))
    places = random.random((count, 2)) * (1.0, 0.5 if count == 2 else 1.0)
    return list(places[:, None])


def specks(random: np.random.Generator) -> Strokes:
    """Short dashes here and there."""
    count = int(random.integers(3, 9))
    size = random.uniform(0.05, 0.3)
    starts = random.random((count, 2))
    stops = starts + random.normal(0.0, size, (count, 2))
    return [path(pair) for pair in zip(starts, stops, strict=True)]


def dash(random: np.random.Generator) -> Strokes:
    """A line that is nearer to lying than to standing."""
    return _turned(
        [bow((0.0, 0.0), (1.0, 0.0), random.uniform(-0.15, 0.15))],
        random.uniform(-0.4, 0.4),
    )


def dashes(random: np.random.Generator) -> Strokes:
    """Two to four lines in a row or above each other: equals, parallels."""
    count = int(random.integers(2, 5))
    gap = random.uniform(0.2, 0.6)
    lines = [
        path([(random.normal(0, 0.06), gap * i), (1 + random.normal(0, 0.06), gap * i)])
        for i in range(count)
    ]
    return _turned(lines, random.choice([0.0, 0.0, math.pi / 2]) + random.uniform(-0.3, 0.3))


def cross(random: np.random.Generator) -> Strokes:
    """Lines through about one point: plus, x, asterisk."""
    count = int(random.choice([2, 2, 3, 4, 5]))
    first = random.uniform(0, math.pi)
    strokes = []
    for i in range(count):
        angle = first + math.pi * i / count + random.uniform(-0.15, 0.15)
        ray = np.array((math.cos(angle), math.sin(angle)))
        there, back = random.uniform(0.7, 1.0, 2)
        strokes.append(path([-back * ray, there * ray]))
    return strokes


def dagger(random: np.random.Generator) -> Strokes:
    """A cross with a long foot, or one with several arms."""
    arms = int(random.integers(1, 4))
    strokes = [path([(0.0, 0.0), (0.0, 1.0)])]
    for i in range(arms):
        y = random.uniform(0.15, 0.4) + 0.2 * i
        half = random.uniform(0.25, 0.5)
        strokes.append(path([(-half, y), (half, y)]))
    return strokes


def tick(random: np.random.Generator) -> Strokes:
    """A check mark."""
    low, left = random.uniform(0.25, 0.6), random.uniform(0.2, 0.4)
    right = left + random.uniform(0.5, 0.9)
    points = [(0.0, 1.0 - low), (left, 1.0), (right, 0.0)]
    return [np.array(points) if random.random() < 0.3 else path(points)]


def exclamation(random: np.random.Generator) -> Strokes:
    """Marks of exclamation, or one of question with its dot."""
    gap = random.uniform(0.2, 0.35)
    if random.random() < 0.5:
        hook = [(0.0, 0.2), (0.12, 0.03), (0.35, 0.0), (0.5, 0.15), (0.42, 0.32), (0.26, 0.46)]
        stem = random.uniform(0.6, 0.75)
        x = 0.24 + random.normal(0, 0.03)
        return [np.array([*hook, (0.24, stem)]), np.array([[x, stem + gap]])]
    count = int(random.integers(1, 4))
    step = random.uniform(0.25, 0.4)
    strokes = []
    for i in range(count):
        strokes += [path([(i * step, 0.0), (i * step, 0.7)]), np.array([[i * step, 0.7 + gap]])]
    return strokes


def bracket(random: np.random.Generator) -> Strokes:
    """Brackets of one kind, mostly a pair."""
    depth = random.uniform(0.15, 0.4)
    kind = int(random.integers(4))
    shapes = (
        path([(depth, 0.0), (0.0, 0.0), (0.0, 1.0), (depth, 1.0)]),
        bow((depth, 0.0), (depth, 1.0), random.uniform(0.12, 0.3)),
        path([(2 * depth, 0.0), (0.0, 0.5), (2 * depth, 1.0)]),
        np.array([[0.2, 0], [0.1, 0.06], [0.1, 0.4], [0, 0.5], [0.1, 0.6], [0.1, 0.94], [0.2, 1]]),
    )
    left = shapes[kind]
    # A round one alone may be a bent 1.
    if kind != 1 and random.random() < 0.3:
        return [left]
    return [left, (random.uniform(0.6, 1.4), 0.0) + left * (-1.0, 1.0)]


def arrow(random: np.random.Generator) -> Strokes:
    """An arrow in any direction, with one head or two."""
    size, half = random.uniform(0.25, 0.45), random.uniform(0.2, 0.4)
    head = path([(1 - size, -half), (1.0, 0.0), (1 - size, half)])
    strokes = [bow((0.0, 0.0), (1.0, 0.0), random.normal(0, 0.08)), head]
    if random.random() < 0.25:
        strokes.append(head * (-1.0, 1.0) + (1.0, 0.0))
    return _turned(strokes, random.uniform(0, 2 * math.pi))


def star(random: np.random.Generator) -> Strokes:
    """A star of five points or more, in one stroke or as an outline."""
    count = int(random.integers(5, 8))
    turn = random.uniform(0, 2 * math.pi)
    if random.random() < 0.5:
        count = 7 if count == 7 else 5
        angles = turn + np.arange(count + 1) * (2 * math.pi * 2 / count)
        radii = np.ones(count + 1)
    else:
        angles = turn + np.arange(2 * count + 1) * (math.pi / count)
        radii = np.where(np.arange(2 * count + 1) % 2 == 0, 1.0, random.uniform(0.3, 0.5))
    points = (radii * (np.cos(angles), np.sin(angles))).T
    return [path(list(points + random.normal(0, 0.05, points.shape)))]


def heart(random: np.random.Generator) -> Strokes:
    """A heart."""
    dip, tip = random.uniform(0.15, 0.35), random.uniform(0.8, 1.1)
    half = np.array(
        [(0.0, dip), (0.12, 0.04), (0.32, 0.0), (0.5, 0.14), (0.48, 0.4), (0.25, 0.7), (0.0, tip)]
    )
    right = half * (random.uniform(0.8, 1.3), 1.0)
    return [np.concatenate((right, (right * (-1.0, 1.0))[-2::-1]))]


def spiral(random: np.random.Generator) -> Strokes:
    """A spiral of two turns and more."""
    turns = random.uniform(2.2, 4.5)
    angle = np.linspace(0.0, turns * 2 * math.pi, int(turns * 12))
    radius = (angle / angle[-1]) ** random.uniform(0.7, 1.2)
    start, way = random.uniform(0, 2 * math.pi), random.choice([-1, 1])
    x, y = radius * np.cos(start + way * angle), radius * np.sin(start + way * angle)
    return [np.stack((x, y), axis=1)]


def wave(random: np.random.Generator) -> Strokes:
    """A wave or a zigzag, lying; zigzags of many teeth in any direction."""
    teeth = int(random.integers(4, 10))
    height = random.uniform(0.15, 0.8)
    x = np.linspace(0.0, 1.0, teeth + 1) + random.normal(0, 0.02, teeth + 1)
    y = height * ((np.arange(teeth + 1) + random.integers(2)) % 2)
    y += random.normal(0, 0.15 * height, teeth + 1)
    points = np.stack((x, y), axis=1)
    stroke = path(list(points)) if random.random() < 0.5 else points
    turned = teeth >= 6 and random.random() < 0.4
    return _turned([stroke], random.uniform(0, math.pi) if turned else random.uniform(-0.3, 0.3))


def polygon(random: np.random.Generator) -> Strokes:
    """A triangle, a rectangle or the like: with diagonals, open at a corner, or lying.

    One that stands, closed and empty, may be a 0 that was drawn with corners.
    """
    corners = int(random.choice([3, 3, 4, 4, 5, 6]))
    angles = 2 * math.pi * np.arange(corners) / corners + random.normal(0, 0.12, corners)
    start = math.pi / 4 if corners == 4 else random.choice([-1, 1]) * math.pi / 2
    points = np.stack((np.cos(angles + start), np.sin(angles + start)), axis=1)
    order = (np.arange(corners + 1) + random.integers(corners)) % corners
    crossed = corners >= 4 and random.random() < 0.6
    opened = corners == 4 and not crossed and random.random() < 0.5
    broad = crossed or opened or corners == 3
    points *= (random.uniform(1.0, 1.8) if broad else random.uniform(1.7, 2.6), 1.0)
    outline = path(list(points[order]))
    strokes = [outline[: len(outline) - int(random.integers(2, 5))] if opened else outline]
    if crossed:
        strokes.append(path([points[0], points[2]]))
        if random.random() < 0.5:
            strokes.append(path([points[1], points[3]]))
    return strokes


def house(random: np.random.Generator) -> Strokes:
    """A little house, with or without a door, or drawn in one stroke with its diagonals."""
    width, wall = random.uniform(0.7, 1.2), random.uniform(0.35, 0.55)
    low, top = (0.0, 1.0), (0.0, wall)
    far, high = (width, 1.0), (width, wall)
    peak = (width / 2 + random.normal(0, 0.05), 0.0)
    if random.random() < 0.3:
        return [path([low, top, high, far, low, high, peak, top, far])]
    if random.random() < 0.3:
        return [path([low, far, high, peak, top, low])]
    over = random.uniform(0.0, 0.15)
    strokes = [path([top, low, far, high]), path([(-over, wall), peak, (width + over, wall)])]
    if random.random() < 0.6:
        strokes.append(path([top, high]))
    if random.random() < 0.6:
        x, door = random.uniform(0.15, 0.5) * width, random.uniform(0.15, 0.3)
        strokes.append(path([(x, 1.0), (x, 0.65), (x + door, 0.65), (x + door, 1.0)]))
    return strokes


def grid(random: np.random.Generator) -> Strokes:
    """Lines across lines: hash, lattice, fence."""
    columns, rows = (int(n) for n in random.integers(2, 5, 2))
    width, over = random.uniform(0.7, 1.6), random.uniform(0.0, 0.25)
    standing = [
        path([(x, -over), (x + random.normal(0, 0.05), 1 + over)])
        for x in np.linspace(0, width, columns) + random.normal(0, 0.03, columns)
    ]
    lying = [
        path([(-over, y), (width + over, y + random.normal(0, 0.05))])
        for y in np.linspace(0, 1, rows) + random.normal(0, 0.03, rows)
    ]
    return standing + lying


def face(random: np.random.Generator) -> Strokes:
    """A face with eyes and a mouth, or a circle with other things in it."""
    ring = arc(0, 0, random.uniform(0.9, 1.1), 1.0, random.uniform(0, 6), 6.0)
    if random.random() < 0.6:
        apart, up, mouth = random.uniform(0.25, 0.45), random.uniform(0.2, 0.4), 0.5
        if random.random() < 0.5:
            eyes = [np.array([[side * apart, -up]]) for side in (-1, 1)]
        else:
            eyes = [path([(side * apart, -up), (side * apart, 0.05 - up)]) for side in (-1, 1)]
        curve = random.uniform(-0.35, 0.35)
        return [ring, *eyes, bow((mouth, 0.4), (-mouth, 0.4), curve)]
    inside = [shape * 0.6 for shape in cross(random)]
    if random.random() < 0.4:
        inside = [arc(0, 0, 0.5, 0.5, random.uniform(0, 6), 6.2)]
    return [ring, *inside]


def sun(random: np.random.Generator) -> Strokes:
    """A ring with rays, or a flower."""
    inner, outer = random.uniform(0.35, 0.6), 1.0
    count = int(random.integers(5, 10))
    strokes = [arc(0, 0, inner, inner, random.uniform(0, 6), 6.2)]
    petals = random.random() < 0.4
    for angle in 2 * math.pi * np.arange(count) / count + random.uniform(0, 6):
        ray = np.array((math.cos(angle), math.sin(angle)))
        if petals:
            x, y = ray * (inner + outer) / 2
            strokes.append(arc(x, y, 0.25, 0.25, angle, 6.2))
        else:
            strokes.append(path([ray * (inner + 0.1), ray * outer]))
    return strokes


def figure(random: np.random.Generator) -> Strokes:
    """A man of lines."""
    head = random.uniform(0.1, 0.18)
    hip, arms, legs = random.uniform(0.55, 0.7), *random.uniform(0.15, 0.4, 2)
    shoulder = 2 * head + random.uniform(0.05, 0.15)
    lift = random.uniform(-0.2, 0.2)
    return [
        arc(0, head, head, head, random.uniform(0, 6), 6.2),
        path([(0.0, 2 * head), (0.0, hip)]),
        path([(-arms, shoulder + lift), (0.0, shoulder), (arms, shoulder + lift)]),
        path([(-legs, 1.0), (0.0, hip), (legs, 1.0)]),
    ]


def loops(random: np.random.Generator) -> Strokes:
    """Loops in a chain, as those of an unending "lll", or the sign of infinity."""
    count = int(random.integers(2, 7))
    if count == 2:
        angle = np.linspace(0, 2 * math.pi, 25) + random.uniform(0, 6)
        return [np.stack((np.cos(angle), random.uniform(0.5, 0.9) * np.sin(2 * angle)), axis=1)]
    angle = np.arange(0.0, count * 2 * math.pi, 0.4) + random.uniform(0, 6)
    size = random.uniform(0.3, 0.8) * (1 + 0.2 * np.sin(angle / count))
    step = random.uniform(0.06, 0.14)
    x = step * angle + size * random.uniform(0.3, 0.8) * np.cos(angle)
    return [np.stack((x, random.choice([-1, 1]) * size * np.sin(angle)), axis=1)]


SIGNS: tuple[tuple[float, Shape], ...] = (
    (0.6, dots),
    (1, specks),
    (1, dash),
    (1, dashes),
    (2, cross),
    (0.7, dagger),
    (1.5, tick),
    (1, exclamation),
    (1.5, bracket),
    (1.5, arrow),
    (1, star),
    (0.7, heart),
    (1, spiral),
    (1.5, wave),
    (2, polygon),
    (1, house),
    (1, grid),
    (1, face),
    (0.7, sun),
    (0.5, figure),
    (1, loops),
)
"""Signs and little pictures, with their weights."""
