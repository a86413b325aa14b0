"""Whoever ends the process closes its windows as a person would, and nothing is lost."""

from __future__ import annotations

import contextlib
import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

_NAMES = ("SIGTERM", "SIGHUP")
"""What `kill`, the end of a session, and a terminal that is closed send."""


@contextlib.contextmanager
def closed_by_signals(application: QApplication) -> Iterator[None]:
    """While the context lasts, such a signal closes all windows.

    Args:
        application: whose loop runs in the context, in the process's main thread.
    """
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {
        number: signal.signal(
            number,
            # When whatever is running has returned.
            lambda *_: QTimer.singleShot(0, application, application.closeAllWindows),
        )
        for number in numbers
    }
    # Python attends to a signal only when it runs, and Qt's loop may wait for long without: a byte
    # in a socket wakes it up.
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: reader.recv(64))
        woken_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken_before)
            notifier.setEnabled(False)
            for number, handler in before.items():
                signal.signal(number, handler)
