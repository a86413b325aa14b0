"""The licences of everything in a bundle. A file of which nothing is known ends the build."""

from __future__ import annotations

import json
import mmap
import platform
import re
import shutil
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from bundling.failure import BuildError
from bundling.origins import CHECKOUT, Origin, Origins
from bundling.slimming import EXCLUDED_MODULES
from digitpad import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bundling.tocs import Toc

TEXTS = CHECKOUT / "packaging" / "licences"
"""Texts that the packages themselves do not bring along."""

EXCERPT = CHECKOUT / "resources" / "data" / "mnist-excerpt" / "README.md"
"""Source and licence of the digits that Digitpad comes with."""

COMMON = Path("/usr/share/common-licenses")
"""Where Debian keeps the texts that its packages only point to."""

ALWAYS = ("digitpad", "pyinstaller", "pyinstaller-hooks-contrib")
"""Distributions with files that no list names: the program that starts Python, and its hooks."""


class Known(NamedTuple):
    """What is known here of a component, because its files do not say it.

    Attributes:
        licence: SPDX.
        texts: names in `TEXTS`, without ".txt".
    """

    licence: str
    texts: tuple[str, ...]


KNOWN = {
    "GCC runtime libraries": Known(
        "GPL-3.0-or-later WITH GCC-exception-3.1", ("GCC-exception-3.1", "GPL-3.0")
    ),
    "Intel oneAPI libraries": Known("Intel Simplified Software License", ("Intel-oneMKL",)),
    "Microsoft Visual C++ runtime": Known(
        "Microsoft's terms for distributable code", ("Microsoft-runtime",)
    ),
    "Python": Known("PSF-2.0", ("Python-incorporated",)),
    "Qt": Known("LGPL-3.0-only", ("LGPL-3.0", "GPL-3.0", "Qt-third-party", "Apache-2.0")),
}
"""Components that are no distributions of Python."""

ADDED = {
    "digitpad": Known("", ("Free-libraries",)),
    "numpy": Known("", ("LGPL-2.1",)),  # libquadmath
    "pyinstaller": Known("GPL-2.0-or-later WITH Bootloader-exception", ()),
    "pyside6-essentials": Known("LGPL-3.0-only", ("LGPL-3.0", "GPL-3.0")),
    "scipy": Known("", ("LGPL-2.1",)),  # libquadmath
    "shiboken6": Known("LGPL-3.0-only", ("LGPL-3.0", "GPL-3.0")),
}
"""What distributions do not say; the licence that is taken where there is a choice."""

DEBIAN_LICENCES = {
    "fontconfig": "HPND-sell-variant and MIT",
    "libgcrypt20": "LGPL-2.1-or-later",
    "libx11": "MIT",
    "libxau": "MIT",
    "libxcb": "MIT",
    "libxdmcp": "MIT",
    "libxkbcommon": "MIT",
    "util-linux": "BSD-3-Clause (libuuid)",
    "xz-utils": "public domain (liblzma)",
}
"""Of Debian's source packages whose files do not say it in a form that can be read, or say it of
their programs while the bundle has their library alone."""

_MKL = b"oneAPI Math Kernel Library"


class Entry(TypedDict):
    """One component, as in ``index.json``; `texts` are names of files beside it."""

    name: str
    version: str
    licence: str
    texts: list[str]


def distributions(name: str) -> list[str]:
    """A distribution and what it requires, without what is left out of the bundle."""
    left_out = {module.lower() for module in EXCLUDED_MODULES}
    return [
        distribution.name
        for distribution in about.requirements(name)
        if distribution.name.lower() not in left_out
    ]


