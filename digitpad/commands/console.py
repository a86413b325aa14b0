"""Standard output and standard error, as commands write to them."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Never, TextIO

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tqdm import tqdm

    from digitpad.text import Sentence


class Console:
    """Where a command writes: results on standard output, sentences on standard error.

    A windowed program has neither stream; what is written is then dropped.

    Args:
        out: standard output, or None.
        err: standard error, or None.
    """

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        self._out = out
        self._err = err
        self._bar: tqdm[Never] | None = None
        self._what = ""

    def line(self, text: str) -> None:
        """Write one line of results, escaped by `printable`; raises as `text` does."""
        self.text(printable(text))

    def json(self, value: Mapping[str, object]) -> None:
        """Write one object of JSON as a line; what is no number is null in it."""
        # ASCII: names with stray bytes come back as they were, whatever the encoding of the output.
        self.text(json.dumps(_finite(value), allow_nan=False))

    def text(self, text: str) -> None:
        """Write one line or several, as they are.

        Raises:
            BrokenPipeError: whoever read the results has gone.
            DigitpadError: the results cannot be written, the disk may be full.
        """
        if self._out is not None:
            with _write_errors(), self._without_bar():
                self._out.write(_encodable(text, self._out) + "\n")

    def flush(self) -> None:
        """Hand over the lines written so far; raises as `text` does."""
        if self._out is not None:
            with _write_errors():
                self._out.flush()

    def finish(self) -> None:
        """Hand over what can be; where that fails, drop the rest so that the exit is quiet."""
        self.end_progress()
        if self._out is None:
            return
        try:
            self._out.flush()
        except OSError:
            # The interpreter flushes once more when it ends, and would complain there.
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._out.fileno())
                os.close(nowhere)

    def say(self, sentence: Sentence | str) -> None:
        """Write a sentence on standard error, always as one line."""
        if self._err is None:
            return
        # Where standard error is gone there is no place left to say so.
        with self._without_bar(), contextlib.suppress(OSError):
            print(_encodable(f"digitpad: {printable(str(sentence))}", self._err), file=self._err)
            self._err.flush()

    @property
    def is_on_terminal(self) -> bool:
        """Whether a person may see progress: standard error is a terminal."""
        return self._err is not None and self._err.isatty()

    def progress(
        self,
        done: int,
        total: int | None = None,
        *,
        what: str = "",
        unit: str = "drawings",
        beside_results: bool = True,
    ) -> None:
        """Show a bar on standard error if that is a terminal, until it is ended.

        Args:
            done: number of units up to now.
            total: number of units, where it is known.
            what: is being done; something else gets a bar of its own.
            unit: what is counted; "bytes" are shown in larger units.
            beside_results: False shows no bar where the results themselves pass on a screen.
        """
        crowded = not beside_results and self._out is not None and self._out.isatty()
        if not self.is_on_terminal or crowded:
            return
        if self._bar is None or what != self._what:
            from tqdm import tqdm

            self.end_progress()
            self._bar = tqdm(
                desc=what or None,
                total=total,
                unit="B" if unit == "bytes" else f" {unit}",
                unit_scale=unit == "bytes",
                file=self._err,
                leave=False,
                dynamic_ncols=True,
            )
            self._what = what
        self._bar.update(done - self._bar.n)

    def end_progress(self) -> None:
        """Take the bar away for good."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    @contextlib.contextmanager
    def _without_bar(self) -> Iterator[None]:
        """Take the bar away while something is written, which may be on the same screen."""
        if self._bar is None:
            yield
            return
        self._bar.clear()
        yield
        self._bar.refresh()


def printable(text: str) -> str:
    """Text in one line, with every control character and stray byte of a file name escaped."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _encodable(text: str, stream: TextIO) -> str:
    """Text with what the stream's encoding lacks escaped, where plain writing would fail."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


@contextlib.contextmanager
def _write_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DigitpadError(
            "The results cannot be written: {reason}.", reason=error.strerror or error
        ) from error
