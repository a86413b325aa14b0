"""Take README's pictures of the real window: ``python packaging/screenshots.py``.

Draws with real pointer events in a throw-away profile and writes ``resources/screenshots/*.png``.
Works on any platform, also with ``QT_QPA_PLATFORM=offscreen``; ``QT_SCALE_FACTOR=2`` makes them
twice as sharp.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, QSize, Qt, QTimer, SignalInstance
from PySide6.QtTest import QTest

from digitpad.app.application import Program, create_application
from digitpad.app.pad.files.formats import to_image, to_picture
from digitpad.data.choice import DataChoice
from digitpad.data.synthetic.digits import synthetic_drawing
from digitpad.errors import DigitpadError
from digitpad.ink.curve import sample_curve
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.learning.configuration.presets import PRESETS
from digitpad.paths import Profile
from digitpad.recognition.inside.fields import Cell
from digitpad.samples.sample import Answer, Origin, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.pad.canvas.canvas import Canvas
    from digitpad.app.window import MainWindow

_LOADING_MS = 120_000
_TRAINING_MS = 900_000
_SOON_MS = 50
_SETTLED_MS = 500

_SAMPLES, _MISREAD = 44, 6
"""On the wall, and every which of them was misread."""

# In shares of the pad's shorter side, from its centre: as somebody would write them.
_SEVEN = (
    ((-0.24, -0.26), (-0.08, -0.275), (0.1, -0.28), (0.25, -0.27), (0.19, -0.17), (0.09, 0.0),
     (0.0, 0.17), (-0.05, 0.31)),
    ((-0.12, 0.02), (0.02, 0.005), (0.19, -0.005)),
)  # fmt: skip
_FIVE = (
    ((-0.13, -0.28), (-0.16, -0.14), (-0.17, -0.03), (-0.07, -0.07), (0.06, -0.06), (0.16, 0.03),
     (0.17, 0.15), (0.09, 0.26), (-0.05, 0.3), (-0.18, 0.25)),
    ((-0.13, -0.28), (0.02, -0.285), (0.19, -0.3)),
)  # fmt: skip
_THREE = (
    ((-0.18, -0.22), (-0.08, -0.3), (0.07, -0.29), (0.13, -0.19), (0.06, -0.08), (-0.05, -0.03),
     (0.08, 0.0), (0.17, 0.1), (0.13, 0.24), (-0.02, 0.3), (-0.18, 0.24)),
)  # fmt: skip
# A 7 to some readers and a 1 to others.
_SEVEN_OR_ONE = (
    ((-0.15, -0.13), (-0.005, -0.22), (0.14, -0.3), (0.11, -0.1), (0.05, 0.1), (0.0, 0.3)),
)  # fmt: skip
_TWO = (
    ((-0.17, -0.2), (-0.08, -0.3), (0.07, -0.29), (0.14, -0.18), (0.06, -0.02), (-0.08, 0.14),
     (-0.19, 0.29), (-0.05, 0.28), (0.19, 0.28)),
)  # fmt: skip
_ZERO = (
    ((0.03, -0.3), (-0.12, -0.22), (-0.18, 0.0), (-0.11, 0.23), (0.02, 0.3), (0.14, 0.2),
     (0.18, -0.02), (0.11, -0.24), (0.01, -0.29)),
)  # fmt: skip
_SIX = (
    ((0.12, -0.29), (-0.04, -0.19), (-0.14, 0.0), (-0.15, 0.18), (-0.04, 0.3), (0.1, 0.26),
     (0.15, 0.13), (0.05, 0.03), (-0.07, 0.07), (-0.13, 0.18)),
)  # fmt: skip
_NUMBER, _NUMBER_SIZE, _NUMBER_STEP = (_TWO, _ZERO, _TWO, _SIX), 0.45, 0.22
_HOUSE = (
    ((-0.22, -0.05), (-0.22, 0.28)), ((-0.22, 0.28), (0.22, 0.28)), ((0.22, 0.28), (0.22, -0.05)),
    ((-0.28, -0.03), (0.0, -0.3)), ((0.0, -0.3), (0.28, -0.03)),
    ((-0.05, 0.28), (-0.05, 0.1)), ((-0.05, 0.1), (0.07, 0.1)), ((0.07, 0.1), (0.07, 0.28)),
)  # fmt: skip

_Digit = tuple[tuple[tuple[float, float], ...], ...]


def wait(milliseconds: int, *signals: SignalInstance) -> None:
    """Let the program run until one of these signals comes, or for so long."""
    loop = QEventLoop()
    for signal in signals:
        signal.connect(loop.quit)
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    for signal in signals:
        signal.disconnect(loop.quit)


def draw(canvas: Canvas, digit: _Digit, size: float = 1.0, right: float = 0.0) -> None:
    """Draw a digit with the mouse.

    Args:
        canvas: where.
        digit: its strokes.
        size: as a factor.
        right: how far from the middle, in shares of the pad's shorter side.
    """
    side = min(canvas.width(), canvas.height())
    centre = np.array([canvas.width() / 2 + right * side, canvas.height() / 2])
    left = Qt.MouseButton.LeftButton
    for corners in digit:
        points = [
            QPoint(round(x), round(y))
            for x, y in sample_curve(np.array(corners) * size * side + centre, side / 12).tolist()
        ]
        QTest.mousePress(canvas, left, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, left, Qt.KeyboardModifier.NoModifier, points[-1])


def read(program: Program) -> None:
    """Wait until all that is on the pad has been read.

    Raises:
        DigitpadError: that takes too long.
    """
    live = program.pad_controller.live
    for _ in range(_LOADING_MS // _SOON_MS):
        QTest.qWait(_SOON_MS)
        if live.latest.is_complete and live.latest.drawing == program.pad.document.drawing:
            return
    raise DigitpadError("Reading the pad took too long: try again.")


def photograph(digit: _Digit) -> Picture:
    """A digit in ink on paper, as a phone would take it: uneven light, a tilt, some noise."""
    angle = np.radians(6)
    tilt = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    drawing = Drawing.of([np.array(corners) * 1000 for corners in digit], 42).transformed(tilt)
    sharp = to_picture(
        to_image(drawing).scaledToHeight(560, Qt.TransformationMode.SmoothTransformation)
    )
    ink = 1 - sharp.pixels[..., 0] / 255
    ink = np.pad(ink, ((90, 110), (240, 160)))
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width]
    light = 0.92 - 0.42 * x / width - 0.2 * ((x / width - 0.3) ** 2 + (y / height - 0.4) ** 2)
    rng = np.random.default_rng(7)
    paper = np.array([242.0, 236.0, 221.0]) * light[..., None]
    blue = np.array([44.0, 62.0, 128.0]) * light[..., None]
    colours = paper + (blue - paper) * (0.9 * ink[..., None]) + rng.normal(0, 3, (height, width, 1))
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.clip(colours, 0, 255)
    return Picture(pixels)


def train(program: Program) -> None:
    """Train a network in the Train tab and wait for it.

    Raises:
        DigitpadError: it does not end.
    """
    trainer = program.show_train()
    config = PRESETS["quick"].config
    trainer.page.form.set_config(replace(config, data=DataChoice("mnist-excerpt")))
    trainer.page.controls.start.click()
    wait(_TRAINING_MS, trainer.training.finished)
    if trainer.training.state != "idle":
        raise DigitpadError("The training took too long: try again.")


def teach(program: Program) -> None:
    """Say that what is on the pad is a 1."""
    program.teach_actions.named["1"].trigger()
    wait(_LOADING_MS, program.teaching.learned)
    # The lesson changes the answer in the next frame.
    QTest.qWait(_SOON_MS)
    read(program)


def collect(program: Program) -> None:
    """Show samples: digits as the program draws them, some of which it has misread."""
    random = np.random.default_rng(11)
    names = program.recognition.active.classes
    samples = []
    for number in range(_SAMPLES):
        label = str(random.choice(names))
        misread = number % _MISREAD == 0
        said = str(random.choice([name for name in names if name != label])) if misread else label
        sample = Sample.of(label, synthetic_drawing(int(label), random))
        answer = Answer(said, 0.58 if misread else 0.97, rejected=False, model="bundled")
        origin: Origin = "correction" if misread else "confirmation"
        samples.append(replace(sample, answer=answer, origin=origin))
    program.teaching.add(samples)
    wait(_LOADING_MS, program.teaching.changed)
    program.samples.show()
    QTest.qWait(_SOON_MS)


def think(program: Program) -> None:
    """Wait until everything that the view in front has asked for is there."""
    for _ in range(_LOADING_MS // _SETTLED_MS):
        # What has arrived may lead to further questions.
        QTest.qWait(_SETTLED_MS)
        if not program.inside.is_busy:
            return


def look_inside(program: Program, folder: Path) -> None:
    """Take pictures of the Inside page, after a training."""
    program.pad.document.clear()
    inside = program.inside
    controller = inside.show()
    draw(inside.page.canvas, _SEVEN)
    read(program)
    view = controller.view
    view.walls.choose(Cell("conv1", (8, 4, 6)))
    view.walls.cell_chosen.emit(view.walls.chosen)
    take(program.window, folder / "inside.png")
    controller.show_view(1)
    think(program)
    controller.view.choose_label(1)
    think(program)
    for _ in range(4):
        controller.view.take_steps(1)
        think(program)
    take(program.window, folder / "loss.png")
    for number, name in ((2, "matters"), (3, "through")):
        controller.show_view(number)
        think(program)
        take(program.window, folder / f"{name}.png")
    controller.show_view(0)
    inside.actions.chapters.trigger()
    inside.chapters.show_chapter(2)
    take(program.window, folder / "chapter.png")
    inside.actions.chapters.trigger()


def look(program: Program) -> None:
    """Show the data in the Train tab."""
    trainer = program.show_train()
    trainer.page.show_data()
    trainer.page.data.wanted.emit()
    wait(_LOADING_MS, trainer.data.loaded, trainer.data.failed)
    augmented = trainer.page.data.augmented
    for _ in range(_LOADING_MS // _SOON_MS):
        if len(augmented.originals) > 0:
            return
        QTest.qWait(_SOON_MS)


def take(window: MainWindow, path: Path) -> None:
    """Write a picture of the window."""
    QTest.qWait(_SETTLED_MS)  # layout and painting that is still due
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path)):
        raise DigitpadError(
            "{path} could not be written: check the disk and its folder.", path=path
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Take all pictures."""
    folder = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
    parser = argparse.ArgumentParser(description="Take README's pictures of the window.")
    parser.add_argument("--out", type=Path, default=folder, help="folder for the pictures")
    parser.add_argument("--size", default="1000x720", help="of the window, like 640x480")
    options = parser.parse_args(arguments)
    width, height = map(int, options.size.split("x"))
    application = create_application()
    with tempfile.TemporaryDirectory() as profile:
        program = Program(Profile(Path(profile)))
        window = program.window
        try:
            window.resize(QSize(width, height))
            window.show()
            wait(_LOADING_MS, program.recognition.ready, program.recognition.failed)
            if not program.recognition.is_ready:
                raise DigitpadError("No model can be asked: start Digitpad, which says why.")
            program.pad.canvas.clearFocus()
            themes = program.actions.themes
            themes["light"].trigger()
            draw(program.pad.canvas, _SEVEN)
            take(window, options.out / "light.png")
            for name, drawing in (("rejected", _HOUSE), ("doubt", _SEVEN_OR_ONE)):
                program.pad.document.clear()
                draw(program.pad.canvas, drawing)
                read(program)
                take(window, options.out / f"{name}.png")
            teach(program)
            take(window, options.out / "taught.png")
            program.teaching.delete_everything()
            wait(_LOADING_MS, program.teaching.changed)
            program.pad.document.clear()
            for place, digit in enumerate(_NUMBER):
                middle = (len(_NUMBER) - 1) / 2
                draw(program.pad.canvas, digit, _NUMBER_SIZE, _NUMBER_STEP * (place - middle))
            read(program)
            take(window, options.out / "number.png")
            themes["dark"].trigger()
            program.pad.document.clear()
            draw(program.pad.canvas, _THREE)
            take(window, options.out / "dark.png")
            themes["light"].trigger()
            program.pad_actions.stages.trigger()
            program.pad.document.clear()
            draw(program.pad.canvas, _FIVE)
            take(window, options.out / "steps.png")
            program.pad.document.replace(Drawing(picture=photograph(_FIVE)))
            take(window, options.out / "picture.png")
            program.pad_actions.stages.trigger()
            program.pad.document.clear()
            draw(program.pad.canvas, _FIVE)
            collect(program)
            take(window, options.out / "samples.png")
            program.teaching.delete_everything()
            wait(_LOADING_MS, program.teaching.changed)
            program.show_pad()
            train(program)
            take(window, options.out / "train.png")
            themes["dark"].trigger()
            take(window, options.out / "train-dark.png")
            themes["light"].trigger()
            look(program)
            take(window, options.out / "data.png")
            look_inside(program, options.out)
            window.close()
        finally:
            program.shutdown()
    application.quit()


if __name__ == "__main__":
    try:
        main()
    except DigitpadError as error:
        sys.exit(f"screenshots: {error}")