def collect(*, pure: Toc, binaries: Toc, datas: Toc, out: Path) -> list[Path]:
    """Gather the licences of all files of a bundle.

    Args:
        pure: PyInstaller's list of Python modules.
        binaries: of shared libraries, as they were installed.
        datas: of all other files.
        out: a folder for the texts and ``index.json``; what it held before is deleted.

    Returns:
        The files in `out`, sorted.

    Raises:
        BuildError: a file's origin or a component's licence is not known.
    """
    sources = [
        source
        for _, source, kind in (*pure, *binaries, *datas)
        # Packages without __init__.py have no source; a link's source is its target.
        if source != "-" and kind != "SYMLINK"
    ]
    origins = Origins().of_all(sources)
    for name in ALWAYS:
        origins.setdefault(Origin("distribution", name), [])
    if any(_holds_mkl(source) for source in sources):
        origins.setdefault(Origin("known", "Intel oneAPI libraries"), [])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    library = _Library(out)
    for origin in sorted(origins):
        if origin.kind == "distribution":
            library.add_distribution(metadata.distribution(origin.name))
        elif origin.kind == "known":
            library.add_known(origin.name)
    packages = sorted(origin.name for origin in origins if origin.kind == "debian")
    for name, version, members in _sources_of(packages):
        library.add_debian(name, version, members)
    library.write_index()
    return sorted(out.iterdir())


class _Library:
    """The folder with the texts, and the list of components."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._entries: list[Entry] = []

    def add_distribution(self, distribution: metadata.Distribution) -> None:
        name = distribution.name
        added = ADDED.get(name.lower().replace("_", "-"), Known("", ()))
        texts = [
            (title, about.read_text(path))
            for title, path in about.licence_files(distribution)
            if path.is_file()
        ]
        crates = _crates(distribution)
        shared = list(added.texts)
        if crates:
            texts.append(("Crates of Rust that are compiled into it", crates))
            # Nearly all leave the choice of it.
            shared.append("Apache-2.0")
        if name == "digitpad":
            name = "Digitpad"
            texts.append(("The bundled model", _data_credits()))
            texts.append(("The MNIST excerpt", about.read_text(EXCERPT)))
        self._add(
            name,
            distribution.version,
            added.licence or about.licence_of(distribution),
            about.joined(texts) if texts else "",
            shared,
        )

    def add_known(self, name: str) -> None:
        known = KNOWN[name]
        version, own = "", ""
        if name == "Python":
            version, own = platform.python_version(), _python_licence()
        elif name == "Qt":
            version = ".".join(metadata.version("PySide6-Essentials").split(".")[:3])
        self._add(name, version, known.licence, own, known.texts)

    def add_debian(self, name: str, version: str, packages: list[str]) -> None:
        texts = []
        for package in packages:
            path = Path("/usr/share/doc") / package / "copyright"
            if path.is_file():
                texts.append((", ".join(packages), about.read_text(path)))
                break
        text = about.joined(texts) if texts else ""
        mentioned = set(
            re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])", text)
        )
        licence = DEBIAN_LICENCES.get(name) or debian_licence(text)
        self._add(name, version, licence, text, [self._common(one) for one in sorted(mentioned)])

    def write_index(self) -> None:
        self._entries.sort(key=lambda entry: entry["name"].lower())
        text = json.dumps(self._entries, indent=1, ensure_ascii=False)
        (self._out / "index.json").write_text(text + "\n", encoding="utf-8", newline="\n")

    def _add(self, name: str, version: str, licence: str, own: str, shared: Iterable[str]) -> None:
        texts = []
        if own:
            file = f"{re.sub(r'[^A-Za-z0-9.+-]+', '-', name)}.txt"
            (self._out / file).write_text(own, encoding="utf-8", newline="\n")
            texts.append(file)
        for one in dict.fromkeys(shared):
            if (TEXTS / f"{one}.txt").is_file():
                shutil.copyfile(TEXTS / f"{one}.txt", self._out / f"{one}.txt")
            texts.append(f"{one}.txt")
        if not texts:
            raise BuildError(
                f"{name} is in the bundle, and there is no text of its licence ({licence}): put it"
                " into packaging/licences and name it in bundling/licences.py."
            )
        missing = [text for text in texts if not (self._out / text).is_file()]
        if missing:
            raise BuildError(f"The licence of {name} needs {missing} in packaging/licences.")
        self._entries.append({"name": name, "version": version, "licence": licence, "texts": texts})

    def _common(self, name: str) -> str:
        """The name in `out` of one of Debian's common texts."""
        # Some call version 2 "2.0", which is no file there.
        path = COMMON / name.removesuffix(".0") if not (COMMON / name).exists() else COMMON / name
        path = path.resolve()
        for text in sorted(TEXTS.glob("*.txt")):
            if path.is_file() and text.read_bytes() == path.read_bytes():
                return text.stem
        if path.is_file():
            shutil.copyfile(path, self._out / f"{path.name}.txt")
        return path.name


