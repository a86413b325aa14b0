"""The controller of the dataset view: it loads the chosen data and shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import plain_item
from digitpad.app.widgets.numbers import size, whole
from digitpad.data.catalog import CATALOG

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitpad.app.services.data import DataService
    from digitpad.app.train.page import TrainPage
    from digitpad.data.choice import DataChoice
    from digitpad.data.dataset import Dataset
    from digitpad.data.loading import Loading
    from digitpad.errors import DigitpadError


class DatasetController(QObject):
    """Connects the dataset view with the form and with the service that loads datasets.

    Signals:
        loaded: a dataset has been loaded, so that it need not be downloaded again.
    """

    loaded = Signal()

    def __init__(
        self, page: TrainPage, service: DataService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._view = page.data
        self._service = service
        self._shown: tuple[DataChoice, int] | None = None
        self._glyphs: NDArray[np.uint8] | None = None
        self._download = ""
        self._view.wanted.connect(self._load)
        self._view.cancelled.connect(service.cancel)
        self._view.augmentation_wanted.connect(self._augment)
        page.form.changed.connect(self._on_changed)
        page.form.data_changed.connect(self._on_data_changed)
        service.loading.connect(self._on_loading)
        service.loaded.connect(self._on_loaded)
        service.failed.connect(self._on_failed)
        service.cancelled.connect(self._show_nothing)
        self._show_nothing()

    @Slot()
    def _load(self) -> None:
        # Other settings may be wrong.
        data, seed = self._page.form.data, self._page.form.seed
        if data is None or seed is None:
            self._page.form.show_problem()
        elif not self._service.is_busy:
            self._shown = (data, seed)
            self._view.show_loading(self.tr("Getting ready…"), 0, None)
            self._service.show(data, seed)

    @Slot()
    def _on_changed(self) -> None:
        if self._shown is None and not self._service.is_busy:
            # The sentence in place of the dataset may have to change.
            self._show_nothing()
        elif self._glyphs is not None:
            self._augment(self._glyphs)

    @Slot()
    def _on_data_changed(self) -> None:
        if self._shown in {None, (self._page.form.data, self._page.form.seed)}:
            return
        if self._service.is_busy:
            # Another dataset can be loaded only once this has ended.
            self._shown = None
            self._service.cancel()
            self._view.show_loading(self.tr("Stopping…"), 0, None)
        else:
            self._show_nothing()

    @Slot()
    def _show_nothing(self) -> None:
        self._shown = self._glyphs = None
        data = self._page.form.data
        if data is None:
            self._view.show_nothing(self._page.form.problem, "")
        else:
            sentence = translated(CATALOG[data.kind].sentence)
            button = self.tr("Sho&w the drawings")
            if self._download:
                button = self.tr("Do&wnload {size} and show the drawings").format(
                    size=plain_item(self._download)
                )
            self._view.show_nothing(sentence, button)

    def show_download(self, size: str) -> None:
        """Say how much is downloaded to show the data, such as "562 MB"; "" for nothing."""
        if size == self._download:
            return
        self._download = size
        if self._shown is None and not self._service.is_busy:
            self._show_nothing()

    @Slot(object)
    def _on_loading(self, loading: Loading) -> None:
        if self._shown is not None:
            self._view.show_loading(loading_text(loading), loading.done, loading.total)

    @Slot(object, object, object)
    def _on_loaded(
        self, sample: Dataset, counts: tuple[int, ...], notices: tuple[DigitpadError, ...]
    ) -> None:
        self.loaded.emit()
        if self._shown is None:
            self._show_nothing()
        else:
            self._view.show_sample(sample, counts, " ".join(map(translated, notices)))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._shown is None:
            self._show_nothing()
        else:
            self._view.show_problem(sentence)

    @Slot(object)
    def _augment(self, glyphs: NDArray[np.uint8]) -> None:
        self._glyphs = glyphs
        config = self._page.form.config
        if config is not None and len(glyphs):
            self._view.show_augmented(self._service.augmented(glyphs, config.augmentation))


def loading_text(loading: Loading) -> str:
    """The present stage of loading and its progress, as a text for the user."""
    texts = {
        "downloading": QCoreApplication.translate("Loading", "Downloading"),
        "checking": QCoreApplication.translate("Loading", "Checking the files"),
        "unpacking": QCoreApplication.translate("Loading", "Unpacking"),
        "reading": QCoreApplication.translate("Loading", "Reading the drawings"),
        "drawing": QCoreApplication.translate("Loading", "Drawing digits"),
        "redrawing": QCoreApplication.translate("Loading", "Redrawing your samples"),
        "scribbling": QCoreApplication.translate("Loading", "Drawing what is none of the classes"),
    }
    text = texts[loading.stage]
    if not loading.total:
        return f"{text}…"
    number = size if loading.unit == "bytes" else whole
    done, total = number(loading.done), number(loading.total)
    sentence = QCoreApplication.translate("Loading", "{what}: {done} of {total}")
    return sentence.format(what=text, done=done, total=total)
