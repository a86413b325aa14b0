"""Errors of the system as sentences."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def os_errors(template: str, **fields: object) -> Iterator[None]:
    """Within this context an `OSError` becomes a `DigitpadError`.

    Args:
        template: a sentence with the gap {reason}, which the system fills.
        fields: what its other names stand for.
    """
    try:
        yield
    except OSError as error:
        raise DigitpadError(template, **fields, reason=error.strerror or error) from error
