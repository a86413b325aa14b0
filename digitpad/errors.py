"""Errors of the world, as opposed to bugs."""

from __future__ import annotations

from functools import partial

from digitpad.text import Sentence


class DigitpadError(Sentence, Exception):
    """Something outside the program is not as it should be: a file, a disk, a picture.

    It is a full sentence that a person can act on. The window translates it and continues; the
    command line prints it in English on standard error and exits with code 2. Anything else that
    is raised is a bug.
    """

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross between processes.
        return partial(type(self), self.template, **self.fields), ()


def joined(*sentences: DigitpadError) -> DigitpadError:
    """Several sentences, at least one, as one error."""
    first, *others = sentences
    if not others:
        return first
    return DigitpadError("{first} {then}", first=first, then=joined(*others))
