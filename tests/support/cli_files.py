"""Drawings and models to give to the command line."""

import json

from digitpad.recognition.model_file import Model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network

DIGITS = tuple("0123456789")
OPTIONS = {"widths": [2, 2, 2, 2]}
ONE = [[[50, 50], [0, 90]]]
SEVEN = [[[10, 30, 60, 50, 40, 30], [10, 10, 10, 40, 70, 100]]]
ZERO = [[[50, 20, 10, 20, 50, 80, 90, 80, 50], [0, 15, 60, 105, 120, 105, 60, 15, 0]]]


def line(drawing, **values):
    return json.dumps({**values, "drawing": drawing}) + "\n"


def write_model(path, title="Tiny", classes=DIGITS, **values):
    info = ModelInfo(title, "padnet", classes, OPTIONS, **values)
    save_model(Model(info, build_network("padnet", len(classes), OPTIONS).eval()), path)
    return path


def objects(out):
    return [json.loads(text) for text in out.splitlines()]


def beside(*drawings, step=90, down=0):
    """Drawings in a row as one, each so far to the right of the one before, and so far down."""
    return [
        [[x + i * step for x in xs], [y + down for y in ys]]
        for i, drawing in enumerate(drawings)
        for xs, ys in drawing
    ]
