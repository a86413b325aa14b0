"""Keeps the pad's drawing for the next start."""

from __future__ import annotations

import contextlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.pad.files.kept_file import MAX_BYTES, Lines, read_drawing, to_lines, to_png
from digitpad.app.widgets.layout import pause_timer
from digitpad.errors import DigitpadError
from digitpad.recognition.recognition import Recognition, preprocessed
from digitpad.storage.aside import put_aside
from digitpad.storage.atomic import write_atomically
from digitpad.storage.folders import make_private
from digitpad.storage.problems import os_errors
from digitpad.text import Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import BaseFileLock

    from digitpad.app.pad.document import PadDocument
    from digitpad.ink.drawing import Drawing

_LOGGER = logging.getLogger(__name__)

_DELAY_MS = 300
"""Milliseconds from a change until it is written, so that not every fast stroke is."""

_PLACES = 9
"""Largest number of processes that can keep a drawing at the same time."""

_WAIT_S = 0.3


class DrawingStore(QObject):
    """Keeps the drawing of a document soon after each change, and restores it.

    Each process holds a file of its own, the first that no other process holds. So two windows
    never overwrite each other's drawing, and a new window gets the drawing of the last one that
    held its file.

    Args:
        document: has the drawing.
        folder: the folder of the files; a missing one is made.

    Signals:
        noticed: a sentence for the user.
        prepared: the `Recognition`, without predictions, of a picture that will be restored next.
    """

    noticed = Signal(str)
    prepared = Signal(object)
    _prepared = Signal(object)

    def __init__(
        self,
        document: PadDocument,
        folder: Path,
        *,
        as_one: bool = False,
        signs: bool = False,
    ) -> None:
        super().__init__(document)
        self._document = document
        self._folder = folder
        self._as_one, self._signs = as_one, signs
        self._path: Path | None = None
        self._lock: BaseFileLock | None = None
        self._saved: Drawing = document.drawing
        self._lines: Lines = {}
        self._fails = False
        self._writing: Future[None] | None = None
        # Drawing does not wait for the disk.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._timer = pause_timer(self, _DELAY_MS, self._save)
        self._prepared.connect(self._on_prepared)

    @Slot()
    def restore(self) -> None:
        """Restore the last drawing, and keep changes from now on."""
        if self._path is not None:
            return
        try:
            with os_errors(
                "The folder {folder} cannot be used: {reason}. Check the disk and the folder's"
                " permissions.",
                folder=self._folder,
            ):
                path = self._hold()
        except DigitpadError as error:
            self._complain(error)
            # What cannot be written can still be read.
            path = self._place(1)
        if path is None:
            return
        self._path = path
        drawing = self._read(path)
        if drawing is None or drawing.picture is None:
            self._put_back(drawing)
        else:
            self._writer.submit(self._prepare, drawing)

    def _prepare(self, drawing: Drawing) -> None:
        """Runs on the other thread: preprocessing a picture may take seconds."""
        self._prepared.emit(preprocessed(drawing, as_one=self._as_one, signs=self._signs))

    @Slot(object)
    def _on_prepared(self, recognition: Recognition) -> None:
        self.prepared.emit(recognition)
        self._put_back(recognition.drawing)

    def _put_back(self, drawing: Drawing | None) -> None:
        if drawing is not None:
            self._saved = drawing
            self._document.restore(drawing)
        self._document.changed.connect(self._save_soon)
        self._save_soon()

    def _place(self, number: int) -> Path:
        return self._folder / f"drawing-{number}"

    def _hold(self) -> Path | None:
        """The first file that no other process holds; None where there are too many processes.

        Raises:
            OSError: the folder cannot be written to.
        """
        # Imported when the window is there: it takes its time.
        from filelock import FileLock, Timeout

        make_private(self._folder)
        for number in range(1, _PLACES + 1):
            path = self._place(number)
            lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)
            with contextlib.suppress(Timeout):
                lock.acquire()
                self._lock = lock
                return path
        return None

    def _read(self, path: Path) -> Drawing | None:
        try:
            return read_drawing(path)
        except FileNotFoundError:
            return None
        except (DigitpadError, OSError) as error:
            _LOGGER.warning("The drawing in %s cannot be read: %s", path, error)
        try:
            aside = put_aside(path)
        except OSError as error:
            _LOGGER.warning("%s could not be put aside: %s", path, error)
        else:
            notice = Sentence(
                "The last drawing is damaged: the file is kept as {aside}.", aside=aside
            )
            self.noticed.emit(translated(notice))
        return None

    @Slot()
    def _save_soon(self) -> None:
        if self._document.drawing is not self._saved and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _save(self) -> None:
        """Begin to write, or later where the disk is still busy with the last drawing."""
        drawing, path = self._document.drawing, self._path
        if path is None or drawing is self._saved:
            return
        if self._writing is not None and not self._writing.done():
            self._timer.start()
            return
        self._saved = drawing
        self._writing = self._writer.submit(self._write, drawing, path)

    def _write(self, drawing: Drawing, path: Path) -> None:
        """Runs on the other thread."""
        try:
            with os_errors(
                "{path} could not be written: {reason}. Check the disk and the folder's"
                " permissions.",
                path=path,
            ):
                self._lines = to_lines(drawing, self._lines)
                if drawing.picture is not None:
                    data = to_png(drawing)
                else:
                    data = b"".join(line for _, line in self._lines.values())
                if 0 < len(data) <= MAX_BYTES:
                    write_atomically(path, data)
                else:
                    path.unlink(missing_ok=True)
        except DigitpadError as error:
            self._complain(error)
        else:
            self._fails = False

    def _complain(self, error: DigitpadError) -> None:
        """Say once that nothing is kept."""
        if not self._fails:
            self._fails = True
            said = Sentence("Your drawing is not kept for the next start. {error}", error=error)
            _LOGGER.warning("%s", said)
            self.noticed.emit(translated(said))

    def save_waiting(self) -> None:
        """Write at once what would be written soon, and wait for it a little."""
        if self._writing is not None:
            wait([self._writing], _WAIT_S)
        self._timer.stop()
        self._save()
        if self._writing is not None:
            wait([self._writing], _WAIT_S)

    def shutdown(self) -> None:
        """Write what is waiting, and let go of the file; the document may no longer be there."""
        self._timer.stop()
        self._save()
        # Later changes are not kept.
        self._path = None
        self._writer.shutdown(wait=True)
        if self._lock is not None:
            self._lock.release()
