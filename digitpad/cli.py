"""The command line: which command, which profile, and how errors end."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from digitpad.commands import classify, evaluate, model, samples, teach, train
from digitpad.commands.console import Console
from digitpad.commands.context import Context
from digitpad.errors import DigitpadError
from digitpad.paths import Profile, default_profile
from digitpad.process.exit_codes import BAD_INPUT, BUG, INTERRUPTED, SUCCESS
from digitpad.process.temporary import provide_temporary_folder
from digitpad.storage.folders import close_to_others
from digitpad.storage.leftovers import TEMPORARY, sweep
from digitpad.storage.limits import check_memory, limit_met
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.diagnostics.crash_file import CrashFile

    _Command = Callable[[argparse.Namespace, Context], int]

_EPILOG = """\
examples:
  digitpad                                      open the window
  digitpad --profile /tmp/try                   with settings and models of its own
  digitpad classify seven.png drawings.ndjson
  digitpad evaluate MNIST/raw --json
  digitpad train --data synthetic --epochs 3
  digitpad model list
  digitpad teach mine.ndjson --out mine.safetensors
  digitpad samples export mine.ndjson

digitpad COMMAND --help explains a command. The exit code is 0 on success, 2 when an input cannot be
used (a sentence on standard error says which), and 1 after an error in Digitpad.
"""


def run(argv: list[str]) -> int:
    """Run the command line, without the program's name; the exit code of the process."""
    console = Console(sys.stdout, sys.stderr)
    try:
        args = _parser().parse_args(argv)
        profile = _profile(args.profile) if "profile" in args else default_profile()
    except SystemExit as leaving:
        # argparse has printed the help.
        return leaving.code if isinstance(leaving.code, int) else SUCCESS
    except _AskedFor as asked:
        # It needs nothing of the user's.
        args = argparse.Namespace(run=asked.args[0], list=True)
        profile = Profile(Path(os.devnull))
    except DigitpadError as error:
        console.say(error)
        return BAD_INPUT
    from digitpad.diagnostics.log import LogFile

    with LogFile(profile.log_path):
        return _run(args, Context(profile, console))


def _run(args: argparse.Namespace, context: Context) -> int:
    """Run a command, however it ends."""
    console = context.console
    try:
        try:
            code = _start(args, context)
            console.flush()
            return code
        finally:
            console.finish()
    except DigitpadError as error:
        console.say(error)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read the results has seen enough, as in "digitpad classify ... | head".
        return SUCCESS
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a bug: nobody reads a traceback, the log keeps it
        if (limit := limit_met(error)) is not None:
            console.say(limit)
            return BAD_INPUT
        from digitpad.diagnostics.log import log_bug

        console.say(log_bug(error, context.profile.log_path))
        return BUG


def _profile(folder: str) -> Profile:
    root = Path(folder)
    with os_errors("The profile {folder!r} cannot be used: {reason}.", folder=folder):
        # An empty name, of an unset variable perhaps, would be the present folder.
        usable = folder and not root.is_file()
    if not usable:
        raise DigitpadError(
            "The profile {folder!r} is not a folder: name a folder, new or not.", folder=folder
        )
    return Profile(root)


def _start(args: argparse.Namespace, context: Context) -> int:
    # A list needs neither torch nor numpy.
    check_memory(with_torch=not getattr(args, "list", False))
    profile = context.profile
    close_to_others(profile.root, (*profile.NAMES, TEMPORARY))
    sweep(profile.root)
    provide_temporary_folder(profile)
    command: _Command | None = args.run
    if command is not None and sys.__stderr__ is not None:
        # A fault is reported on standard error, as every other end of a command is.
        return command(args, context)
    from digitpad.diagnostics.crash_file import CrashFile

    # From here on, since libraries can be killed while they are loaded.
    with CrashFile(context.profile.reports_dir) as box:
        return _open_window(context.profile, box) if command is None else command(args, context)


