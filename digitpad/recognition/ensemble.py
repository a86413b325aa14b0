"""From several models to one that is used as any other."""

from __future__ import annotations

import copy
from statistics import fmean
from typing import TYPE_CHECKING, Any

import digitpad
from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ENSEMBLE, FEWEST_MEMBERS, MOST_MEMBERS
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import NO_CLASS, Calibration, ModelInfo
from digitpad.recognition.networks import Ensemble

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_ensemble(models: Sequence[Model], name: str) -> Model:
    """A model that predicts the mean of what several models predict.

    Each, copied, keeps the temperature that it was calibrated with. That of the whole is 1, and
    its threshold the mean of theirs: who has validation data fits both anew, since the mean of
    probabilities is less sure than each of them.

    Raises:
        DigitpadError: there are not 2 to 16 of the same network, classes, normalisation and glyph
            rule.
    """
    if not FEWEST_MEMBERS <= len(models) <= MOST_MEMBERS:
        raise DigitpadError(
            "An ensemble is made of {fewest} to {most} models, not of {count}.",
            fewest=FEWEST_MEMBERS,
            most=MOST_MEMBERS,
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
        metrics=_no_class(infos),
        origin={"members": [info.name for info in infos], "digitpad": digitpad.__version__},
    )
    return Model(info, network)


def _check(info: ModelInfo, first: ModelInfo) -> None:
    """Refuse a model that does not go with the first one."""
    if info.architecture == ENSEMBLE:
        raise DigitpadError(
            "{model!r} is an ensemble already: name its members instead.",
            model=info.name,
        )
    names = {"first": first.name, "other": info.name}
    if info.classes != first.classes:
        raise DigitpadError(
            "{first!r} and {other!r} cannot be joined to an ensemble: their classes differ.",
            **names,
        )
    if info.normalisation != first.normalisation:
        raise DigitpadError(
            "{first!r} and {other!r} cannot be joined to an ensemble: they normalise glyphs"
            " differently.",
            **names,
        )
    if info.glyph_rule != first.glyph_rule:
        raise DigitpadError(
            "{first!r} and {other!r} cannot be joined to an ensemble: their glyph rules differ.",
            **names,
        )
    if info.architecture != first.architecture or _shaping(info) != _shaping(first):
        raise DigitpadError(
            "{first!r} and {other!r} cannot be joined to an ensemble: their networks differ.",
            **names,
        )


def _no_class(infos: Sequence[ModelInfo]) -> dict[str, Any]:
    """Where all members have learned what is none of their classes, so has the ensemble."""
    if not all(info.can_reject for info in infos):
        return {}
    return {NO_CLASS: {"members": len(infos)}}


def _shaping(info: ModelInfo) -> dict[str, Any]:
    """The options that matter to a prediction, with lists as they come back from a file."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in info.options.items()
        if name != "dropout"
    }
