"""What killed processes leave is removed, and nothing else."""

import os
import subprocess
import sys
import time

import pytest

from digitpad.cli import run
from digitpad.storage import leftovers
from digitpad.storage.leftovers import sweep

# Dies while it writes a file, and after it has begun another one that it still holds.
WRITER = """
import os, sys, time
from pathlib import Path
from digitpad.storage import atomic
def hang(descriptor):
    print("writing", flush=True)
    sys.stdin.read()
os.fsync = hang
atomic.write_atomically(Path(sys.argv[1]) / "settings.json", "{}")
"""


@pytest.fixture
def root(tmp_path):
    for place in (
        "models",
        "runs/20261127-115040-67bf11",
        "data/EMNIST/raw/gzip",
        "data/MNIST/raw",
    ):
        (tmp_path / place).mkdir(parents=True)
    return tmp_path


def old(path, content=b"x"):
    path.write_bytes(content)
    os.utime(path, (time.time() - 7200,) * 2)
    return path


def test_temporary_files_go_and_all_others_stay(root):
    run_folder = root / "runs" / "20261127-115040-67bf11"
    raw = root / "data" / "MNIST" / "raw"
    (raw / "download.lock").touch()
    (root / "data" / "EMNIST" / "raw" / "unpack.lock").touch()
    left = [
        old(root / ".digitpad-abc"),
        old(root / "models" / ".digitpad-abc"),
        old(run_folder / ".digitpad-abc"),
        old(root / "data" / "EMNIST" / "raw" / "gzip" / "emnist.gz.part"),
        old(raw / "whole.gz.part"),
    ]
    kept = [
        old(raw / "whole.gz"),
        old(raw / "other.gz.part"),
        old(root / "models" / "mine.safetensors"),
        old(run_folder / "checkpoint.safetensors"),
        old(root / "data" / "mine.part"),
        old(root / "data" / "mine"),
        old(root / "settings.json"),
    ]
    fresh = root / "models" / ".digitpad-new"
    fresh.write_bytes(b"x")
    link = root / "models" / ".digitpad-link"
    link.symlink_to(kept[0])
    assert sweep(root) == len(left)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in [*kept, fresh, link])
    assert sweep(root) == 0


def test_a_profile_that_is_not_there_is_not_made(tmp_path):
    assert sweep(tmp_path / "none") == 0
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").touch()
    assert sweep(tmp_path / "file") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open cannot be removed")
def test_what_a_process_writes_stays_until_it_is_gone(root, monkeypatch):
    monkeypatch.setattr(leftovers, "_OLD_SECONDS", -10.0)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "writing\n"
        (temporary,) = root.glob(".digitpad-*")
        assert sweep(root) == 0
        assert temporary.exists()
    finally:
        process.kill()
        process.communicate()
    assert sweep(root) == 1
    assert list(root.glob("*.json")) == []


def test_the_next_start_sweeps(root, capsys):
    left = old(root / "models" / ".digitpad-abc")
    assert run(["--profile", str(root), "model", "list"]) == 0
    assert not left.exists()
