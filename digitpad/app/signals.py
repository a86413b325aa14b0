"""Whoever ends the process closes its windows as a person would, and nothing is lost."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

_NAMES = ("SIGTERM", "SIGHUP", "SIGINT", "SIGBREAK")
"""What `kill`, the end of a session, a terminal that is closed, and Ctrl-C send."""


class _Waker(QObject):
    """Lets Qt's loop go round once, called from another thread."""

    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.woken.connect(self._attend, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _attend(self) -> None:
        """Python attends to its signals when it runs, and now it does."""


@contextlib.contextmanager
def closed_by_signals(
    application: QApplication, on_arrival: Callable[[], object]
) -> Iterator[None]:
    """While the context lasts, such a signal closes all windows.

    Args:
        application: whose loop runs in the context, in the process's main thread.
        on_arrival: called at once when such a signal arrives, on another thread, as the loop may be
            busy.
    """
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # In the background of a shell without job control, Ctrl-C is meant for others.
    numbers = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {
        number: signal.signal(
            number,
            # When whatever is running has returned.
            lambda *_: QTimer.singleShot(0, application, application.closeAllWindows),
        )
        for number in numbers
    }
    waker = _Waker()

    def listen(reader: socket.socket) -> None:
        while arrived := reader.recv(64):
            if not set(arrived).isdisjoint(numbers):
                on_arrival()
            waker.woken.emit()

    # Python attends to a signal only when it runs, and Qt's loop may wait for long without: a byte
    # in a socket wakes up a thread, which wakes up the loop.
    reader, writer = socket.socketpair()
    with reader:
        writer.setblocking(False)
        listener = threading.Thread(target=listen, args=(reader,), name="signals")
        listener.start()
        woken_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken_before)
            # The end of what there is to read ends the thread.
            writer.close()
            listener.join()
            for number, handler in before.items():
                signal.signal(number, handler)
