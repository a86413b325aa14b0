"""The window, used as by a person: draw, train, use what was trained, draw again, and close."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smoke.tools import POLL_SECONDS, SmokeError, ensure, run, say, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smoke.display import Display, Frame, Point
    from smoke.installing import MenuEntry
    from smoke.isolation import Isolation

    Strokes = list[list[tuple[float, float]]]

_STARTING_SECONDS = 60
_READING_SECONDS = 60
"""The first answer waits for the network to be loaded."""
_TRAINING_SECONDS = 180
_CLOSING_SECONDS = 30
_ENDS = {"completed", "stopped", "failed"}
"""What a training has come to that does not go on by itself."""
_PAUSE_SECONDS = 0.3
"""After a key that shows something else, so that a picture shows it."""

OF_THE_LOCALE = r'Detected locale "C" .*\sQt depends on a UTF-8 locale.*'
"""Qt says so where it replaces a locale."""
_UNANSWERED = "nothing was copied"
_STEPS_BETWEEN = 4
"""Places of the pointer between two points of a stroke."""

TRAINED = {"count": 6000, "epochs": 3, "batch_size": 64}
"""What is typed into the form: enough for a network that reads a plain digit, in a few seconds."""


@dataclass
class Session:
    """A program that has been started, with its window.

    Attributes:
        display: shows the window.
        process: the program.
        window: of the X server.
        frame: where it is.
        printed: gets all that the program says.
    """

    display: Display
    process: subprocess.Popen[bytes]
    window: int
    printed: Path
    frame: Frame = field(init=False)

    def __post_init__(self) -> None:
        self.frame = self.display.frame(self.window)


@contextlib.contextmanager
def opened(
    display: Display, isolation: Isolation, entry: MenuEntry, printed: Path, **variables: str
) -> Iterator[Session]:
    """Start the program as the menu does, and wait for its window.

    Args:
        display: for the window.
        isolation: where the program runs.
        entry: of the menu.
        printed: a file for all that the program says.
        variables: of the environment.

    Raises:
        SmokeError: no window appears.
    """
    command = isolation.command(
        [entry.program, *entry.arguments], DISPLAY=display.name, **variables
    )
    with printed.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        window = wait_for(
            lambda: process.poll() is not None or _largest(display, entry.window_class),
            _STARTING_SECONDS,
            f"No window of the class {entry.window_class} appears.",
        )
        ensure(process.poll() is None, f"The program ended at once. {_told(printed)}")
        session = Session(display, process, window, printed)
        display.focus(window)
        yield session
    except SmokeError:
        display.photograph(printed.with_name("failure.png"))
        raise
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _largest(display: Display, window_class: str) -> int | None:
    frames: list[tuple[int, int]] = []
    for window in display.windows(window_class):
        # One that closes just now has no place any more.
        with contextlib.suppress(SmokeError):
            frame = display.frame(window)
            frames.append((frame.width * frame.height, window))
    # Windows that only take messages are tiny.
    area, window = max(frames, default=(0, 0))
    return window if area > 300 * 300 else None


def draw(session: Session, strokes: Strokes) -> None:
    """Draw on the pad, in its middle."""
    for stroke in _on_pad(session.frame, strokes):
        session.display.stroke(stroke)


def read_strokes(path: Path) -> Strokes:
    """The first drawing of an ndjson file, its sides between 0 and 1."""
    line = path.read_text(encoding="utf-8").splitlines()[0]
    strokes = [list(zip(*parts[:2], strict=True)) for parts in json.loads(line)["drawing"]]
    corners = [point for stroke in strokes for point in stroke]
    low = [min(values) for values in zip(*corners, strict=True)]
    high = [max(values) for values in zip(*corners, strict=True)]
    side = max(high[0] - low[0], high[1] - low[1])
    return [[((x - low[0]) / side, (y - low[1]) / side) for x, y in stroke] for stroke in strokes]


def _on_pad(frame: Frame, strokes: Strokes) -> Iterator[list[Point]]:
    """Strokes in pixels of the screen: the pad fills most of the left of the window."""
    side = 0.4 * frame.height
    width = max(x for stroke in strokes for x, _ in stroke)
    left = frame.x + 0.3 * frame.width - side * width / 2
    top = frame.y + 0.47 * frame.height - side / 2
    for stroke in strokes:
        places = [(left + side * x, top + side * y) for x, y in stroke]
        yield [(round(x), round(y)) for x, y in _densely(places)]


def _densely(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    yield points[0]
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        for step in range(1, _STEPS_BETWEEN + 1):
            share = step / _STEPS_BETWEEN
            yield x + share * (next_x - x), y + share * (next_y - y)


def answer(session: Session) -> str:
    """What the window reads on the pad: the command that copies the answer tells it."""
    display = session.display
    display.copy(_UNANSWERED)

    def look() -> str | None:
        display.keys("ctrl+shift+c")
        time.sleep(POLL_SECONDS)
        copied = display.copied()
        return None if copied in {"", _UNANSWERED} else copied

    return wait_for(look, _READING_SECONDS, f"No answer comes. {_told(session.printed)}")


def clear(session: Session) -> None:
    """Take everything off the pad."""
    session.display.keys("Escape")


def photograph(session: Session, path: Path) -> None:
    """Write a picture of the window as it is in a moment."""
    # Not on a button, which looks different below the pointer.
    session.display.point(session.frame.x + session.frame.width - 2, session.frame.y + 2)
    time.sleep(_PAUSE_SECONDS)
    session.display.photograph(path)


def train(session: Session, isolation: Isolation) -> str:
    """Fill in the Train tab with nothing but keys, start, and wait for the end.

    Returns:
        The name of the training.

    Raises:
        SmokeError: there is no finished training with what was typed.
    """
    display = session.display
    known = {run_["run"] for run_ in runs(isolation)}
    display.keys("ctrl+2")
    time.sleep(_PAUSE_SECONDS)
    # The keys begin at Start. Back over the page, the pages' tabs, the six headings, learning rate,
    # epochs and network, to the data.
    display.keys(*["shift+Tab"] * 12)
    display.write("Synth")
    # Network; epochs.
    display.keys("Tab", "Tab")
    display.write(str(TRAINED["epochs"]))
    # Learning rate; a heading that opens its section; first weights; number of drawings.
    display.keys("Tab", "Tab", "space", "Tab", "Tab")
    display.write(str(TRAINED["count"]))
    # Steps in an epoch; first random weights; the next heading; optimizer; size of a batch.
    display.keys("Tab", "Tab", "Tab", "space", "Tab", "Tab")
    display.write(str(TRAINED["batch_size"]))
    display.keys("alt+s")

    def finished() -> dict[str, Any] | None:
        ensure(session.process.poll() is None, f"The program ended. {_told(session.printed)}")
        ensure(not isolation.log, f"The window met with an error:\n{isolation.log[-4000:]}")
        new = [run_ for run_ in runs(isolation) if run_["run"] not in known]
        return new[0] if new and new[0]["status"] in _ENDS else None

    done = wait_for(finished, _TRAINING_SECONDS, "The training does not end.")
    ensure(done["status"] == "completed", f"The training ended so: {done}.")
    config = done["config"]
    typed = {name: config[name] for name in ("epochs", "batch_size")} | {
        "count": config["data"]["count"]
    }
    ensure(
        typed == TRAINED and config["data"]["kind"] == "synthetic",
        f"The form has not taken what was typed: {config}.",
    )
    ensure(done["accuracy"] > 0.5, f"The network has learned nothing: {done['accuracy']}.")
    return str(done["name"])


def runs(isolation: Isolation) -> list[dict[str, Any]]:
    """All trainings of the user, the newest first, as the command line tells them."""
    told = run(isolation.command(["digitpad", "train", "--list", "--json"])).stdout
    return [json.loads(line) for line in told.splitlines()]


def use(session: Session) -> None:
    """Let the pad read with the network that was just trained."""
    session.display.keys("alt+u")
    time.sleep(_PAUSE_SECONDS)


def close(session: Session, said: str = "") -> None:
    """Close the window.

    Args:
        session: as it says.
        said: a pattern for all that the program may have printed.

    Raises:
        SmokeError: the program goes on, fails, or says something.
    """
    session.display.keys("ctrl+q")
    try:
        code = session.process.wait(_CLOSING_SECONDS)
    except subprocess.TimeoutExpired:
        raise SmokeError("The program goes on after its window was closed.") from None
    ensure(code == 0, f"The program ended with code {code}. {_told(session.printed)}")
    told = session.printed.read_text(encoding="utf-8", errors="replace").strip()
    ensure(
        re.fullmatch(said, told, re.DOTALL),
        f"The program has said something on its standard error: {told[-2000:]}",
    )
    session.printed.unlink()
    say("it is closed with code 0 and has said nothing")


def _told(printed: Path) -> str:
    text = printed.read_text(encoding="utf-8", errors="replace").strip()
    return f"It said: {text[-2000:]}" if text else "It said nothing."
