"""A limit for the end of the program: who has closed it waits for no stalled download."""

from __future__ import annotations

import os
import threading

_SECONDS = 1.2
"""For threads to end by themselves: together with what comes before and after, less than two."""


class Deadline:
    """Ends the process with exit code 0 where its end takes too long.

    What the user has is saved before the deadline is set. All else that goes on then can be killed
    at any moment: files are written under other names, and trainings resume from checkpoints.

    Args:
        seconds: from the start of the end to the end.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._met = threading.Event()
        self._lock = threading.Lock()
        self._is_set = False

    def start(self) -> None:
        """The program is about to end; only the first call does something. From any thread."""
        with self._lock:
            if self._is_set:
                return
            self._is_set = True
        # A daemon: the process must not wait for it.
        threading.Thread(target=self._wait, name="deadline", daemon=True).start()

    def meet(self) -> None:
        """All has ended by itself."""
        with self._lock:
            self._is_set = True
        self._met.set()

    def _wait(self) -> None:
        if not self._met.wait(self._seconds):
            os._exit(0)
