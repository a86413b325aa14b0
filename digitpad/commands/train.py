"""``digitpad train``: train a network as the window does."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from digitpad.commands import train_options
from digitpad.commands.console import printable
from digitpad.commands.context import torch_threads
from digitpad.commands.train_choice import refuse, what_to_train
from digitpad.commands.train_comparison import comparison_lines
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import INTERRUPTED, SUCCESS
from digitpad.text import Plural, Sentence, percent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from digitpad.commands.console import Console
    from digitpad.commands.context import Context
    from digitpad.learning.events import EpochDone
    from digitpad.learning.runs.run import ModelReady, Run, Suspended
    from digitpad.learning.runs.store import RunStore
    from digitpad.learning.runs.training_run import RunEvent

SUMMARY = "Train a network, or resume a training run."

EPILOG = """\
examples:
  digitpad train                                MNIST or its excerpt, within a minute
  digitpad train --data mnist                   all of MNIST; 10 MB are downloaded once
  digitpad train --preset best --name long --use
  digitpad train --data synthetic --count 20000 --epochs 3
  digitpad train --data my-digits/ --preset few begins with the bundled model
  digitpad train --data letters/ --warm-start bundled --rotation-degrees 5
  digitpad train --samples 0.1                  learns your hand from your samples, too
  digitpad train --list
  digitpad train --resume long
  digitpad train --resume long --epochs 3       a new run with the network of one that has ended

Without --data the network learns from MNIST if it has been downloaded, else from the built-in
MNIST excerpt. Every training is kept as a run, which the window shows, too. Ctrl-C suspends it,
and --resume resumes it as if there had been no interruption. With --json the result is one object,
and with --list one object a line:
  run          id of the run
  name         its name
  status       running, suspended, interrupted, completed, stopped or failed
  notice       a sentence if something went wrong, else null
  created      date and time
  classes      their names
  steps        of the whole training
  steps_done   how many of them are done
  accuracy     of the best epoch on the validation data, between 0 and 1
  accuracy_range  lowest and highest that it may be on all such drawings (95 %, Wilson), or null
  best_epoch   which one that is
  model        the model file
  comparison   with --samples, how many drawings were read right before and after: "own" are your
               samples that were held out, "everybody" the validation data; else null
  config       the settings, as --config reads them
