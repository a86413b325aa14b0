"""What the user has chosen, kept as a small JSON file.

The file is sparse: it holds only what differs from the defaults, so that a better default reaches
everybody who never chose. It is read with patience (a value of the wrong kind becomes its default,
a key that this version does not know is kept), because losing a setting is better than losing the
window.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeGuard, get_args

from digitpad.storage.aside import put_aside
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import open_ordinary
from digitpad.text import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Theme = Literal["system", "light", "dark"]

THEMES: tuple[Theme, ...] = get_args(Theme)
PEN_WIDTHS = (10.0, 200.0)
"""Narrowest and widest pen, in pad units (the shorter side of the pad is 1000)."""

REJECT_BELOW = (0.0, 0.99)
"""Lowest and highest threshold of what the two best classes have together, for a drawing not to be
rejected; 0 rejects none."""

_LOGGER = logging.getLogger(__name__)

_VERSION = 1
_MAX_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices.

    Attributes:
        active_model: name of the model that the pad asks, as the model store knows it; at first
            that of the bundled one.
        pen_width: width of the ink in pad units, within PEN_WIDTHS.
        theme: colours of the window: as the system has them, light or dark.
        reject_below: the pad rejects a drawing whose two best classes have less than this
            together; within REJECT_BELOW. None leaves it to each model.
        as_one: whether the pad reads all ink as one symbol, and no numbers.
        signs: whether it reads points, commas, minus signs and colons within numbers.
        adapted: whether the pad uses what the user has taught.
        training: what the form of the Train page shows: under "kind" the kind of data that was
            chosen last, and under the name of each kind an object with its settings. Only its
            shape is checked here; who shows it leaves out what makes no sense.
        chapters: names of the chapters of the guided tour whose tasks were done.
        unknown: entries of the file that this version does not know; they are written back.
    """

    active_model: str = "bundled"
    pen_width: float = 60.0
    theme: Theme = "system"
    reject_below: float | None = None
    as_one: bool = False
    signs: bool = False
    adapted: bool = True
    training: Mapping[str, Any] = field(default_factory=dict)
    chapters: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)


class LoadedSettings(NamedTuple):
    """Settings, and what the user should know about them.

    Attributes:
        settings: read from the file, or the defaults.
        notice: what happened where the file could not be used, else None.
    """

    settings: Settings
    notice: Sentence | None


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings; never fails.

    A damaged file is renamed to ``settings.json.corrupt-1`` (or the next free number), so that
    nothing of it is lost when the settings are next saved.

    Args:
        path: the file; where there is none, the defaults are returned without a notice.
    """
    try:
        with open_ordinary(path) as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return LoadedSettings(Settings(), None)
    except OSError as error:
        notice = Sentence(
            "The settings in {path} cannot be read ({reason}), so the defaults are used.",
            path=path,
            reason=error.strerror or error,
        )
    else:
        data = _parse(content)
        if data is not None:
            return LoadedSettings(_from_json(data), None)
        notice = _put_aside(path)
    _LOGGER.warning("%s", notice)
    return LoadedSettings(Settings(), notice)


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings, sparse and atomically.

    Raises:
        DigitpadError: the file cannot be written; the old one is unchanged.
    """
    default = Settings()
    data: dict[str, Any] = {**settings.unknown, "version": _VERSION}
    for name in _FIELDS:
        value = getattr(settings, name)
        if value != getattr(default, name):
            data[name] = value
    write_atomically(path, json.dumps(data, indent=2) + "\n")


_FIELDS = tuple(entry.name for entry in fields(Settings) if entry.name != "unknown")


def _parse(content: bytes) -> dict[str, Any] | None:
    """The JSON object in the file, or None where it holds none."""
    if len(content) > _MAX_BYTES:
        return None
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _from_json(data: dict[str, Any]) -> Settings:
    default = Settings()
    data = dict(data)
    # Its name in older files.
    older = data.pop("refuse_below", None)
    data.setdefault("reject_below", older)
    model, width, theme, reject = (
        data.get(name) for name in ("active_model", "pen_width", "theme", "reject_below")
    )
    return Settings(
        active_model=model if isinstance(model, str) and model else default.active_model,
        pen_width=float(width) if _is_within(width, PEN_WIDTHS) else default.pen_width,
        theme=theme if theme in THEMES else default.theme,
        reject_below=float(reject) if _is_within(reject, REJECT_BELOW) else default.reject_below,
        as_one=data.get("as_one") is True,
        signs=data.get("signs") is True,
        adapted=data.get("adapted") is not False,
        training=_training(data.get("training")),
        chapters=_names(data.get("chapters")),
        unknown={name: data[name] for name in data if name not in (*_FIELDS, "version")},
    )


def _training(value: object) -> Mapping[str, Any]:
    """What makes no sense is left out."""
    if not isinstance(value, dict):
        return {}
    return {
        name: kept
        for name, kept in value.items()
        if isinstance(kept, str if name == "kind" else dict)
    }


def _names(value: object) -> tuple[str, ...]:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()


def _is_within(value: object, limits: tuple[float, float]) -> TypeGuard[float]:
    low, high = limits
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _put_aside(path: Path) -> Sentence:
    """Rename a damaged file; what to show."""
    try:
        aside = put_aside(path)
    except OSError as error:
        return Sentence(
            "The settings in {path} are damaged and could not be put aside ({reason}), so the"
            " defaults are used.",
            path=path,
            reason=error.strerror or error,
        )
    return Sentence(
        "The settings were damaged: the file is kept as {aside}, and the defaults are used.",
        aside=aside,
    )
