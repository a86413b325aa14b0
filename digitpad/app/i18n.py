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


def translated(said: Sentence | str) -> str:
    """A sentence, an error or a marked text in the user's language, with numbers in their way."""
    return _Translator().text(said)


def install_translators(application: QCoreApplication, folder: Path) -> list[QTranslator]:
    """Let the program and Qt speak the user's language, where there is a file for it.

    Args:
        application: owns the translators.
        folder: of the program's own translations, such as ``digitpad_zh_CN.qm``.

    Returns:
        What has been installed; nothing where the program speaks English, so that Qt does, too.
    """
    # Only the first language: a second one may not be asked for before English.
    language = QLocale(QLocale().uiLanguages()[0]).name()
    qts_own = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    found = []
    for name, place in (("digitpad", str(folder)), ("qtbase", qts_own)):
        translator = QTranslator(application)
        if not translator.load(f"{name}_{language}", place):
            break
        application.installTranslator(translator)
        found.append(translator)
    return found


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
        return numbers.localised(super().number(value))

    def percent(self, share: float, decimals: int) -> str:
        """In the way of the locale."""
        return numbers.percent(share, decimals)
