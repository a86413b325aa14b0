"""Numbers as people type and read them, in the user's locale."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QCoreApplication, QLocale

from digitpad.text import SUREST, is_all_but_sure, per_cent

_WHOLE = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?")
_SPACES = re.compile(r"[\s'’_]+")


def parse_number(text: str, *, whole: bool) -> int | float | None:
    """Find the number in a text that was typed.

    Both point and comma are decimal separators, whatever the locale: where a point separates
    thousands, a learning rate of ``0.004`` must not become 4. In whole numbers, which have no
    decimals, both separate thousands. ``4e-3`` and spaces between digits are allowed.

    Args:
        text: as typed.
        whole: whether a whole number is expected.

    Returns:
        An integer if one was expected and typed, else a float; None if it is no number.
    """
    text = _SPACES.sub("", text)
    if whole and _GROUPED.fullmatch(text):
        text = re.sub("[.,]", "", text)
    if whole and _WHOLE.fullmatch(text):
        return int(text)
    if not _DECIMAL.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    # 1e4 is as whole as 10000.
    return int(value) if whole and value.is_integer() else value


def format_number(value: float, locale: QLocale | None = None) -> str:
    """The shortest text for which `parse_number` gives this value.

    Args:
        value: finite.
        locale: gives the decimal separator; None for that of the program.
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    mantissa, _, exponent = repr(value).partition("e")
    mantissa = mantissa.replace(".", (locale or QLocale()).decimalPoint())
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def step_number(value: float, steps: int, low: float, high: float, *, whole: bool) -> float:
    """The value some steps of an arrow key away, within the range.

    Whole numbers change by 1. Others change by the power of ten that makes about fifty steps of the
    range. If the range spans several powers of ten, as that of learning rates does, or the value is
    below the first such step, its leading digit changes: 0.009, 0.01, 0.02.

    Args:
        value: in [low, high].
        steps: number of steps up; negative ones go down.
        low: smallest value.
        high: largest value.
        whole: whether only whole numbers are allowed.
    """
    if whole:
        return int(min(max(int(value) + steps, low), high))
    even = 10.0 ** math.floor(math.log10((high - low) / 40))
    for _ in range(abs(steps)):
        size = abs(value)
        spans_powers = low > 0 and high / low > 1000
        if size > 0 and (spans_powers or size < 0.999 * even):
            step = 10.0 ** math.floor(math.log10(size * (1 + 1e-9)))
            if steps < 0 and size < 1.001 * step:
                step /= 10
        else:
            step = even
        value = float(f"{value + math.copysign(step, steps):.12g}")
        value = min(max(value, low), high)
    return value


def whole(count: int) -> str:
    """A whole number in the user's locale: "83,242"."""
    return QLocale().toString(count)


def grouped(count: int) -> str:
    """A count with spaces between thousands, as SI recommends: ``83 242``."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals: "0.90"."""
    return QLocale().toString(value, "f", decimals)


def three_digits(value: float) -> str:
    """A number with three significant digits, such as a loss: "0.0120"."""
    return localised(f"{value:#.3g}".removesuffix("."))


def short_number(value: float) -> str:
    """A number in short, such as the end of a scale: "0.38", "12", "255"."""
    return localised(f"{value:.0f}" if 100 <= abs(value) < 1e6 else f"{value:.2g}")


def localised(text: str) -> str:
    """A number formatted by Python, with the locale's decimal separator."""
    return text.replace(".", QLocale().decimalPoint())


def percent(share: float, decimals: int | None = None) -> str:
    """A share as "98.3 %"; "100 %" only for a share of 1.

    Args:
        share: in [0, 1].
        decimals: number of decimals; None for one, or for none in 0 % and 100 %.
    """
    value = per_cent(share, 1 if decimals is None else decimals)
    if decimals is None:
        decimals = 0 if value in {0.0, 100.0} else 1
    number = fixed(value, decimals)
    return QCoreApplication.translate("Numbers", "{number} %").format(number=number)


def probability(share: float) -> str:
    """The probability of a class, in [0, 1], as "98.3 %" and at most as "> 99.9 %"."""
    if not is_all_but_sure(share):
        return percent(share)
    return QCoreApplication.translate("Numbers", "> {percent}").format(percent=percent(SUREST))


def progress(done: int, total: int) -> str:
    """The share of the work that is done, in whole percent; "100 %" only once all is done."""
    return percent(100 * done // max(total, 1) / 100, 0)


def size(count: int, decimals: int = 1) -> str:
    """A number of bytes: "9.9 MB"."""
    return QLocale().formattedDataSize(count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)


def duration(seconds: float) -> str:
    """A time in at most two units: "48 s", "2 min 5 s", "1 h 20 min"."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        form = QCoreApplication.translate("Numbers", "{hours} h {minutes} min")
    elif minutes:
        form = QCoreApplication.translate("Numbers", "{minutes} min {seconds} s")
    else:
        form = QCoreApplication.translate("Numbers", "{seconds} s")
    return form.format(hours=hours, minutes=minutes, seconds=seconds)