"""

_MAX_THREADS = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--resume", metavar="RUN", help="resume a run, by its name or id")
    what.add_argument("--list", action="store_true", help="list all runs, the newest first")
    parser.add_argument("--name", metavar="N", help="what to call the run")
    parser.add_argument("--use", action="store_true", help="let the pad use the model at the end")
    parser.add_argument(
        "--save-as", metavar="M", help="publish the model under this name (see digitpad model)"
    )
    parser.add_argument(
        "--threads", metavar="N", help="number of processor threads; default: torch's own choice"
    )
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    train_options.add_options(parser)


def run(args: argparse.Namespace, context: Context) -> int:
    """Train; 130 where it was suspended.

    Raises:
        DigitpadError: something that was given cannot be used, or the run cannot be resumed.
    """
    settings = ["--preset"] * (args.preset is not None) + ["--config"] * (args.config is not None)
    settings += [train_options.option_of(name) for name in train_options.given(args)]
    if args.list or args.resume is not None:
        settings += ["--name"] * (args.name is not None)
    from digitpad.learning.runs.store import RunStore

    store = RunStore(context.profile.runs_dir)
    if args.list:
        refuse(settings, "--list")
        _list(args, context, store)
        return SUCCESS
    threads = _threads(args.threads)
    if args.save_as is not None:
        # Now, and not when all is trained.
        context.store().check_new_name(args.save_as)
    notices: list[str] = []
    resumed, config = what_to_train(args, context, store, settings, notices)
    from digitpad.learning.runs.training_run import TrainingRun

    with (
        contextlib.nullcontext() if threads is None else torch_threads(threads),
        _interruption() as interrupted,
    ):
        training = TrainingRun(
            config,
            store,
            context.store(),
            context.profile.data_dir,
            samples=context.profile.samples_path,
            name=args.name,
            resume=None if resumed is None else resumed.id,
            should_suspend=interrupted.is_set,
        )
        with contextlib.closing(training.events()) as events:
            ended = _follow(events, context.console, notices, quiet=args.json)
    return _report(args, context, store, ended)


def _follow(
    events: Iterator[RunEvent], console: Console, notices: Sequence[str], *, quiet: bool
) -> ModelReady | Suspended:
    """Show a training run from its beginning to its end, the notices first."""
    from digitpad.data.loading import Loaded, Loading
    from digitpad.learning.events import BatchDone, EpochDone, Finished, Started
    from digitpad.learning.runs.run import Begun, ModelReady, Suspended, Warned

    def print_line(text: str) -> None:
        if not quiet:
            console.line(text)
            console.flush()

    name = ""
    batch_size = 1
    left_out: DigitpadError | None = None
    started = Started(0, 1, 0)
    for event in events:
        match event:
            case Begun():
                name = f"{event.run.name} ({event.run.id})"
                batch_size = event.run.config.batch_size
                for notice in notices:
                    console.say(notice)
            case Loading():
                console.progress(event.done, event.total, what=event.stage, unit=event.unit)
            case Started():
                started = event
                # Not before the data is there: bad input leaves a sentence alone.
                console.end_progress()
                print_line(name)
                steps = "1 step" if event.steps == 1 else f"{event.steps} steps"
                print_line(f"{event.parameters} parameters, {steps} on {event.device}")
                if event.passes > 1:
                    print_line(f"an epoch goes {event.passes} times through the drawings")
            case BatchDone():
                step = event.step - (event.epoch - 1) * started.batches_per_epoch
                console.progress(
                    min(step * batch_size, started.glyphs_per_epoch),
                    started.glyphs_per_epoch,
                    what=f"epoch {event.epoch} of {started.epochs}",
                )
            case EpochDone():
                print_line(_epoch_line(event, started.epochs))
            case Loaded():
                console.end_progress()
                left_out = None if event.left_out is None else event.left_out.notice()
            case Finished():
                console.end_progress()
            case Warned():
                console.say(str(event.problem))
            case ModelReady() | Suspended():
                if left_out is not None and not quiet:
                    # What was said first has long gone by.
                    console.say(left_out)
                return event
    raise RuntimeError("a run ends with a model or is suspended")


def _epoch_line(event: EpochDone, epochs: int) -> str:
    best = ", the best so far" if event.is_best else ""
    return (
        f"epoch {event.epoch} of {epochs}: {_metrics(event.metrics)};"
        f" validation: {_metrics(event.validation)}{best}"
    )


def _metrics(metrics: Mapping[str, float]) -> str:
    loss = f"loss {metrics['loss']:.4f}"
    if "plain_loss" in metrics:
        loss += f" (on drawings as they are {metrics['plain_loss']:.4f})"
    return f"{loss}, accuracy {percent(metrics['accuracy'], 2)}"


def _report(
    args: argparse.Namespace, context: Context, store: RunStore, ended: ModelReady | Suspended
) -> int:
    from digitpad.learning.runs.run import Suspended

    console, done = context.console, ended.run
    if done.notice is not None:
        console.say(done.notice)
    if args.json:
        console.json(_as_dict(done, store))
    if isinstance(ended, Suspended):
        console.say(
            Sentence(
                Plural(
                    "The training is suspended after {count} step; digitpad train --resume {run}"
                    " resumes it.",
                    "The training is suspended after {count} steps; digitpad train --resume {run}"
                    " resumes it.",
                    done.steps_done,
                ),
                count=done.steps_done,
                run=shlex.quote(done.name),
            )
        )
        return INTERRUPTED
    if not args.json:
        console.line(f"validation accuracy {_exactness(done)}; the model is {ended.path}")
        if ended.comparison is not None:
            for line in comparison_lines(ended.comparison):
                console.line(line)
    name = _publish(args, context, store, done)
    if args.json:
        return SUCCESS
    if name is None:
        file = shlex.quote(str(ended.path))
        console.line(f"digitpad classify --model {file} FILE uses it.")
    else:
        use = "in use now" if args.use else f"digitpad model use {shlex.quote(name)} chooses it"
        console.line(f"It is kept as the model {name}: {use}.")
    return SUCCESS


def _publish(args: argparse.Namespace, context: Context, store: RunStore, done: Run) -> str | None:
    """Do what was asked with the model; its name where it is published."""
    from digitpad.learning.runs.publish import publish_model

    if args.save_as is not None:
        name = context.store().import_file(store.model_path(done.id), args.save_as).name
    elif args.use:
        name = publish_model(done, store, context.store())
    else:
        return None
    if args.use:
        context.use_model(name)
    return name


def _accuracy(run: Run) -> str:
    return "" if run.best_accuracy is None else percent(run.best_accuracy, 2)


def _exactness(run: Run) -> str:
    """The accuracy with what it can be relied on for: of few drawings it says little."""
    found = run.accuracy_range
    if found is None or run.data is None:
        return _accuracy(run)
    low, high = (percent(share, 1) for share in found)
    accuracy, count = _accuracy(run), run.data.validated
    return f"{accuracy} of {count} drawings (on others like them, likely {low} to {high})"


def _list(args: argparse.Namespace, context: Context, store: RunStore) -> None:
    runs = store.list()
    if (notice := store.take_notice()) is not None:
        context.console.say(str(notice))
    if args.json:
        for entry in runs:
            context.console.json(_as_dict(entry, store))
        return
    if not runs and context.console.is_on_terminal:
        # Nothing at all looks as if something were wrong; scripts get nothing at all.
        context.console.say("There is no training run yet: digitpad train begins one.")
    width = max((len(printable(entry.name)) for entry in runs), default=0)
    for entry in runs:
        context.console.line(
            f"{printable(entry.name):<{width}}  {entry.status:<11}  {_accuracy(entry):>8}"
            f"  {entry.steps_done} of {entry.steps or '?'} steps"
            f"  {entry.created.astimezone():%Y-%m-%d %H:%M}"
        )


def _as_dict(entry: Run, store: RunStore) -> dict[str, Any]:
    comparison = store.comparison(entry.id)
    return {
        "run": entry.id,
        "name": entry.name,
        "status": entry.status,
        "notice": entry.notice,
        "created": entry.created.isoformat(),
        "classes": list(entry.classes),
        "steps": entry.steps,
        "steps_done": entry.steps_done,
        "accuracy": entry.best_accuracy,
        "accuracy_range": entry.accuracy_range,
        "best_epoch": entry.best_epoch,
        "model": str(store.model_path(entry.id)) if entry.has_model else None,
        "comparison": None if comparison is None else asdict(comparison),
        "config": json.loads(entry.config.to_json()),
    }


def _threads(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= _MAX_THREADS:
        raise DigitpadError(
            "The threads must be a whole number from 1 to {max_threads}, not {text!r}.",
            max_threads=_MAX_THREADS,
            text=text,
        )
    return int(text)


@contextlib.contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Within this context the first Ctrl-C sets the event; the second one interrupts."""
    event = threading.Event()

    def handle(_number: int, _frame: object) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, before)
