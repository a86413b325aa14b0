"""The program's icon in the forms that the three systems want, all drawn from one SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bundling.failure import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

PNG_SIDES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
"""In pixels: what icon themes on Linux ask for."""

WINDOWS_SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""In pixels: title bar, task bar and desktop at scales from 100 to 400 percent."""

MAC_SIDES = (32, 64, 128, 256, 512, 1024)
"""In pixels: those of which Pillow writes all kinds of an ``.icns`` file."""

_MAC_MARGIN = 0.071
"""Share of the side that stays free at each edge, so that the body has the usual 824 of 1024."""


def png_icons(svg: Path, out_dir: Path) -> list[Path]:
    """Draw the icons of an icon theme.

    Args:
        svg: the drawing.
        out_dir: a folder, made where it is missing.

    Returns:
        The files, named after the drawing and the side in pixels: ``digitpad-16.png``.

    Raises:
        BuildError: the drawing cannot be read.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    paths = []
    for side in PNG_SIDES:
        path = out_dir / f"{svg.stem}-{side}.png"
        _drawn(svg, side).save(path, format="PNG", optimize=True)
        paths.append(path)
    return paths


def windows_icon(svg: Path, path: Path) -> Path:
    """Write an ``.ico`` file in which each size has been drawn for itself, and return its path.

    Raises:
        BuildError: the drawing cannot be read.
    """
    largest, *others = (_drawn(svg, side) for side in reversed(WINDOWS_SIDES))
    path.parent.mkdir(parents=True, exist_ok=True)
    largest.save(
        path,
        format="ICO",
        sizes=[(side, side) for side in WINDOWS_SIDES],
        append_images=others,
    )
    return path


def mac_icon(svg: Path, path: Path) -> Path:
    """Write an ``.icns`` file in which each size has been drawn for itself, and return its path.

    Raises:
        BuildError: the drawing cannot be read.
    """
    largest, *others = (_drawn(svg, side, margin=_MAC_MARGIN) for side in reversed(MAC_SIDES))
    path.parent.mkdir(parents=True, exist_ok=True)
    largest.save(path, format="ICNS", append_images=others)
    return path


def _drawn(svg: Path, side: int, margin: float = 0.0) -> Image.Image:
    from PIL import Image
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    # A path that is no file would leave Qt with a warning and an empty picture.
    renderer = QSvgRenderer(svg.read_bytes()) if svg.is_file() else QSvgRenderer()
    if not renderer.isValid():
        raise BuildError(f"The icon {svg} is missing or is no SVG.")
    canvas = QImage(side, side, QImage.Format.Format_RGBA8888_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    free = margin * side
    renderer.render(painter, QRectF(free, free, side - 2 * free, side - 2 * free))
    painter.end()
    pixels = canvas.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (side, side), bytes(pixels.constBits()))
