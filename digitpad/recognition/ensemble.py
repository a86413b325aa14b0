"""Joins several models to an ensemble, which is used like any other model."""

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
    """Make a model that predicts the mean of the predictions of several models.

    The members are copied, and keep their temperatures. The ensemble has the temperature 1, and the
    mean of their thresholds. Fit both again if there is validation data: a mean of probabilities is
    less sure than each of them.

    Args:
        models: the members.
        name: name of the ensemble for people.

    Raises:
        DigitpadError: there are fewer than 2 or more than 16 members, or they differ in network,
            classes, normalisation or glyph rule.
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
    """Raise a DigitpadError if a model does not fit the first one."""
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
    """Metrics that say that the ensemble can reject, if all members can."""
    if not all(info.can_reject for info in infos):
        return {}
    return {NO_CLASS: {"members": len(infos)}}


def _shaping(info: ModelInfo) -> dict[str, Any]:
    """The options that predictions depend on, with lists as they are read from a file."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in info.options.items()
        if name != "dropout"
    }
