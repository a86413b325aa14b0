"""The menu of models."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from digitpad.app.i18n import translated
from digitpad.app.services.recognition import model_title
from digitpad.app.widgets.layout import plain_item
from digitpad.app.widgets.numbers import localised, whole
from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ABOUT_THE_TIME, network_count
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.learning.adaptation.symbol_sets import SymbolSets
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.model_store import ModelStore

_LESS, _MORE = ABOUT_THE_TIME
"""A time between these multiples of the bundled model's is not mentioned."""


class ModelMenu(QMenu):
    """Lists every model with its cost, and lets the user choose one.

    Below them is whether the pad uses what was taught.

    It is filled when it opens. Thus it has the models of that moment, and does not slow down the
    start of the program.

    Args:
        store: of the models.
        service: its model is in use.
        parent: the parent widget.
        used: whether the pad uses what was taught; the last entry.
        sets: the user's sets of symbols. Where the model of one is missing, it is made when it is
            chosen.
        symbol_actions: for these sets; they stand below the models.
    """

    def __init__(
        self,
        store: ModelStore,
        service: RecognitionService,
        parent: QWidget | None = None,
        used: QAction | None = None,
        sets: SymbolSets | None = None,
        symbol_actions: Sequence[QAction] = (),
    ) -> None:
        super().__init__(parent)
        self._used = used
        self._store = store
        self._service = service
        self._sets = sets
        self._symbol_actions = tuple(symbol_actions)
        self._costs: dict[tuple[str, str, int], float] = {}
        self._group: QActionGroup | None = None
        self.setTitle(self.tr("&Model"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._use)
        # Some systems do not open a menu that is empty.
        self.addAction(self.tr("Looking for models…")).setEnabled(False)
        # The keys of actions that no menu has do nothing.
        self.addActions(list(self._symbol_actions))

    @Slot()
    def fill(self) -> None:
        """List the models that there are now."""
        self.clear()
        if self._group is not None:
            self._group.deleteLater()
        self._group = QActionGroup(self)
        try:
            models = self._store.list()
        except DigitpadError as error:
            self.addAction(plain_item(translated(error))).setEnabled(False)
            return
        # Which model is active is known once it is loaded: it may be a replacement.
        active = self._service.active.name if self._service.is_ready else None
        bundled = models[0].info
        for model in models:
            action = QAction(self._group)
            title = model_title(self._store, model.name, model.info)
            self._describe(action, title, model.info, bundled)
            action.setCheckable(True)
            action.setChecked(model.name == active)
            action.setData(model.name)
            self.addAction(action)
        for name in self._without_model({model.name for model in models}):
            action = QAction(plain_item(name), self._group)
            action.setToolTip(self.tr("Read your symbols; their model is made anew"))
            action.setCheckable(True)
            action.setData(name)
            self.addAction(action)
        if self._symbol_actions:
            self.addSeparator()
            self.addActions(list(self._symbol_actions))
        if self._used is not None:
            self.addSeparator()
            self.addAction(self._used)

    def _without_model(self, names: set[str]) -> list[str]:
        """The sets of symbols that are no models of these names."""
        with suppress(DigitpadError):
            if self._sets is not None:
                return [name for name in self._sets.sets() if name not in names]
        return []  # reported when the samples are read

    @Slot(QAction)
    def _use(self, action: QAction) -> None:
        if action.actionGroup() is self._group:
            self._service.use(action.data())

    def _describe(self, action: QAction, title: str, info: ModelInfo, bundled: ModelInfo) -> None:
        """Say in an entry and its tip how the model differs from the bundled one."""
        words = []
        if (networks := network_count(info)) > 1:
            said = Sentence(
                Plural("{count} network", "{count} networks", networks), count=whole(networks)
            )
            words.append(translated(said))
        relative = self._relative_cost(info, bundled)
        if relative is not None and info != bundled:
            sentence = self.tr("An answer takes about as long as with the bundled model.")
            if relative > _MORE:
                # Two digits: a count of multiplications is no exact measure of time.
                times = localised(f"{relative:.2g}")
                words.append(self.tr("about {times} times as long").format(times=times))
                sentence = self.tr(
                    "An answer takes about {times} times as long as with the bundled model."
                ).format(times=times)
            elif relative < _LESS:
                sentence = self.tr("An answer takes less time than with the bundled model.")
            action.setToolTip(sentence)
        else:
            # Without a tip, Qt would show the text of the entry.
            action.setToolTip(self.tr("Use this model"))
        if words:
            title = self.tr("{title} ({words})").format(title=title, words=", ".join(words))
        action.setText(plain_item(title))

    def _relative_cost(self, info: ModelInfo, bundled: ModelInfo) -> float | None:
        """Multiply-adds relative to the bundled model's; None if they are not known."""
        if not self._service.is_ready:
            return None  # counting needs torch, which is not imported yet
        from digitpad.recognition.cost import cost

        key = (info.architecture, json.dumps(info.options, sort_keys=True), len(info.classes))
        if key not in self._costs:
            try:
                self._costs[key] = cost(info, bundled).relative
            except DigitpadError:
                return None  # reported when the model is chosen
        return self._costs[key]
