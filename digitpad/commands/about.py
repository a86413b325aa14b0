"""What ``--version`` and ``--licences`` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.process.exit_codes import SUCCESS

if TYPE_CHECKING:
    import argparse

    from digitpad.commands.context import Context

_RULE = "=" * 80


def print_version(_: argparse.Namespace, context: Context) -> int:
    """Print versions, licence and credits.

    Returns:
        The exit code.
    """
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
        "The bundled model learnt from",
        *(f"- {credit.sentence}" for credit in about.LEARNT_FROM),
    ]
    for line in lines:
        context.console.line(line)
    return SUCCESS


def print_licences(_: argparse.Namespace, context: Context) -> int:
    """Print every component with the texts of its licences, then the credits for data.

    Returns:
        The exit code.

    Raises:
        DigitpadError: the installation is damaged.
    """
    from digitpad import about

    line = context.console.line
    components = about.components()
    for component in components:
        line(f"{component.title}: {component.licence}")
    for component in components:
        line(f"\n{_RULE}\n{component.title}\nLicence: {component.licence}\n{_RULE}\n")
        line(component.text())
    line(f"{_RULE}\nData\n{_RULE}\n\nThe bundled model learnt from")
    for credit in about.LEARNT_FROM:
        line(f"- {credit.sentence}")
    line("\nThe Train tab can download")
    for credit in about.DOWNLOADED:
        line(f"- {credit.sentence}")
    return SUCCESS
