"""A process with the window: from its start until it is closed."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from digitpad.app.application import Program, create_application
from digitpad.app.collector import Collector
from digitpad.app.deadline import Deadline
from digitpad.app.diagnostics.hooks import CrashReporter, QtMessages, tell
from digitpad.app.i18n import install_translators, translated
from digitpad.app.signals import closed_by_signals
from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from digitpad.diagnostics.crash_file import CrashFile
    from digitpad.paths import Profile


def run_app(profile: Profile, crash_file: CrashFile) -> int:
    """Show the window and run until it is closed; the exit code of the process.

    Raises:
        DigitpadError: the program's own files are missing; it has been shown.
    """
    messages = QtMessages(profile, crash_file)
    messages.install()
    application = create_application(sys.argv[0] or "digitpad")
    messages.display_found()
    crash = CrashReporter(profile, crash_file)
    crash.install()
    collector, deadline = Collector(), Deadline()
    collector.start()
    try:
        with closed_by_signals(application, deadline.start):
            return _run(application, profile, crash_file, deadline)
    except DigitpadError as error:
        # Who has started it from a menu sees no standard error.
        tell(translated(error))
        raise
    except Exception as error:  # noqa: BLE001 - a bug that leaves no window to show it in
        return crash.end(error)
    finally:
        # The process is about to end: what torch holds need not be searched for garbage, which
        # takes half of the time from the closed window to the prompt. Before Python may collect by
        # itself again, since curves do not outlive Qt's application.
        gc.freeze()
        collector.stop()
        crash.uninstall()
        messages.uninstall()


def _run(
    application: QApplication, profile: Profile, crash_file: CrashFile, deadline: Deadline
) -> int:
    """Build the program and run it until its window is closed."""
    install_translators(application, resources_dir() / "translations")
    program = Program(profile, crash_file)
    try:
        window = program.window
        window.closing.connect(deadline.start)
        # No dialog keeps the program that has no window of its own to stand before.
        window.closing.connect(application.quit, Qt.ConnectionType.QueuedConnection)
        application.focusWindowChanged.connect(program.let_dialog_quit)
        # The session may end without closing anything.
        for save in (window.save_state, program.save):
            application.commitDataRequest.connect(save)
        window.show()
        return application.exec()
    finally:
        program.shutdown()
        deadline.meet()
