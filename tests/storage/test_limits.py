import errno
import os

import pytest

from digitpad.storage.limits import limit_met


def wrapped(error):
    try:
        try:
            raise error
        except BaseException as first:
            raise ImportError("a library") from first
    except ImportError as second:
        return second


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("std::bad_alloc"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
        BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)),
        wrapped(MemoryError()),
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
        PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/root/x"),
        RecursionError("maximum recursion depth exceeded"),
    ],
)
def test_what_the_system_does_not_give_is_no_error_of_ours(error):
    sentence = limit_met(error)
    assert sentence is not None
    assert str(sentence).endswith(".")


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        ImportError("No module named x"),
        OSError(errno.EBADF, os.strerror(errno.EBADF)),
        OSError("something"),
        ZeroDivisionError(),
    ],
)
def test_an_error_of_ours_stays_one(error):
    assert limit_met(error) is None