def debian_licence(text: str) -> str:
    """The licence of most files, after a copyright file that machines can read."""
    for paragraph in re.split(r"\n\s*\n", text):
        found = re.search(r"^Files:\s*(.+?)\s*$.*?^License:\s*(.+?)\s*$", paragraph, re.M | re.S)
        if found and found[1].split()[0] == "*":
            return found[2]
    return "see its text"


def debian_copyright(index: list[Entry]) -> str:
    """The file ``copyright`` of the Debian package, for machines to read.

    Args:
        index: the content of ``index.json``.
    """
    licence = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    copyright_line = next(line for line in licence.splitlines() if line.startswith("Copyright"))
    rows = [f"{one['name']} {one['version']}".rstrip() + f": {one['licence']}" for one in index]
    return f"""\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Digitpad
Comment:
 The package holds Digitpad and everything that it runs with. The texts of all
 licences are in /usr/lib/digitpad/_internal/digitpad/resources/licences, and
 "digitpad --licences" prints them.

Files: *
Copyright: {copyright_line.removeprefix("Copyright (c) ")}
License: Expat

Files: usr/lib/digitpad/_internal/*
Copyright: the authors of the components that are named below
License: components

Files: usr/lib/digitpad/_internal/digitpad/resources/data/mnist-excerpt/*
Copyright: the makers of MNIST: Y. LeCun, C. Cortes and C. J. C. Burges
License: CC-BY-SA-3.0
{_indented(about.read_text(EXCERPT).strip())}

License: Expat
{_indented(licence.partition(copyright_line)[2].strip())}

License: components
 Each component has its own licence:
{_indented(chr(10).join(rows))}
"""


def _indented(text: str) -> str:
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.splitlines())


def _holds_mkl(source: str) -> bool:
    """Whether Intel's library is linked into torch's, which says nothing of it."""
    if not re.match(r"(lib)?torch_cpu\.", Path(source).name):
        return False
    with (
        Path(source).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(_MKL) >= 0


def _python_licence() -> str:
    stdlib = Path(sysconfig.get_path("stdlib"))
    # Windows keeps it beside python.exe.
    for path in (stdlib / "LICENSE.txt", stdlib.parent / "LICENSE.txt"):
        if path.is_file():
            return about.read_text(path)
    raise BuildError(f"Python came without its licence: there is no LICENSE.txt in {stdlib}.")


def _crates(distribution: metadata.Distribution) -> str:
    """What Rust has compiled into a distribution, after its own list in CycloneDX's form."""
    rows = set()
    for file in distribution.files or ():
        if ".dist-info/sboms/" in file.as_posix() and file.suffix == ".json":
            content = json.loads(about.read_text(Path(str(distribution.locate_file(file)))))
            for part in content.get("components", ()):
                if part.get("purl", "").startswith("pkg:cargo/"):
                    words = [one.get("expression", "") for one in part.get("licenses", ())]
                    rows.add(f"{part['name']} {part['version']}: {' AND '.join(words)}")
    return "\n".join(sorted(rows))


def _data_credits() -> str:
    rows = [credit.sentence for credit in about.DATA if credit.bundled]
    return "\n".join(["It was trained on", "", *rows])


def _sources_of(packages: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Debian's source packages: name, version, and those of the binary packages that are theirs."""
    if not packages:
        return
    form = "${Package}\t${source:Package}\t${source:Version}\n"
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", form, *packages], check=True, capture_output=True, text=True
    ).stdout
    found: dict[tuple[str, str], list[str]] = {}
    for row in listing.splitlines():
        package, source, version = row.split("\t")
        members = found.setdefault((source, version), [])
        if package not in members:
            members.append(package)
    for (source, version), members in sorted(found.items()):
        yield source, version, sorted(members)
