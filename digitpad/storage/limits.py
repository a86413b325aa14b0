"""What the system does not give to any program, whoever asks: memory, threads, files, room."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.process.environment import address_space
from digitpad.text import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_MEMORY = (
    "can't start new thread",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
    "failed to map segment",
    "std::bad_alloc",
    "could not create a primitive",
    "thread creation failed",
    "resource temporarily unavailable",
)
"""How libraries say it that have no error of their own for it, in small letters."""

_OF_SYSTEM = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG),
        *(errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM),
    }
)


_LEAST_MIB, _LEAST_WITH_TORCH_MIB = 128, 720
"""Address space. With less, libraries end the process themselves, without a word of ours."""


def check_memory(*, with_torch: bool) -> None:
    """Refuse a limit of memory that nothing can be done with.

    Raises:
        DigitpadError: this process may not have the address space that it needs.
    """
    limit = address_space()
    least = _LEAST_WITH_TORCH_MIB if with_torch else _LEAST_MIB
    if limit is not None and limit < least * 2**20:
        raise DigitpadError(
            "Digitpad may not have more than {given} MiB of memory here, and needs {least} for"
            " this: allow it more (ulimit -v).",
            given=limit // 2**20,
            least=least,
        )


def limit_met(error: BaseException) -> Sentence | None:
    """What to say of an error that the system has caused, or None where the program has.

    Args:
        error: anything that nobody has foreseen where it was raised.
    """
    chain = list(_chain(error))
    if any(isinstance(one, MemoryError) or _is_of_memory(one) for one in chain):
        return Sentence(
            "There is not enough memory, or no more threads may be started: close other programs,"
            " or allow Digitpad more (ulimit)."
        )
    if isinstance(error, RecursionError):
        return Sentence("Something in a file is nested too deep to be read: leave that file out.")
    if isinstance(error, OSError) and error.filename is not None:
        # A folder above some file is closed, or a name is longer than the system takes, which need
        # not be foreseen for every file.
        return Sentence(
            "{path} cannot be used: {reason}.",
            path=error.filename,
            reason=error.strerror or error,
        )
    if isinstance(error, OSError) and error.errno in _OF_SYSTEM:
        return Sentence(
            "The system does not allow what is needed: {reason}. Check the disk, and the limits for"
            " a program (ulimit).",
            reason=error.strerror or error,
        )
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_of_memory(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in {errno.ENOMEM, errno.EAGAIN}:
        return True
    if not isinstance(error, RuntimeError | ImportError | OSError | SystemError):
        return False
    text = str(error).casefold()
    return any(words in text for words in _OF_MEMORY)
