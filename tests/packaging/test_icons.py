"""The program's icon for Linux, Windows and macOS."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bundling import icons
from bundling.failure import BuildError

SVG = Path(__file__).resolve().parents[2] / "resources" / "icons" / "digitpad.svg"
BLUE = (31, 102, 214)


def pixels(image):
    return np.asarray(image.convert("RGBA")).astype(int)


def blue_box(image):
    """First and last row and column (without the far end) that are mostly covered."""
    covered = pixels(image)[:, :, 3] > 127
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def check_drawing(image):
    """The digit in white on blue, and clear corners."""
    drawn = pixels(image)
    assert drawn[0, 0, 3] == drawn[-1, -1, 3] == 0
    side = len(drawn)
    opaque = drawn[drawn[:, :, 3] == 255][:, :3]
    assert (np.abs(opaque - BLUE).max(axis=1) < 3).sum() > 0.4 * side * side
    assert (opaque.min(axis=1) > 200).any()


def test_an_icon_theme_gets_all_sizes(tmp_path):
    paths = icons.png_icons(SVG, tmp_path / "new")
    assert [path.name for path in paths] == [f"digitpad-{side}.png" for side in icons.PNG_SIDES]
    for path, side in zip(paths, icons.PNG_SIDES, strict=True):
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (side, side))
            check_drawing(image)


def test_windows_gets_all_sizes_each_drawn_for_itself(tmp_path):
    path = icons.windows_icon(SVG, tmp_path / "icons" / "digitpad.ico")
    pngs = {icon.stem: icon for icon in icons.png_icons(SVG, tmp_path)}
    with Image.open(path) as image:
        assert image.format == "ICO"
        assert image.info["sizes"] == {(side, side) for side in icons.WINDOWS_SIDES}
        for side in icons.WINDOWS_SIDES:
            frame = image.ico.getimage((side, side))
            check_drawing(frame)
            if side in icons.PNG_SIDES:
                with Image.open(pngs[f"digitpad-{side}"]) as png:
                    assert (pixels(frame) == pixels(png)).all()


def test_macos_gets_all_sizes_with_its_margin(tmp_path):
    path = icons.mac_icon(SVG, tmp_path / "digitpad.icns")
    with Image.open(path) as image:
        assert image.format == "ICNS"
        sizes = {(width * scale, scale) for width, _, scale in image.info["sizes"]}
        assert sizes == {
            *((side, 1) for side in (128, 256, 512)),
            *((side, 2) for side in (32, 64, 256, 512, 1024)),
        }
        for size in image.info["sizes"]:
            frame = image.icns.getimage(size)
            check_drawing(frame)
            scale = frame.width / 1024
            assert (
                np.abs(np.subtract(blue_box(frame), np.multiply((100, 924) * 2, scale))).max() <= 1
            )


def test_the_same_drawing_gives_the_same_files(tmp_path):
    for write in (icons.windows_icon, icons.mac_icon):
        one, two = (write(SVG, tmp_path / name).read_bytes() for name in ("one", "two"))
        assert one == two
    first, second = (icons.png_icons(SVG, tmp_path / name) for name in ("first", "second"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("content", [None, b"", b"<svg", b"no drawing"])
def test_what_is_no_drawing_ends_the_build(tmp_path, content):
    path = tmp_path / "drawing.svg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BuildError, match=r"drawing\.svg is missing or is no SVG"):
        icons.png_icons(path, tmp_path)
