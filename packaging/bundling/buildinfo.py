"""Which commit a bundle was built from, as the program tells it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = {"linux": "Linux bundle", "win32": "Windows bundle", "darwin": "macOS bundle"}


class Commit(NamedTuple):
    """The commit that the checkout is at.

    Attributes:
        name: 40 hexadecimal digits, with ``+changes`` where files differ from it.
        date: of the commit, ``YYYY-MM-DD`` (UTC).
        seconds: the same in seconds since 1970, for ``SOURCE_DATE_EPOCH``.
    """

    name: str
    date: str
    seconds: int


def commit(checkout: Path) -> Commit:
    """Ask git.

    Raises:
        subprocess.CalledProcessError: the folder is no git checkout.
    """

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(checkout), *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()

    name, seconds = git("log", "-1", "--format=%H %ct").split()
    date = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d")
    # New files, too: they are installed with the others.
    changed = git("status", "--porcelain", "--untracked-files=normal")
    return Commit(name + ("+changes" if changed else ""), date, int(seconds))


def write(checkout: Path, path: Path) -> Path:
    """Write what the program reads as ``resources/build.json``, and return its path."""
    at = commit(checkout)
    content = {"commit": at.name, "date": at.date, "kind": _KINDS[sys.platform]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path
