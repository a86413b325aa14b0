"""A screen that nobody sees, with somebody's hand on mouse and keys, and a clipboard."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from smoke.tools import SmokeError, ensure, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    Point = tuple[int, int]

_SIZE = "1280x900"
_STEP_SECONDS = 0.01
"""Between two places of the pointer: as a mouse reports them."""


class Frame(NamedTuple):
    """Where a window is, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int


class Display:
    """An X server, for as long as the context lasts.

    Attributes:
        name: as programs find it in ``DISPLAY``.
    """

    def __init__(self) -> None:
        self.name = ""
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        reader, writer = os.pipe()
        with os.fdopen(reader) as told:
            self._server = subprocess.Popen(
                [
                    *("Xvfb", "-displayfd", str(writer), "-screen", "0", f"{_SIZE}x24"),
                    # Any user of the machine may connect; a network cannot.
                    *("-ac", "-nolisten", "tcp", "-noreset"),
                ],
                pass_fds=[writer],
                stderr=subprocess.DEVNULL,
            )
            os.close(writer)
            number = told.readline().strip()
        if not number:
            self.__exit__(None, None, None)
            raise SmokeError("Xvfb does not start.")
        self.name = f":{number}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stages: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()

    def windows(self, window_class: str) -> list[int]:
        """All windows of a class that can be seen."""
        pattern = f"^{re.escape(window_class)}$"
        found = self._do("search", "--onlyvisible", "--class", pattern, codes=(0, 1))
        return [int(line) for line in found.split()]

    def frame(self, window: int) -> Frame:
        """Where a window is."""
        told = self._do("getwindowgeometry", "--shell", str(window))
        values = {name: int(value) for name, value in re.findall(r"(?m)^(\w+)=(-?\d+)$", told)}
        return Frame(values["X"], values["Y"], values["WIDTH"], values["HEIGHT"])

    def title(self, window: int) -> str:
        """What stands above a window."""
        return self._do("getwindowname", str(window)).strip()

    def focus(self, window: int) -> None:
        """Let a window have the keys: there is no window manager to do it."""
        self._do("windowfocus", str(window))

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, such as ``ctrl+q``."""
        for key in keys:
            self._do("key", "--clearmodifiers", key)

    def write(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", "30", text)

    def stroke(self, points: Sequence[Point]) -> None:
        """Draw with the left button held down.

        Args:
            points: corners of the way, in pixels of the screen.
        """
        words: list[str] = []
        for index, (x, y) in enumerate(points):
            words += ["mousemove", str(x), str(y), "sleep", str(_STEP_SECONDS)]
            if index == 0:
                words += ["mousedown", "1"]
        self._do(*words, "mouseup", "1")

    def point(self, x: int, y: int) -> None:
        """Move the pointer to a place, with no button down."""
        self._do("mousemove", str(x), str(y))

    def copied(self) -> str:
        """The text on the clipboard; empty where there is none."""
        return self._clipboard("-out", codes=(0, 1)).stdout

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        # It goes on in the background to hand the text out, and would keep a pipe open.
        done = subprocess.run(
            ["xclip", "-selection", "clipboard", "-in"],
            check=False,
            env=os.environ | {"DISPLAY": self.name},
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ensure(done.returncode == 0, "xclip cannot put anything on the clipboard.")

    def photograph(self, path: Path) -> None:
        """Write a picture of the screen."""
        run(["import", "-window", "root", path], environment=os.environ | {"DISPLAY": self.name})

    def _clipboard(self, *words: str, codes: Sequence[int]) -> subprocess.CompletedProcess[str]:
        return run(
            ["xclip", "-selection", "clipboard", *words],
            codes=codes,
            seconds=20,
            environment=os.environ | {"DISPLAY": self.name},
        )

    def _do(self, *words: str, codes: Sequence[int] = (0,)) -> str:
        return run(
            ["xdotool", *words],
            codes=codes,
            seconds=60,
            environment=os.environ | {"DISPLAY": self.name},
        ).stdout
