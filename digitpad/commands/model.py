"""``digitpad model``: the models that Digitpad knows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.commands.console import printable
from digitpad.commands.context import actions_of
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import SUCCESS
from digitpad.text import percent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from digitpad.commands.context import Context
    from digitpad.recognition.model_store import ModelStore, StoredModel


_CANNOT_REJECT = "no: it has not learned to, and takes everything for one of its classes"

SUMMARY = "List, inspect, choose, export, import and join models."

EPILOG = """\
examples:
  digitpad model list
  digitpad model info                           the model in use
  digitpad model info mine.safetensors --json
  digitpad model import mine.safetensors --name mine
  digitpad model ensemble three first second third
  digitpad model use mine
  digitpad model use bundled                    back to the one that Digitpad ships
  digitpad model export mine /tmp/mine.safetensors
"""


def add_arguments(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Declare the actions and what they take.

    Args:
        parser: of the command.
        common: the options that every command has.
    """
    action = actions_of(parser, common)
    entry = action("list", _list, "list all models; * marks the one in use")
    entry.set_defaults(list=True)
    entry.add_argument("--json", action="store_true", help="one JSON object per line")
    entry = action("info", _info, "show what is known about a model, and the time of a prediction")
    entry.add_argument(
        "model",
        nargs="?",
        metavar="M",
        help="name of a model, or a model file; default: the one in use",
    )
    entry.add_argument("--json", action="store_true", help="as one JSON object")
    entry = action("use", _use, "choose the model that the pad and the commands use")
    entry.add_argument("name", metavar="NAME", help="name of a model, or bundled")
    entry = action("export", _export, "copy a model to a file")
    entry.add_argument("name", metavar="NAME", help="name of a model, or bundled")
    entry.add_argument(
        "file",
        metavar="FILE",
        help="where to copy it; in a folder, the file is named after the model",
    )
    entry.add_argument("--force", action="store_true", help="replace the file if it exists")
    entry = action("import", _import, "check a model file and add it to the models")
    entry.add_argument("file", metavar="FILE", help="a model file")
    entry.add_argument("--name", metavar="N", help="what to call it; default: the name of the file")
    entry.add_argument("--force", action="store_true", help="replace a model of the same name")
    entry = action(
        "ensemble",
        _ensemble,
        "join models of one kind of network; the ensemble predicts the mean of their probabilities",
    )
    entry.add_argument("name", metavar="NAME", help="what to call it")
    entry.add_argument(
        "models", nargs="+", metavar="M", help="two or more names of models, or model files"
    )
    entry.add_argument("--force", action="store_true", help="replace a model of the same name")


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what was asked.

    Raises:
        DigitpadError: a model is missing or damaged, or a file cannot be written.
    """
    args.act(args, context)
    return SUCCESS


def _list(args: argparse.Namespace, context: Context) -> None:
    store, active = context.store(), context.settings().active_model
    models, problems = store.scan()
    if args.json:
        for model in models:
            context.console.json(_as_dict(model, active))
    else:
        width = max(len(model.name) for model in models)
        for model in models:
            mark = "*" if model.name == active else " "
            context.console.line(f"{mark} {model.name:<{width}}  {_summary(model)}")
    for problem in problems:
        context.console.say(problem)
    if active not in {model.name for model in models}:
        context.console.say(
            f"The model in use, {active!r}, does not exist: the bundled model is used instead."
        )


def _info(args: argparse.Namespace, context: Context) -> None:
    from digitpad.recognition.cost import cost, prediction_times
    from digitpad.recognition.model_file import load_model
    from digitpad.recognition.model_store import BUNDLED

    store, active = context.store(), context.settings().active_model
    context.refresh_symbols(store, args.model)
    model = _stored(store, active if args.model is None else args.model)
    loaded = load_model(model.path)
    counted = cost(loaded.info, store.get(BUNDLED).info)._asdict()
    milliseconds = round(prediction_times({model.name: loaded}, rounds=2)[model.name], 4)
    known = _as_dict(model, active)
    if args.json:
        counted["milliseconds"] = milliseconds
        context.console.json({**known, "cost": counted})
        return
    time = f"{milliseconds:.2g} ms on one thread here"
    if model.name != BUNDLED:
        time += f", {_times(counted['relative'])} of the bundled model"
    rows = [
        *_rows(known),
        *_rows({name: counted[name] for name in ("networks", "parameters", "multiply_adds")}),
        ("rejects what is no class", "yes" if loaded.info.can_reject else _CANNOT_REJECT),
        ("time of a prediction", time),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        context.console.line(f"{printable(name):<{width}}  {value}".rstrip())


def _use(args: argparse.Namespace, context: Context) -> None:
    from digitpad.recognition.model_file import load_model

    model = context.store().get(args.name)
    load_model(model.path)
    context.use_model(model.name)
    context.console.line(f"The model in use is now {model.name}.")


def _export(args: argparse.Namespace, context: Context) -> None:
    file = context.store().export(args.name, Path(args.file), replace=args.force)
    context.console.line(f"{args.name} has been copied to {file}.")


def _import(args: argparse.Namespace, context: Context) -> None:
    model = context.store().import_file(Path(args.file), args.name, replace=args.force)
    context.console.line(
        f"{args.file} has been added as the model {model.name}; digitpad model use chooses it."
    )


def _ensemble(args: argparse.Namespace, context: Context) -> None:
    # First what needs no torch, so that a wrong name is an error at once.
    store = context.store()
    paths = [store.find(name) for name in args.models]
    if len(set(paths)) < len(paths):
        raise DigitpadError("A model is named twice: an ensemble needs different ones.")
    if not args.force:
        store.check_new_name(args.name)
    from digitpad.recognition.ensemble import make_ensemble
    from digitpad.recognition.model_file import load_model

    joined = make_ensemble([load_model(path) for path in paths], args.name)
    model = store.add(joined, args.name, replace=args.force)
    context.console.line(
        f"{len(paths)} models are now the ensemble {model.name}; digitpad model use chooses it."
    )


def _stored(store: ModelStore, name_or_path: str) -> StoredModel:
    """A model by name, or any model file as if it were in the store under its own path."""
    from digitpad.recognition.model_info import read_model_info
    from digitpad.recognition.model_store import StoredModel, is_model_name

    path = store.find(name_or_path)
    if store.ships(name_or_path) or (is_model_name(name_or_path) and path.parent == store.folder):
        return store.get(name_or_path)
    return StoredModel(name_or_path, path, read_model_info(path), is_bundled=False)


def _times(relative: float) -> str:
    from digitpad.recognition.architectures import ABOUT_THE_TIME

    least, most = ABOUT_THE_TIME
    if relative < least:
        return "less than the time"
    if relative <= most:
        return "about the time"
    # Not more exact than the comparison is.
    return f"about {float(f'{relative:.2g}'):g} times the time"


def _summary(model: StoredModel) -> str:
    from digitpad.recognition.architectures import network_count

    classes = model.info.classes
    parts = [model.info.name, f"{len(classes)} classes"]
    if model.info.symbols:
        parts.append(f"own symbols {model.info.symbols}")
    if (networks := network_count(model.info)) > 1:
        parts.append(f"{networks} networks")
    parts += [
        f"{' '.join(path)} {percent(value, 2)}"
        for path, value in _leaves(model.info.metrics)
        if path[-1] == "accuracy" and isinstance(value, float)
    ]
    return ", ".join(parts)


def _leaves(values: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is in an object and the objects within it, by the names around it."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, *path, name)
        else:
            yield (*path, name), value


def _as_dict(model: StoredModel, active: str) -> dict[str, Any]:
    info = asdict(model.info)
    title = info.pop("name")
    return {
        "name": model.name,
        "title": title,
        "path": str(model.path),
        "bundled": model.is_bundled,
        "in_use": model.name == active,
        **info,
    }


def _rows(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Nested values as rows of a name with spaces and a text."""
    for path, value in _leaves(values):
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, list | tuple):
            text = ", ".join(map(str, value))
        elif isinstance(value, float):
            text = f"{value:.6g}"
        else:
            text = " ".join(str(value).split())
        yield " ".join(path).replace("_", " "), text
