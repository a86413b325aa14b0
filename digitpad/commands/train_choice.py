"""What ``digitpad train`` does: begin a run, resume one, or begin one with another's network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digitpad.commands import train_options
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from digitpad.commands.context import Context
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore


def what_to_train(
    args: argparse.Namespace,
    context: Context,
    store: RunStore,
    settings: Sequence[str],
    notices: list[str],
) -> tuple[Run | None, TrainingConfig]:
    """The run to resume, or None for a new one, and the configuration.

    Args:
        args: the command line.
        context: gives the profile and the models.
        store: the store of runs.
        settings: the options with settings that were given.
        notices: gets sentences for the user, to be shown once the training can begin.

    Raises:
        DigitpadError: something that was given cannot be used, or the run cannot be resumed.
    """
    from digitpad.data.public.presence import default_choice

    folder = context.profile.data_dir
    if args.resume is None:
        config = train_options.configuration(args)
        if not train_options.chooses_data(args) and config.data is not None:
            chosen = default_choice(folder)
            config = replace(config, data=replace(chosen, count=config.data.count))
            if chosen.kind != "mnist":
                notices.append(
                    "MNIST has not been downloaded yet: the network learns from the built-in MNIST"
                    " excerpt of 12 000 digits. --data mnist downloads all 60 000 (10 MB)."
                )
    elif not settings:
        resumed = store.find(args.resume)
        if resumed.status == "completed" and resumed.has_model:
            raise DigitpadError(
                "The run {run!r} has come to its end and cannot be resumed. A setting beside"
                " --resume, such as --epochs 3, begins a new run with its network.",
                run=resumed.name,
            )
        notices += _download(resumed.config, folder)
        return resumed, resumed.config
    else:
        ended = _ended_run(args, store, settings)
        config = train_options.configuration(args, ended.config)
        config = _with_network(config, store.model_path(ended.id))
        notices.append(
            f"The run {ended.name} has come to its end: a new run begins with its network."
        )
    if _begins_with_active(args):
        config = replace(config, warm_start=_active_model(context, notices))
    if config.warm_start is not None and "architecture" not in train_options.given(args):
        config = _with_network(config, context.store().find(config.warm_start))
    notices += _download(config, folder)
    return None, config


def _begins_with_active(args: argparse.Namespace) -> bool:
    """Whether a new run with the user's samples begins with the model in use."""
    given = train_options.given(args)
    is_named = args.resume is not None or args.config is not None or "warm_start" in given
    preset = args.preset or train_options.usual_preset(args)
    return preset == "samples" and not is_named and "architecture" not in given


def _active_model(context: Context, notices: list[str]) -> str:
    """The name of the model in use, or of the bundled one where that is no single network."""
    from digitpad.recognition.architectures import ENSEMBLE
    from digitpad.recognition.model_store import BUNDLED

    name = context.settings().active_model
    if context.store().get(name).info.architecture != ENSEMBLE:
        return name
    notices.append(
        f"The model {name} is an ensemble, which is not trained as a whole: the training begins"
        " with the bundled model."
    )
    return BUNDLED


def _ended_run(args: argparse.Namespace, store: RunStore, settings: Sequence[str]) -> Run:
    """The ended run whose network a new run begins with.

    Raises:
        DigitpadError: it has not ended, so that it is to be resumed, and its settings cannot
            change; or there is no such run.
    """
    if args.preset is not None or args.config is not None:
        # A preset or a file would replace all settings of the run.
        refuse(settings, "--resume")
    run = store.find(args.resume)
    if run.status not in {"completed", "stopped"} or not run.has_model:
        refuse(settings, "--resume")
    return run


def refuse(settings: Sequence[str], option: str) -> None:
    """Refuse settings beside an option of a run that keeps its settings.

    Raises:
        DigitpadError: there are any.
    """
    if settings:
        raise DigitpadError(
            "{option} cannot be combined with {setting}: an existing run keeps its settings.",
            option=option,
            setting=settings[0],
        )


def _with_network(config: TrainingConfig, model: Path) -> TrainingConfig:
    """The configuration with a warm start from a model, and so with the network of that model."""
    from digitpad.recognition.architectures import trained_network
    from digitpad.recognition.model_info import read_model_info

    architecture, known = trained_network(read_model_info(model))
    warm_start = config.warm_start or str(model)
    if architecture == config.architecture:
        return replace(config, warm_start=warm_start)
    # Dropout has no weights, so it can differ.
    dropout = {name: value for name, value in config.options.items() if name == "dropout"}
    options = {name: value for name, value in known.items() if name != "dropout"}
    return replace(
        config, warm_start=warm_start, architecture=architecture, options=options | dropout
    )


def _download(config: TrainingConfig, folder: Path) -> list[str]:
    """A sentence that says how much will be downloaded; none if all data is there."""
    from digitpad.data.catalog import CATALOG
    from digitpad.data.public.presence import missing_bytes

    size = missing_bytes(config.data, folder)
    if config.data is None or not size:
        return []
    title = CATALOG[config.data.kind].title
    return [f"{title} is downloaded first, once: {round(size / 1e6)} MB."]
