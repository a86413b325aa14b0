"""Several networks that answer together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ENSEMBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

FEWEST_MEMBERS, MOST_MEMBERS = 2, 16
"""Each member costs the time of one answer, and the tenth gains next to nothing."""


class Ensemble(nn.Module):
    """The mean of the probabilities that several networks give.

    What single networks get wrong differs from one to the other, and where they disagree the mean
    is in doubt (Lakshminarayanan and others 2017, arXiv 1612.01474). Probabilities are averaged and
    not logits, so that one network that is very sure cannot overrule all others.

    Args:
        members: networks of the same classes.
        temperatures: the logits of each member are divided by its own before its softmax.
    """

    def __init__(self, members: Sequence[nn.Module], temperatures: Sequence[float]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        # No buffer: they are part of a model's description, which is checked, and not of its
        # weights.
        self._temperatures = tuple(temperatures)

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28): logarithms of the mean."""
        logarithms = torch.stack(
            [
                functional.log_softmax(member(glyphs) / temperature, dim=1)
                for member, temperature in zip(self.members, self._temperatures, strict=True)
            ]
        )
        return torch.logsumexp(logarithms, dim=0) - math.log(len(self.members))


class EnsembleOptions(NamedTuple):
    """What an ensemble is made of.

    Attributes:
        architecture: of each member.
        options: of each member.
        temperatures: one a member.
    """

    architecture: str
    options: Mapping[str, Any]
    temperatures: tuple[float, ...]


def ensemble_options(options: Mapping[str, Any]) -> EnsembleOptions:
    """Check the options of an ensemble, as a model file has them.

    Args:
        options: "member", an object with the "architecture" and the "options" of each member;
            "members", how many there are, 2 to 16; and "temperatures", a list of as many numbers,
            without which they are all 1.

    Raises:
        DigitpadError: something is missing, unknown or out of range. The options of the member are
            checked when it is built.
    """
    unknown = set(options) - {"member", "members", "temperatures"}
    if unknown:
        raise DigitpadError("The ensemble has no option {unknown!r}.", unknown=sorted(unknown)[0])
    architecture, own = _member(options.get("member"))
    count = _count(options.get("members"))
    temperatures = _temperatures(options.get("temperatures", [1.0] * count))
    if len(temperatures) != count:
        raise DigitpadError("An ensemble must have one temperature for each of its members.")
    return EnsembleOptions(architecture, own, temperatures)


def _member(value: object) -> tuple[str, Mapping[str, Any]]:
    match value:
        # An ensemble of ensembles could be one large ensemble.
        case {"architecture": str(name), "options": dict(own), **rest} if (
            not rest and name != ENSEMBLE
        ):
            return name, own
    raise DigitpadError(
        "The member of an ensemble must be an object with the architecture and the options of a"
        " network that is no ensemble itself."
    )


def _count(value: object) -> int:
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not FEWEST_MEMBERS <= value <= MOST_MEMBERS
    ):
        raise DigitpadError(
            "An ensemble must have {fewest_members} to {most_members} members, as a whole number.",
            fewest_members=FEWEST_MEMBERS,
            most_members=MOST_MEMBERS,
        )
    return value


def _temperatures(value: object) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not all(map(_is_temperature, value)):
        raise DigitpadError("The temperatures of an ensemble must be numbers from 0.001 to 1000.")
    return tuple(map(float, value))


def _is_temperature(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 1e-3 <= value <= 1e3
