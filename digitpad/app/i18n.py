"""The user's language: sentences and marked texts translated, and the translators behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from digitpad.app.widgets import numbers
from digitpad.text import Plural, Writer

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.text import Sentence

_CONTEXT = ""
"""Where Qt's extractor puts what stands outside Qt's classes."""


def shown(said: Sentence | str) -> str:
    """A sentence, an error or a marked text in the user's language, with numbers in their way."""
    return _Translator().text(said)


def install_translators(application: QCoreApplication, folder: Path) -> None:
    """Let Qt and the program speak the user's language, where there are files for it.

    Args:
        application: owns the translators.
        folder: of the program's own translations, ``digitpad_zh_CN.qm``.
    """
    qts_own = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, place in (("qtbase", qts_own), ("digitpad", str(folder))):
        translator = QTranslator(application)
        if translator.load(QLocale(), name, "_", place):
            application.installTranslator(translator)


class _Translator(Writer):
    """Writes sentences in the user's language."""

    def translated(self, template: str) -> str:
        """By the translators that are installed."""
        if isinstance(template, Plural):
            one, many, number = template.one, template.many, template.number
            found = QCoreApplication.translate(_CONTEXT, one, many, number)
            # Without a translation, Qt hands back the first form.
            return str(template) if found == one else found
        return QCoreApplication.translate(_CONTEXT, template)

    def number(self, value: float) -> str:
        """With the locale's decimal separator."""
        return numbers.format_number(value)

    def percent(self, share: float, decimals: int) -> str:
        """In the way of the locale."""
        return numbers.percent(share, decimals)
