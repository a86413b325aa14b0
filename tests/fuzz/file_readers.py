"""Files that a person names on the command line: models, strokes, pictures, MNIST's own files."""

from __future__ import annotations

import gzip
import json
import struct
from typing import TYPE_CHECKING

import numpy as np
from cli_files import ONE, SEVEN, ZERO, line, write_model
from dataset_files import idx_labels, idx_pictures

from .cases import Case, Command, Reader
from .mutations import (
    BOUNDARIES,
    json_bytes,
    spoil_bytes,
    spoil_gzip,
    spoil_png,
    spoil_safetensors,
    spoil_svg,
    spoil_table,
)

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

DRAWINGS = (("0", ZERO), ("1", ONE), ("7", SEVEN))

TRAINING = {
    "architecture": "mlp",
    "options": {},
    "epochs": 1,
    "batch_size": 8,
    "device": "cpu",
    "augmentation": {},
}
"""A training of a second at most."""


def write_strokes(path: Path, count: int = 12) -> None:
    """Some drawings of three classes."""
    drawings = [DRAWINGS[i % len(DRAWINGS)] for i in range(count)]
    path.write_text("".join(line(drawing, word=word) for word, drawing in drawings))


def common_files(bases: Path) -> None:
    """A drawing, a dataset, a small model and the settings of a short training."""
    import torch

    # The same weights every time.
    torch.manual_seed(0)
    write_strokes(bases / "drawings.ndjson")
    (bases / "seven.ndjson").write_text(line(SEVEN, word="7"))
    write_model(bases / "tiny.safetensors")
    (bases / "training.json").write_text(json.dumps(TRAINING))


def short_training(bases: Path, data: object) -> Command:
    """Train on data for a moment."""
    config = bases / "training.json"
    return ["train", "--data", data, "--config", config, "--threads", 1, "--json"]


def classify_seven(bases: Path) -> Command:
    """Load torch, and a model."""
    return ["classify", bases / "seven.ndjson", "--json"]


def in_profile(place: Path, *commands: Command) -> list[Command]:
    """The same commands in a profile of the case's own."""
    return [
        command if callable(command) else ["--profile", place / "profile", *command]
        for command in commands
    ]


def _models(bases: Path) -> None:
    from digitpad.recognition.ensemble import make_ensemble
    from digitpad.recognition.model_file import Model, load_model, save_model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.networks import build_network

    common_files(bases)
    names = tuple("0123456789")
    for architecture, options in (("mlp", {}), ("surenet", {"widths": [2, 3, 4, 5]})):
        info = ModelInfo("Plain", architecture, names, options, origin={"data": "none"})
        network = build_network(architecture, len(names), options).eval()
        save_model(Model(info, network), bases / f"{architecture}.safetensors")
    tiny = load_model(bases / "tiny.safetensors")
    save_model(tiny, bases / "half.safetensors", half=True)
    save_model(make_ensemble([tiny, tiny], "Two"), bases / "two.safetensors")


def _model_case(random: Random, bases: Path, place: Path) -> Case:
    right = random.choice(sorted(bases.glob("*.safetensors"))).read_bytes()
    spoilt = place / "spoilt.safetensors"
    spoilt.write_bytes(spoil_safetensors(random, right))
    seven = bases / "seven.ndjson"
    commands: list[list[Command]] = [
        [["model", "info", spoilt, "--json"]],
        [["classify", "--model", spoilt, seven, "--json"]],
        [
            ["model", "import", spoilt, "--name", "x"],
            ["model", "list", "--json"],
            ["classify", "--model", "x", seven, "--json"],
        ],
    ]
    return Case(in_profile(place, *random.choice(commands)))


def _stroke_case(random: Random, bases: Path, place: Path) -> Case:
    lines = (bases / "drawings.ndjson").read_text().splitlines()
    if random.random() < 0.7:
        number = random.randrange(len(lines))
        spoilt = json_bytes(random, json.loads(lines[number]))
        before, after = ("\n".join(part).encode() for part in (lines[:number], lines[number + 1 :]))
        content = before + b"\n" + spoilt + b"\n" + after
    else:
        content = spoil_bytes(random, "\n".join(lines).encode())
    name = random.choice(("x.ndjson", "x.ndjson", "x.ndjson.gz", "x.jsonl", "x"))
    if name.endswith(".gz"):
        content = (
            spoil_gzip(random, content)
            if random.random() < 0.5
            else gzip.compress(content, mtime=0)
        )
    path = place / name
    path.write_bytes(content)
    command: list[Command] = [["classify", path, "--json"]] * 4
    command += [["evaluate", path, "--json"]] * 3 + [short_training(bases, path)]
    return Case(in_profile(place, random.choice(command)))


