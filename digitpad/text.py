"""Sentences as templates with named fields, the marks that translators need, and numbers in words.

Here everything comes out in English, for the command line and the log; the window translates the
same templates (`digitpad.app.i18n`). Qt's extractor finds them in the source where these names are
called with literals, and puts them into the context without a name:

    pyside6-lupdate -tr-function-alias QT_TR_NOOP+=Marked,QT_TR_NOOP+=Sentence,\
QT_TR_NOOP+=DigitpadError,tr+=Plural -extensions py digitpad -ts digitpad_zh_CN.ts

and other classes of errors and `os_errors` likewise. The two forms of a `Plural` become source and
comment of one message with numerus forms.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Any, Self

_FORMATTER = string.Formatter()


class Marked(str):
    """A text that stands in a table and is translated where it is shown."""

    __slots__ = ()


class Plural(str):
    """A template whose form depends on a count; in English it is one of two.

    Args:
        one: the form for a count of 1.
        many: the form for all others.
        number: the count.
    """

    one: str
    many: str
    number: int

    def __new__(cls, one: str, many: str, number: int) -> Self:
        """Choose the English form."""
        text = super().__new__(cls, one if number == 1 else many)
        text.one, text.many, text.number = one, many, number
        return text

    def __reduce__(self) -> tuple[object, ...]:
        return Plural, (self.one, self.many, self.number)


class Sentence:
    """A whole sentence, or several.

    Args:
        template: in the form of `str.format` with plain names, a literal, or a `Plural` of two:
            "There is no file {path}: check its name." Without fields it is taken as it is.
        fields: what its names stand for. Another `Sentence` or a `Marked` text is translated, too;
            numbers are written as the locale has them, with a format such as ``.1%`` as per cent.

    Attributes:
        template: as given.
        fields: as given.
    """

    def __init__(self, template: str, **fields: object) -> None:
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        """In English."""
        return Writer().text(self)


class Writer:
    """Writes sentences in English, with numbers as Python has them."""

    def text(self, said: Sentence | str) -> str:
        """A sentence or a text, translated and filled in."""
        if isinstance(said, str):
            return self.translated(said)
        template = self.translated(said.template)
        if not said.fields:
            return template
        text = ""
        for literal, name, form, conversion in _parsed(template):
            text += literal
            if name is not None:
                value = _FORMATTER.convert_field(said.fields[name], conversion)
                text += self._field(value, form or "")
        return text

    def translated(self, template: str) -> str:
        """A template in the reader's language."""
        return template

    def number(self, value: float) -> str:
        """A number as short as it can be written exactly."""
        return str(value)

    def percent(self, share: float, decimals: int) -> str:
        """A share in [0, 1] as per cent."""
        return percent(share, decimals)

    def _field(self, value: Any, form: str) -> str:
        if isinstance(value, Sentence | Marked):
            return self.text(value)
        if form.endswith("%"):
            return self.percent(value, int(form.strip(".%") or 0))
        if isinstance(value, int | float) and not isinstance(value, bool) and not form:
            return self.number(value)
        return format(value, form)


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    """A template's literals and fields. Each part of a long number is described by the same."""
    return tuple(_FORMATTER.parse(template))


def writable(text: str) -> str:
    """Text that any file and any database takes: stray bytes of a file's name are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


SUREST = 0.999
"""No network is surer than this, whatever its last layer says: beyond, tenths mean nothing."""


def percent(share: float, decimals: int = 0) -> str:
    """A share in [0, 1] as per cent: "99.12 %"; 100 only where it is all."""
    return f"{per_cent(share, decimals):.{decimals}f} %"


def per_cent(share: float, decimals: int) -> float:
    """A share in [0, 1] in per cent, with so many decimals: 100 only where it is all."""
    value = round(100.0 * share, decimals)
    return 100 - 10.0**-decimals if share < 1 <= value / 100 else value


def probability(share: float) -> str:
    """What a network gives a class, in [0, 1]: "98.3 %", at most "> 99.9 %"."""
    return f"> {percent(SUREST, 1)}" if is_all_but_sure(share) else percent(share, 1)


def is_all_but_sure(share: float) -> bool:
    """Whether a probability would be rounded to more than `SUREST`."""
    return round(share, 3) > SUREST
