"""The command line of the bundle, in the isolation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smoke import portable
from smoke.tools import ensure, run, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smoke.isolation import Isolation


def check(isolation: Isolation) -> None:
    """Use every command as a user of the machine.

    Raises:
        SmokeError: one of them does not do what it has to.
    """
    drawing = isolation.give(portable.SEVEN, "siebenë 七.ndjson")
    program = isolation.command(["digitpad"])
    portable.check_build(program)
    portable.check_commands(program, isolation.make_folder("commands – 手"), drawing)
    ensure_reads(isolation.command(["digitpad"], LANG="C"), drawing)
    say("classify reads it with LANG=C, too")


def ensure_reads(program: Sequence[str], seven: Path) -> None:
    """Make sure that a 7 is read.

    Args:
        program: the command line to which arguments are added.
        seven: a file with one drawing.

    Raises:
        SmokeError: it is not.
    """
    told = portable.classified(program, seven)
    ensure(told["text"] == "7" and not told["rejected"], f"A seven is read as {told}.")


def check_in_use(isolation: Isolation, name: str) -> None:
    """Make sure that a model is the one in use.

    Raises:
        SmokeError: it is not.
    """
    told = run(isolation.command(["digitpad", "model", "list", "--json"])).stdout
    models = [json.loads(line) for line in told.splitlines()]
    used = [model["name"] for model in models if model["in_use"]]
    ensure(used == [name], f"The models in use are {used}, not {name}.")
    say(f"the command line, too, reads with {name} now")