def _open_window(profile: Profile, box: CrashFile) -> int:
    try:
        from digitpad.app.running import run_app
    except ImportError as error:
        from digitpad.diagnostics.log import log_bug

        # Who has started it from a menu does not see the sentence.
        log_bug(error, profile.log_path)
        raise DigitpadError(
            "The window cannot be opened, because a library is missing ({error}). The commands"
            " work without it: see digitpad --help.",
            error=error,
        ) from error
    return run_app(profile, box)


def _print_version(_: argparse.Namespace, context: Context) -> int:
    """Print versions, licence and credits."""
    from digitpad import about

    rows = about.versions()
    lines = [
        f"digitpad {rows.pop('Digitpad')}",
        f"build: {about.build_sentence()}",
        *(f"{name} {version}" for name, version in rows.items()),
        "",
        "Digitpad is free software under the MIT licence and works with software of others:",
        "digitpad --licences prints all names, licences and texts.",
        "",
        "The bundled model was trained on",
        *(f"- {credit.sentence}" for credit in about.LEARNT_FROM),
    ]
    context.console.text("\n".join(lines))
    return SUCCESS


def _print_licences(_: argparse.Namespace, context: Context) -> int:
    """Print every component with the texts of its licences, then the credits for data.

    Raises:
        DigitpadError: the installation is damaged.
    """
    from digitpad import about

    line, rule = context.console.text, "=" * 80
    components = about.components()
    for component in components:
        line(f"{component.title}: {component.licence}")
    for component in components:
        line(f"\n{rule}\n{component.title}\nLicence: {component.licence}\n{rule}\n")
        line(component.text())
    line(f"{rule}\nData\n{rule}\n\nThe bundled model was trained on")
    for credit in about.LEARNT_FROM:
        line(f"- {credit.sentence}")
    line("\nDigitpad contains")
    for credit in about.SHIPPED:
        line(f"- {credit.sentence}")
    line("\nThe Train tab can download")
    for credit in about.DOWNLOADED:
        line(f"- {credit.sentence}")
    return SUCCESS


class _AskedFor(BaseException):
    """An option, of this command, has been met that makes all other arguments unimportant."""


class _Ask(argparse.Action):
    """An option in place of a command, as ``--version`` is."""

    def __call__(self, *_: object) -> NoReturn:
        """Leave the parser."""
        raise _AskedFor(self.const)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are sentences like all others, instead of a usage and a message."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise DigitpadError(
            "The command line cannot be used: {message}; see {prog} --help.",
            message=message,
            prog=self.prog,
        )

    def _check_value(self, action: argparse.Action, value: str) -> None:
        """Refuse a word that is no command; that of a file is often meant to be opened."""
        is_command = action.nargs == argparse.PARSER and value in (action.choices or ())
        if action.nargs == argparse.PARSER and not is_command and os.path.exists(value):  # noqa: PTH110 - never fails
            raise DigitpadError(
                "{path} is no command: digitpad classify {path} reads it, and the window opens it"
                " with File, Open.",
                path=value,
            )
        super()._check_value(action, value)


def _parser() -> _Parser:
    common = _Parser(add_help=False)
    # Without any default, the parser of a command leaves alone what stood before the command.
    # (set_defaults would not do: it changes the option in all parsers that share it.)
    common.add_argument(
        "--profile",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep settings, models and runs in DIR instead of the user's own folder",
    )
    parser = _Parser(
        prog="digitpad",
        description="Draw a digit and see a convolutional network read it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
        allow_abbrev=False,
    )
    for option, printer, says in (
        ("--version", _print_version, "print versions, the build and credits, and leave"),
        ("--licences", _print_licences, "print the licences of all that is used, and leave"),
    ):
        parser.add_argument(option, action=_Ask, nargs=0, const=printer, help=says)
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    for name, module, add_arguments in (
        ("classify", classify, classify.add_arguments),
        ("evaluate", evaluate, evaluate.add_arguments),
        ("train", train, train.add_arguments),
        ("model", model, partial(model.add_arguments, common=common)),
        ("teach", teach, teach.add_arguments),
        ("samples", samples, partial(samples.add_arguments, common=common)),
    ):
        entry = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=module.SUMMARY,
            epilog=module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[common],
            allow_abbrev=False,
        )
        add_arguments(entry)
        entry.set_defaults(run=module.run)
    return parser