def _pictures(bases: Path) -> None:
    from PIL import Image, features

    from digitpad.ink.stroke_file import read_strokes
    from digitpad.ink.svg import to_svg

    common_files(bases)
    grey = np.full((64, 48), 235, np.uint8)
    grey[10:14, 10:38] = grey[10:54, 34:38] = 20
    picture = Image.fromarray(grey)
    modes = {"L": picture, "RGB": picture.convert("RGB"), "RGBA": picture.convert("RGBA")}
    modes |= {"P": picture.convert("P"), "1": picture.convert("1"), "I16": picture.convert("I;16")}
    for mode, made in modes.items():
        made.save(bases / f"{mode}.png")
    modes["L"].save(bases / "interlaced.png", optimize=True)
    modes["RGB"].save(bases / "plain.jpg")
    modes["L"].save(bases / "progressive.jpg", progressive=True)
    modes["RGB"].convert("CMYK").save(bases / "cmyk.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    modes["RGB"].save(bases / "turned.jpg", exif=exif)
    modes["P"].save(bases / "plain.gif")
    modes["P"].save(bases / "moving.gif", save_all=True, append_images=[modes["P"]] * 3)
    modes["RGB"].save(bases / "plain.bmp")
    modes["L"].save(bases / "plain.ppm")
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        modes["L"].save(bases / f"{compression}.tif", compression=compression)
    modes["1"].save(bases / "fax.tif", compression="group4")
    modes["RGBA"].save(bases / "plain.webp")
    modes["RGB"].save(bases / "lossless.webp", lossless=True)
    if features.check("avif"):
        modes["RGB"].save(bases / "plain.avif")
    (seven,) = read_strokes(bases / "seven.ndjson")
    (bases / "plain.svg").write_text(to_svg(seven.drawing))


def _picture_case(random: Random, bases: Path, place: Path) -> Case:
    pictures = sorted(path for path in bases.iterdir() if path.suffix in _PICTURES)
    right = random.choice(pictures)
    content = right.read_bytes()
    if right.suffix == ".png" and random.random() < 0.7:
        content = spoil_png(random, content)
    elif right.suffix == ".svg":
        content = spoil_svg(random, content)
    else:
        content = spoil_bytes(random, content, random.choice(pictures).read_bytes())
    ending = right.suffix if random.random() < 0.9 else random.choice(_PICTURES)
    if random.random() < 0.8:
        spoilt = place / f"spoilt{ending}"
        spoilt.write_bytes(content)
        return Case(in_profile(place, ["classify", spoilt, "--json"]))
    for name in "07":
        folder = place / "data" / name
        folder.mkdir(parents=True)
        for number in range(2):
            (folder / f"{number}.png").write_bytes((bases / "L.png").read_bytes())
    (place / "data" / "0" / f"spoilt{ending}").write_bytes(content)
    return Case(in_profile(place, ["evaluate", place / "data", "--json"]))


_PICTURES = (*(".png", ".jpg", ".gif", ".bmp", ".ppm"), *(".tif", ".webp", ".avif", ".svg"))


def _tables(bases: Path) -> None:
    common_files(bases)
    titles = ",".join(("label", *(f"pixel{i}" for i in range(784))))
    glyph = np.zeros((28, 28), np.uint8)
    glyph[6:22, 13:16] = 255
    levels = ",".join(map(str, glyph.ravel().tolist()))
    rows = [f"{i % 3},{levels}" for i in range(30)]
    (bases / "titles.csv").write_text("\n".join((titles, *rows)))
    (bases / "plain.csv").write_text("\n".join(rows))


def _table_case(random: Random, bases: Path, place: Path) -> Case:
    content = spoil_table(random, random.choice(sorted(bases.glob("*.csv"))).read_bytes())
    name = random.choice(("x.csv", "x.csv", "x.csv.gz", "x.tsv", "x.txt", "x"))
    if name.endswith(".gz"):
        content = spoil_gzip(random, content)
    path = place / name
    path.write_bytes(content)
    command: list[Command] = [["evaluate", path, "--model", bases / "tiny.safetensors", "--json"]]
    return Case(in_profile(place, random.choice(command * 2 + [short_training(bases, path)])))


def _idx_case(random: Random, bases: Path, place: Path) -> Case:
    count, side = 30, 28
    glyphs = np.zeros((count, side, side), np.uint8)
    glyphs[:, 6:22, 13:16] = 255
    files = {
        "images-idx3": idx_pictures(glyphs),
        "labels-idx1": idx_labels(np.arange(count) % 3),
    }
    spoilt = random.choice(sorted(files))
    match random.randrange(3):
        case 0:
            files[spoilt] = spoil_bytes(random, files[spoilt])
        case 1:
            # The same wrong count in both, or in one.
            value = struct.pack(">i", max(-(2**31), min(random.choice(BOUNDARIES), 2**31 - 1)))
            for name in files if random.random() < 0.5 else (spoilt,):
                place_of_it = 4 * random.randrange(1, 3)
                data = files[name]
                files[name] = data[:place_of_it] + value + data[place_of_it + 4 :]
    prefix = random.choice(("t10k", "train"))
    packed = random.random() < 0.5
    folder = place / "data"
    folder.mkdir()
    for name, data in files.items():
        path = folder / f"{prefix}-{name}-ubyte"
        if packed:
            path = path.with_name(f"{path.name}.gz")
            data = spoil_gzip(random, data) if name == spoilt else gzip.compress(data, mtime=0)
        path.write_bytes(data)
    if prefix == "train" and random.random() < 0.5:
        return Case(in_profile(place, short_training(bases, folder)))
    tiny = bases / "tiny.safetensors"
    split = "train" if prefix == "train" else "test"
    command = ["evaluate", folder, "--split", split, "--model", tiny, "--json"]
    return Case(in_profile(place, command))


FILE_READERS = {
    "model": Reader(_models, _model_case, classify_seven),
    "strokes": Reader(common_files, _stroke_case, classify_seven),
    "picture": Reader(_pictures, _picture_case, lambda bases: ["classify", bases / "L.png"]),
    "table": Reader(_tables, _table_case, classify_seven),
    "idx": Reader(common_files, _idx_case, classify_seven),
}
