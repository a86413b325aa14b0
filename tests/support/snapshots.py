"""Pictures compared with kept ones: ``DIGITPAD_UPDATE_SNAPSHOTS=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from digitpad.app.widgets.theme import choose_theme, is_dark

FOLDER = Path(__file__).resolve().parents[1] / "snapshots"


def pixels(image: QImage) -> np.ndarray:
    """Red, green and blue of an image: int16 (h, w, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 4 * image.width()].reshape(image.height(), -1, 4)[..., :3].astype(np.int16)


def check(image: QImage, name: str, tolerance: int = 24, share: float = 0.002) -> None:
    """Compare with the kept picture: only a share of the pixels may differ by more than that."""
    path = FOLDER / f"{name}.png"
    if os.environ.get("DIGITPAD_UPDATE_SNAPSHOTS") == "1":
        FOLDER.mkdir(exist_ok=True)
        assert image.save(str(path))
    kept = QImage(str(path))
    assert not kept.isNull(), f"no snapshot {path.name}: run with DIGITPAD_UPDATE_SNAPSHOTS=1"
    assert kept.size() == image.size()
    off = (np.abs(pixels(kept) - pixels(image)) > tolerance).any(axis=2).mean()
    assert off <= share, f"{name}: {off:.2%} of the pixels differ"


def wear(qtbot, widget, theme: str) -> None:
    """Give the program a theme, and wait until the widget has it."""
    choose_theme(theme)
    qtbot.waitUntil(lambda: is_dark(widget.palette()) == (theme == "dark"))
