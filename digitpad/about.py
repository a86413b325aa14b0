"""What this Digitpad is: its build, what it runs with, and whose work it holds.

Free of Qt and torch; versions are read from what the packages say of themselves.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import digitpad
from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MISSING = "not installed"

_LICENCE_NAME = re.compile(r"licen[cs]e|copying|copyright|notice|authors", re.IGNORECASE)

_CODE = {".py", ".pyc", ".pyi", ".pyd", ".so", ".h", ".json"}


class DataCredit(NamedTuple):
    """Whose data something was learned from, or can be.

    Attributes:
        bundled: whether the bundled model learned from it.
        shipped: whether it comes with Digitpad, and is not downloaded.
        kinds: what the dataset is called in a configuration; nothing where it cannot be chosen.
    """

    title: str
    makers: str
    licence: str
    bundled: bool = False
    shipped: bool = False
    kinds: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it, as in a list of credits."""
        return f"{self.title}: {self.makers}; {self.licence}"


DATA = (
    DataCredit(
        "MNIST",
        "Y. LeCun, C. Cortes and C. J. C. Burges, from data of NIST",
        "CC BY-SA 3.0",
        bundled=True,
        kinds=("mnist",),
    ),
    DataCredit(
        "MNIST excerpt, 12 000 of MNIST's training digits",
        "Y. LeCun, C. Cortes and C. J. C. Burges, from data of NIST",
        "CC BY-SA 3.0",
        shipped=True,
        kinds=("mnist-excerpt",),
    ),
    DataCredit(
        "Pen-Based Recognition of Handwritten Digits",
        "E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository",
        "CC BY 4.0",
        bundled=True,
    ),
    DataCredit(
        "UNIPEN",
        "I. Guyon, L. Schomaker, R. Plamondon, M. Liberman and S. Janet, and those who contributed"
        " to it, doi:10.5281/zenodo.1195803",
        "CC BY 4.0",
        bundled=True,
    ),
    DataCredit(
        "Omniglot", "B. Lake, R. Salakhutdinov and J. Tenenbaum", "MIT licence", bundled=True
    ),
    DataCredit(
        "detexify",
        "D. Kirsch (Kirel), and the visitors who drew its symbols",
        "ODbL 1.0",
        bundled=True,
    ),
    DataCredit(
        "QMNIST",
        "C. Yadav and L. Bottou, Facebook, from data of NIST",
        "BSD licence",
        kinds=("qmnist",),
    ),
    DataCredit(
        "EMNIST",
        "G. Cohen, S. Afshar, J. Tapson and A. van Schaik, Western Sydney University, from NIST"
        " Special Database 19",
        "published by NIST without a licence of its own",
        kinds=("emnist-digits", "emnist-letters"),
    ),
    DataCredit(
        "KMNIST",
        "CODH, adapted from the Kuzushiji Dataset by NIJL and others, doi:10.20676/00000341",
        "CC BY-SA 4.0",
        kinds=("kmnist",),
    ),
    DataCredit(
        "Fashion-MNIST",
        "H. Xiao, K. Rasul and R. Vollgraf, Zalando SE",
        "MIT licence",
        kinds=("fashion-mnist",),
    ),
    DataCredit(
        "USPS",
        "J. J. Hull, CEDAR at SUNY Buffalo, for the United States Postal Service",
        "published without a licence",
        kinds=("usps",),
    ),
)
"""The data of the bundled model, the data that comes with Digitpad, and what the Train tab
downloads when somebody asks for it."""

LEARNT_FROM = tuple(credit for credit in DATA if credit.bundled)
SHIPPED = tuple(credit for credit in DATA if credit.shipped)
DOWNLOADED = tuple(credit for credit in DATA if credit.kinds and not credit.shipped)


class Component(NamedTuple):
    """Software that is shipped or used.

    Attributes:
        version: empty where it does not say.
        licence: SPDX or the words of its makers.
        text: reads the licence's text, with those of all its parts.
    """

    name: str
    version: str
    licence: str
    text: Callable[[], str]

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()


def versions() -> dict[str, str]:
    """Digitpad's own version, and those of what it runs with, by name; never imports any of it."""
    return {
        "Digitpad": digitpad.__version__,
        "Python": platform.python_version(),
        "Qt": _qt_version(),
        "PySide6": _version("PySide6-Essentials"),
        "torch": _version("torch"),
    }


