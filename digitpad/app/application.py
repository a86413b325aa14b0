"""The composition root: builds the objects of the program and hands them to each other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

import digitpad
from digitpad.app.collector import Collector
from digitpad.app.crash import CrashReporter
from digitpad.app.icons import Icons
from digitpad.app.window import MainWindow
from digitpad.paths import resources_dir

if TYPE_CHECKING:
    from digitpad.paths import Profile


def run_app(profile: Profile) -> int:
    """Show the window and run until it is closed.

    Args:
        profile: where settings, models and the log lie.

    Returns:
        The exit code of the process.
    """
    # Every point that a pen reports is wanted, not only the last one of a frame.
    for attribute in (
        Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents,
        Qt.ApplicationAttribute.AA_CompressTabletEvents,
    ):
        QCoreApplication.setAttribute(attribute, False)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("digitpad")
    application.setApplicationDisplayName("Digitpad")
    application.setApplicationVersion(digitpad.__version__)
    application.setDesktopFileName("digitpad")
    crash = CrashReporter(profile.log_path)
    crash.install()
    collector = Collector()
    collector.start()
    try:
        icons = Icons(resources_dir() / "icons")
        application.setWindowIcon(icons.application_icon())
        window = MainWindow(profile.window_path)
        window.show()
        return application.exec()
    finally:
        collector.stop()
        crash.uninstall()
