"""From several models to one that is asked as any other."""

from __future__ import annotations

import copy
from statistics import fmean
from typing import TYPE_CHECKING, Any

import digitpad
from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ENSEMBLE
from digitpad.recognition.members import FEWEST_MEMBERS, MOST_MEMBERS, Ensemble
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import Calibration, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def make_ensemble(models: Sequence[Model], name: str) -> Model:
    """A model that answers with the mean of what several models answer.

    Each keeps the temperature that it was calibrated with. That of the whole is 1, and its
    threshold the mean of theirs: who has validation data fits both anew, since the mean of
    probabilities is less sure than each of them.

    Args:
        models: 2 to 16 of the same network, classes, normalisation and glyph rule; their networks
            are copied.
        name: what the ensemble is called in lists.

    Raises:
        DigitpadError: there are too few or too many, or they do not go together.
    """
    if not FEWEST_MEMBERS <= len(models) <= MOST_MEMBERS:
        raise DigitpadError(
            "An ensemble is made of {fewest_members} to {most_members} models, and not of {count}.",
            fewest_members=FEWEST_MEMBERS,
            most_members=MOST_MEMBERS,
            count=len(models),
        )
    infos = [model.info for model in models]
    first = infos[0]
    for info in infos:
        _check(info, first)
    member = {"architecture": first.architecture, "options": dict(first.options)}
    temperatures = [info.calibration.temperature for info in infos]
    network = Ensemble([copy.deepcopy(model.network) for model in models], temperatures)
    network.requires_grad_(requires_grad=False).eval()
    info = ModelInfo(
        name=name,
        architecture=ENSEMBLE,
        options={"member": member, "members": len(models), "temperatures": temperatures},
        classes=first.classes,
        normalisation=first.normalisation,
        glyph_rule=first.glyph_rule,
        calibration=Calibration(1.0, fmean(info.calibration.reject_below for info in infos)),
        origin={"members": [info.name for info in infos], "digitpad": digitpad.__version__},
    )
    return Model(info, network)


def _check(info: ModelInfo, first: ModelInfo) -> None:
    """Refuse a model that does not go with the first one."""
    if info.architecture == ENSEMBLE:
        raise DigitpadError(
            "{info!r} is an ensemble already: name the models that it was made of instead.",
            info=info.name,
        )
    differences = {
        "classes": info.classes != first.classes,
        "levels of the glyphs": info.normalisation != first.normalisation,
        "rules of the glyphs": info.glyph_rule != first.glyph_rule,
        "networks": (info.architecture, _shaping(info.options))
        != (first.architecture, _shaping(first.options)),
    }
    for what, differs in differences.items():
        if differs:
            raise DigitpadError(
                "{first!r} and {info!r} cannot be one ensemble: their {what} differ.",
                first=first.name,
                info=info.name,
                what=what,
            )


def _shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that matter to an answer, with lists as they come back from a file."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if name != "dropout"
    }
