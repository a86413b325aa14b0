"""Import and export of samples, with the dialogs that go with them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from digitpad.app.i18n import translated
from digitpad.app.widgets.numbers import whole
from digitpad.errors import DigitpadError
from digitpad.ink.files.kinds import STROKE_SUFFIXES
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from digitpad.app.services.teaching import TeachingService
    from digitpad.data.sample_files.exporting import Exported, Format
    from digitpad.data.sample_files.importing import Imported
    from digitpad.samples.sample import Sample
    from digitpad.samples.store import SampleStore


class SampleTransfer(QObject):
    """Reads and writes files of samples, on the thread of the samples.

    Args:
        teaching: keeps the samples.
        window: the parent of the dialogs.

    Signals:
        progressed: what is being read or written, in words; "" once it is done.
        imported: an `Imported`.
        reported: what has been done.
        noticed: a sentence for the user.
    """

    progressed = Signal(str)
    imported = Signal(object)
    reported = Signal(str)
    noticed = Signal(str)

    def __init__(self, teaching: TeachingService, window: QWidget) -> None:
        super().__init__(window)
        self._teaching = teaching
        self._window = window
        self._stop = threading.Event()
        documents = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        self._folder = documents if Path(documents).is_dir() else str(Path.home())
        teaching.noticed.connect(lambda: self.progressed.emit(""))

    def choose_file(self, symbols: str) -> None:
        """Ask for a file, and import it into a set of symbols; "" for those of trained models."""
        patterns = " ".join(f"*{end}" for end in (*STROKE_SUFFIXES, ".csv", ".csv.gz"))
        dialog = self._dialog(self.tr("Import drawings from a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                self.tr("Strokes and tables of pixels ({patterns})").format(patterns=patterns),
                self.tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(lambda name: self.import_path(Path(name), symbols))
        dialog.open()

    def choose_folder(self, symbols: str) -> None:
        """Ask for a folder, and import it into a set of symbols."""
        dialog = self._dialog(self.tr("Import drawings from a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.import_path(Path(name), symbols))
        dialog.open()

    def choose_target(self, samples: Sequence[Sample], form: Format) -> None:
        """Ask where to write samples, and export them: strokes in a file, others in a new folder.

        Args:
            samples: at least one.
            form: how they are written.
        """
        if form == "ndjson":
            dialog = self._dialog(self.tr("Export the strokes"))
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilters([self.tr("Strokes (*.ndjson)")])
            dialog.setDefaultSuffix("ndjson")
            dialog.selectFile(self.tr("samples"))
            # The dialog has asked whether a file is replaced.
            dialog.fileSelected.connect(
                lambda name: self.export(samples, Path(name), form, replace=True)
            )
        else:
            dialog = self._dialog(self.tr("Export into a new folder in this one"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.fileSelected.connect(
                lambda name: self.export(samples, _new_folder(Path(name)), form)
            )
        dialog.open()

    def import_path(self, path: Path, symbols: str = "") -> None:
        """Import a file or a folder into a set of symbols; `imported` follows."""
        self._folder = str(path.parent)
        stop = self._stop = threading.Event()
        name = path.name
        self.progressed.emit(self.tr("Reading {name}…").format(name=name))

        def progress(count: int) -> None:
            if stop.is_set():
                raise DigitpadError("Nothing was imported from {name}.", name=name)
            template = Plural("{name}: {count} drawing", "{name}: {count} drawings", count)
            self.progressed.emit(translated(Sentence(template, name=name, count=whole(count))))

        judge = None if symbols else self._teaching.judge()

        def work(store: SampleStore) -> Imported:
            from digitpad.data.sample_files.importing import import_samples

            return import_samples(store, path, symbols=symbols, progress=progress, judge=judge)

        self._teaching.run(work, self._on_imported)

    def export(
        self, samples: Sequence[Sample], target: Path, form: Format, *, replace: bool = False
    ) -> None:
        """Write samples, at least one, into a file or a folder."""
        self._folder = str(target.parent)
        self.progressed.emit(self.tr("Writing {name}…").format(name=target.name))

        def work(_: SampleStore) -> Exported:
            from digitpad.data.sample_files.exporting import export_samples

            return export_samples(samples, target, form, replace=replace)

        self._teaching.run(work, self._on_exported)

    @Slot()
    def cancel(self) -> None:
        """Stop reading; nothing is imported then."""
        self._stop.set()

    def _on_imported(self, done: Imported) -> None:
        self.progressed.emit("")
        self.imported.emit(done)
        self.reported.emit(translated(done.sentence()))
        for notice in done.notices():
            self.noticed.emit(translated(notice))

    def _on_exported(self, done: Exported) -> None:
        self.progressed.emit("")
        self.reported.emit(translated(done.sentence()))
        if (notice := done.notice()) is not None:
            self.noticed.emit(translated(notice))

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _new_folder(parent: Path) -> Path:
    """A name that nothing has in a folder."""
    number, path = 1, parent / "digitpad-samples"
    while path.exists():
        number += 1
        path = parent / f"digitpad-samples-{number}"
    return path
