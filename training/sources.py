"""Which of the project's files a module is made of: what a result that is kept depends on."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]


def sources(module: str, root: Path = ROOT) -> tuple[Path, ...]:
    """The files of a module and of all that it imports, here and there, from the same checkout.

    The text files beside a module belong to it. Imports inside functions count; those for type
    checkers count as well, which makes a kept result anew once too often and never too seldom.

    Args:
        module: dotted name of a module under the root.
        root: holds the packages.

    Returns:
        Paths in the order of their names.
    """
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        path = _path(waiting.pop(), root)
        if path is not None and path not in found:
            found.add(path)
            found.update(path.parent.glob("*.txt"))
            waiting += _imports(ast.parse(path.read_bytes()))
    return tuple(sorted(found))


def key(settings: object, modules: Iterable[str], data: Path) -> str:
    """A name for a result that is kept: it changes with all that the result depends on.

    Args:
        settings: what it was made with, by its text.
        modules: what made it, see `sources`.
        data: folder of the gzipped files that it was made of, which are told by their sizes.
    """
    digest = hashlib.sha256(str(settings).encode())
    for module in modules:
        for path in sources(module):
            digest.update(path.read_bytes())
    for path in sorted(data.rglob("*.gz")):
        digest.update(f"{path.relative_to(data)} {path.stat().st_size}".encode())
    return digest.hexdigest()[:12]


def _path(module: str, root: Path) -> Path | None:
    place = root.joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            # What is imported from a package may be a module.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
