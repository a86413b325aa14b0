"""What is left out of the bundle, and what is not."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bundling import slimming

SITE = Path(find_spec("torch").origin).parents[1]

# A training as short as one can be, whose process notes the sources that it opens.
WATCHED = """
import sys
opened = set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(".py"):
        opened.add(arguments[0])
sys.addaudithook(watch)
from digitpad import cli
code = cli.run(sys.argv[1:])
print("\\n".join(opened))
sys.exit(code)
"""


def entry(destination, kind="BINARY", source=None):
    return (destination, source or f"/built/{destination}", kind)


def test_a_program_that_tests_torch_is_left_out_and_the_one_it_looks_for_is_not():
    toc = [entry("torch/bin/test_api"), entry("torch/bin/torch_shm_manager")]
    assert slimming.slim(toc) == toc[1:]


def test_qts_own_sentences_stay_in_the_languages_of_the_program():
    for folder in ("PySide6/Qt/translations", "PySide6/translations"):
        names = (
            "qtbase_zh_CN.qm",
            "qtbase_en.qm",
            "qtbase_de.qm",
            "qt_zh_CN.qm",
            "qtbase_zh_TW.qm",
        )
        toc = [entry(f"{folder}/{name}", "DATA") for name in names]
        assert slimming.slim(toc) == toc[:2]


def test_windows_paths_are_recognised():
    assert slimming.excluded("torch\\include\\ATen\\ATen.h") is not None
    assert slimming.excluded("torch\\lib\\torch_cpu.dll") is None


def test_links_to_what_is_left_out_go_with_it():
    link = ("libnvjpeg.so", "torchvision.libs/libnvjpeg.so", "SYMLINK")
    kept = ("libc10.so", "torch/lib/libc10.so", "SYMLINK")
    toc = [entry("torchvision.libs/libnvjpeg.so"), link, entry("torch/lib/libc10.so"), kept]
    assert slimming.slim(toc) == toc[2:]


def test_libraries_stay_that_something_reaches():
    linked = {
        "/built/PySide6/QtCore.abi3.so": ["libQt6Core.so.6"],
        "/built/PySide6/Qt/lib/libQt6Core.so.6": ["libglib-2.0.so.0"],
        "/built/libglib-2.0.so.0": ["libpcre2-8.so.0"],
    }
    kept = [
        entry("PySide6/QtCore.abi3.so", "EXTENSION"),
        entry("PySide6/Qt/lib/libQt6Core.so.6"),
        entry("libglib-2.0.so.0"),
        entry("libpcre2-8.so.0"),
        entry("libpython3.11.so.1.0"),
    ]
    left = [entry("libgtk-3.so.0"), entry("scipy.libs/libopenblas.so")]
    found = slimming.without_unneeded_libraries(
        [*left, *kept], lambda source: linked.get(source, [])
    )
    assert found == kept


def test_only_kept_submodules_of_a_package_stay(tmp_path):
    for package, kept in slimming.KEPT_SUBMODULES.items():
        folder = tmp_path.joinpath(*package.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*kept, "made_up"):
            (folder / f"{name}.py").touch()
    names = slimming.excluded_modules(tmp_path)
    assert "torch._inductor.made_up" in names
    assert "torch._inductor.config" not in names


def test_sources_lie_where_their_modules_would(tmp_path):
    modules = [
        ("torch", f"{tmp_path}/torch/__init__.py", "PYMODULE"),
        ("torch.functional", f"{tmp_path}/torch/functional.py", "PYMODULE"),
        ("torch.hub", f"{tmp_path}/torch/hub.py", "PYMODULE"),
        ("sympy", f"{tmp_path}/sympy/__init__.py", "PYMODULE"),
    ]
    paths = [path for path, _, _ in slimming.needed_sources(modules)]
    assert paths == ["torch/__init__.py", "torch/functional.py"]


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_the_sources_that_torch_reads_are_shipped(optimizer, tmp_path):
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    options = [
        "--optimizer",
        optimizer,
        "--data",
        "synthetic",
        "--count",
        "200",
        "--epochs",
        "1",
        "--threads",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, script, "--profile", tmp_path, "train", *options],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    read = {
        Path(line).relative_to(SITE).as_posix()
        for line in done.stdout.splitlines()
        if line.startswith(f"{SITE}/torch/")
    }
    assert read, "torch reads some of its sources"
    assert {path for path in read if not slimming.is_source_read(path)} == set()