def build_sentence() -> str:
    """Where this copy comes from, as "Linux bundle of 2026-11-24, commit 0123456789ab"."""
    try:
        resources = resources_dir()
        text = (resources / "build.json").read_text(encoding="utf-8")
    except DigitpadError:
        return "damaged installation"
    except OSError:
        # Only bundles have the file.
        inside = resources.parent == Path(digitpad.__file__).resolve().parent
        return "Python package" if inside else "source tree"
    try:
        build = json.loads(text)
        commit, plus, changes = build["commit"].partition("+")
        return f"{build['kind']} of {build['date']}, commit {commit[:12]}{plus}{changes}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "bundle of unknown origin"


def summary() -> str:
    """Versions and build, one a line, to be read or pasted into a report."""
    rows = versions()
    lines = [f"Digitpad {rows.pop('Digitpad')}", f"Build: {build_sentence()}"]
    return "\n".join([*lines, *(f"{name} {version}" for name, version in rows.items())])


def components() -> list[Component]:
    """Everything that Digitpad ships, Digitpad included; outside a bundle, all that it needs.

    Raises:
        DigitpadError: the installation is damaged.
    """
    folder = resources_dir() / "licences"
    if not folder.is_dir():
        return [
            Component(one.name, one.version, licence_of(one), partial(_text_of, one))
            for one in requirements("digitpad")
        ]
    try:
        return [
            Component(
                entry["name"],
                entry["version"],
                entry["licence"],
                partial(_read, [(Path(name).stem, folder / name) for name in entry["texts"]]),
            )
            for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DigitpadError(
            "Digitpad's list of licences cannot be read: please install it again."
        ) from error


def requirements(name: str) -> list[metadata.Distribution]:
    """A distribution with all that it requires here, directly or not, sorted by name."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, metadata.Distribution] = {}
    waiting = [name]
    while waiting:
        wanted = canonicalize_name(waiting.pop())
        if wanted in found:
            continue
        try:
            found[wanted] = distribution = metadata.distribution(wanted)
        except metadata.PackageNotFoundError:
            continue
        for text in distribution.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return [found[key] for key in sorted(found)]


def licence_of(distribution: metadata.Distribution) -> str:
    """What a distribution says in a few words about its licence."""
    fields = distribution.metadata
    for words in (*fields.get_all("License-Expression", []), *fields.get_all("License", [])):
        # The older field may hold a whole text.
        if words and len(words) < 120 and "\n" not in words:
            return str(words)
    names = [
        classifier.rpartition(" :: ")[2]
        for classifier in fields.get_all("Classifier", [])
        if classifier.startswith("License :: ")
    ]
    return " or ".join(names) or "see its text"


def licence_files(distribution: metadata.Distribution) -> list[tuple[str, Path]]:
    """All files of a distribution with licences, notices or names of authors.

    Returns:
        Titles, which say what part of the distribution a file is about, and paths.
    """
    return sorted(
        (
            re.sub(r"^[^/]*\.dist-info/(licen[cs]es/)?", "", file.as_posix()),
            Path(str(distribution.locate_file(file))),
        )
        for file in distribution.files or ()
        if _LICENCE_NAME.search(file.name) and file.suffix not in _CODE
    )


def joined(texts: Iterable[tuple[str, str]]) -> str:
    """Texts one below the other, each under its title, the same text only once."""
    titles: dict[str, list[str]] = {}
    for title, text in texts:
        titles.setdefault(text.strip("\r\n"), []).append(title)
    if len(titles) == 1:
        return next(iter(titles)) + "\n"
    blocks = []
    for text, names in titles.items():
        heading = "\n".join(names)
        blocks.append(f"{heading}\n{'-' * max(map(len, names))}\n\n{text}\n")
    return "\n\n".join(blocks)


def read_text(path: Path) -> str:
    """A text of unknown age: UTF-8, or Latin-1 where it is not; raises OSError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return path.read_text(encoding="latin-1")


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return _MISSING


def _qt_version() -> str:
    if (core := sys.modules.get("PySide6.QtCore")) is not None:
        return str(core.qVersion())
    # The wheel holds the Qt that it is named after; a fourth number counts the wheel's own changes.
    version = _version("PySide6-Essentials")
    return version if version == _MISSING else ".".join(version.split(".")[:3])


def _text_of(distribution: metadata.Distribution) -> str:
    if texts := [(title, path) for title, path in licence_files(distribution) if path.is_file()]:
        return _read(texts)
    return f"{distribution.name} came without a text; its licence is {licence_of(distribution)}."


def _read(texts: list[tuple[str, Path]]) -> str:
    try:
        return joined((title, read_text(path)) for title, path in texts)
    except OSError as error:
        raise DigitpadError(
            "{filename} cannot be read: {reason}. Please install Digitpad again.",
            filename=error.filename,
            reason=error.strerror or error,
        ) from error
