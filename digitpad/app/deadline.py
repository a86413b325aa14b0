"""A time limit for closing the program: the user need not wait for a stalled download."""

from __future__ import annotations

import os
import threading

_SECONDS = 1.2
"""Time for threads to end by themselves. With what comes before and after, less than two."""


class Deadline:
    """Ends the process with exit code 0 if closing takes too long.

    What the user has is saved before the deadline starts. Everything else can be killed at any
    moment: files are written under other names, and trainings are resumed from checkpoints.

    Args:
        seconds: from `start` until the process is ended.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._met = threading.Event()
        self._lock = threading.Lock()
        self._is_set = False

    def start(self) -> None:
        """Start the deadline, from any thread. Later calls do nothing."""
        with self._lock:
            if self._is_set:
                return
            self._is_set = True
        # A daemon: the process must not wait for it.
        threading.Thread(target=self._wait, name="deadline", daemon=True).start()

    def meet(self) -> None:
        """Cancel the deadline, as everything has ended by itself."""
        with self._lock:
            self._is_set = True
        self._met.set()

    def _wait(self) -> None:
        if not self._met.wait(self._seconds):
            os._exit(0)
