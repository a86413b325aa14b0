"""Training and test parts, wrappers, and what is neither."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sentences import check_sentence, raises_error

from digitpad.data.forms.folders import pictures_in
from digitpad.data.forms.layout import find_layout, part_of
from digitpad.data.forms.user_files import PictureFolders, find_pictures
from digitpad.data.left_out import LeftOut
from digitpad.data.readers import open_reader

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path, *paths: str) -> Path:
    """Pictures; a path that ends in a slash is an empty folder."""
    for path in paths:
        place = root / path
        if path.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix == ".png":
            Image.new("L", (30, 30), 255).save(place)
        else:
            place.write_text("text")
    return root


def found(root: Path, *wanted: str) -> dict[str, list[str]]:
    """The files of each class, in the parts that are wanted."""
    reader = find_pictures(root, wanted or ("train",))  # type: ignore[arg-type]
    files: dict[str, list[str]] = {}
    for name, origin, _ in reader._pictures(None):
        files.setdefault(name, []).append(origin.file.relative_to(root).as_posix())
    return files


PARTS = ("train/0/a.png", "train/1/b.png", "test/0/c.png", "test/1/d.png")


class TestParts:
    @pytest.mark.parametrize(
        ("train", "test"),
        [
            ("train", "test"),
            ("Training", "Testing"),
            ("trainingSet", "testSet"),
            ("TRAIN", "TEST"),
            ("train_images", "test-images"),
            ("mnist_train", "mnist_test"),
            ("training set", "test set"),
        ],
    )
    def test_the_part_that_is_wanted_is_taken(self, tmp_path: Path, train: str, test: str) -> None:
        make(tmp_path, *(p.replace("train/", f"{train}/") for p in PARTS[:2]))
        make(tmp_path, *(p.replace("test/", f"{test}/") for p in PARTS[2:]))
        assert found(tmp_path) == {"0": [f"{train}/0/a.png"], "1": [f"{train}/1/b.png"]}
        assert found(tmp_path, "test") == {"0": [f"{test}/0/c.png"], "1": [f"{test}/1/d.png"]}
        notice = find_pictures(tmp_path).notice()
        check_sentence(notice, "{source} is divided into parts", taken=train, others=test)

    def test_evaluation_takes_the_test_part_or_says_which_other(self, tmp_path: Path) -> None:
        reader = open_reader(make(tmp_path, *PARTS, "val/0/e.png", "val/1/e.png"))
        assert isinstance(reader, PictureFolders)
        assert reader.layout.part == "test"
        assert reader.description.endswith("test split")
        trained = open_reader(tmp_path, "train")
        assert isinstance(trained, PictureFolders)
        assert trained.layout.taken == ("train",)
        validated = open_reader(tmp_path, "validation")
        assert isinstance(validated, PictureFolders)
        assert validated.layout.taken == ("val",)
        only = make(tmp_path / "only", "train/0/a.png", "train/1/b.png")
        reader = open_reader(only)
        assert isinstance(reader, PictureFolders)
        assert reader.layout.part == "train"
        check_sentence(reader.notice(), "{source} has its class folders in {taken}", taken="train")

    def test_the_validation_part_stays_what_it_is(self, tmp_path: Path) -> None:
        make(tmp_path, *PARTS, "valid/0/e.png", "valid/1/f.png", "valid/9/g.png")
        assert found(tmp_path)["0"] == ["train/0/a.png"]
        reader = find_pictures(tmp_path)
        check_sentence(
            reader.notice(), "{source} is divided into parts", validated="valid", others="test"
        )
        validation, left_out = reader.validation(("0", "1")), LeftOut(tmp_path)
        assert validation is not None
        assert list(validation.names(left_out)) == ["0", "1"]
        assert left_out.to_dict()["count"] == 1
        others = reader.validation(("a", "b"))
        assert others is not None
        with raises_error("The validation split of {source}", folders="valid"):
            list(others.names(left_out))

    def test_a_part_that_is_not_there(self, tmp_path: Path) -> None:
        make(tmp_path, *PARTS[2:])
        with raises_error("{source} has no {split} split, only {parts}", split="train"):
            find_pictures(tmp_path)
        with raises_error("{path} has no {split} split: ", split="test"):
            open_reader(make(tmp_path / "plain", "0/a.png", "1/b.png"), "test")

    def test_parts_within_each_class(self, tmp_path: Path) -> None:
        make(tmp_path, "0/train/a.png", "0/test/b.png", "1/train/c.png", "1/test/d.png")
        assert found(tmp_path) == {"0": ["0/train/a.png"], "1": ["1/train/c.png"]}
        assert found(tmp_path, "test") == {"0": ["0/test/b.png"], "1": ["1/test/d.png"]}

    def test_pictures_without_classes_in_one_part(self, tmp_path: Path) -> None:
        # Kaggle's test pictures have no labels.
        make(tmp_path, *PARTS[:2], "test/1.png", "test/2.png")
        assert set(found(tmp_path)) == {"0", "1"}
        with raises_error("{source} has no {split} split, only {parts}", split="test"):
            open_reader(tmp_path, "test")

    @pytest.mark.parametrize(
        "paths",
        [
            ("train/a.png", "test/b.png"),
            ("train/a.png", "train/b.png"),
            ("train/a.png", "test/"),
        ],
    )
    def test_parts_without_classes_are_never_learned_as_classes(
        self, tmp_path: Path, paths: tuple[str, ...]
    ) -> None:
        with raises_error("{source} has the folders {parts}, and in them no class-named"):
            find_pictures(make(tmp_path, *paths))

    @pytest.mark.parametrize("paths", [PARTS, ("train/a.png", "test/b.png")])
    def test_parts_beside_classes_are_refused(self, tmp_path: Path, paths: tuple[str, ...]) -> None:
        make(tmp_path, *paths, "7/a.png", "docs/README.md")
        with raises_error(
            "{source} has the folders {parts} of a divided", parts="test, train", others="7"
        ):
            find_pictures(tmp_path)

    def test_a_class_may_be_a_train(self, tmp_path: Path) -> None:
        make(tmp_path, "bus/a.png", "car/b.png", "train/c.png")
        assert set(found(tmp_path)) == {"bus", "car", "train"}

    def test_names(self) -> None:
        for name in ("0", "data", "set", "contest", "trainer", "", "val7", "tests and more"):
            assert part_of(name) is None


class TestWrappers:
    @pytest.mark.parametrize("wrapper", ["data/", "archive/mnist/", "a b/c d/e f/"])
    def test_folders_that_only_hold_one_another(self, tmp_path: Path, wrapper: str) -> None:
        make(tmp_path, *(wrapper + path for path in PARTS), "README.md", "__MACOSX/x/y.png")
        assert set(found(tmp_path)) == {"0", "1"}
        assert found(tmp_path, "test")["0"] == [f"{wrapper}test/0/c.png"]

    def test_a_part_in_itself(self, tmp_path: Path) -> None:
        make(tmp_path, "trainingSet/trainingSet/0/a.png", "trainingSet/trainingSet/1/a.png")
        assert set(found(tmp_path)) == {"0", "1"}

    @pytest.mark.parametrize("name", ["7", "seven", "digit_7", "x"])
    def test_a_single_class_is_no_wrapper(self, tmp_path: Path, name: str) -> None:
        make(tmp_path, f"{name}/anna/a.png", f"{name}/bert/b.png")
        assert list(found(tmp_path)) == [name]

    def test_a_single_class_with_pictures_is_no_wrapper(self, tmp_path: Path) -> None:
        make(tmp_path, "only/a.png", "only/more/b.png")
        assert list(found(tmp_path)) == ["only"]


class TestWhatSystemsLeave:
    CLUTTER = (
        ".DS_Store",
        "._000.png",
        "Thumbs.db",
        "desktop.ini",
        "0/Thumbs.db",
        "0/@eaDir/a.png/SYNOPHOTO_THUMB_M.png",
        "0/.ipynb_checkpoints/a.png",
        "0/._a.png",
        "__MACOSX/0/._a.png",
        "@eaDir/0/a.png",
        "#recycle/0/a.png",
        "$RECYCLE.BIN/0/a.png",
        "@Recycle/a.png",
        "lost+found/a.png",
    )

    def test_it_is_passed_over_without_a_word(self, tmp_path: Path) -> None:
        make(tmp_path, "0/a.png", "1/b.png", *self.CLUTTER)
        left_out = LeftOut(tmp_path)
        assert list(find_pictures(tmp_path).names(left_out)) == ["0", "1"]
        assert left_out.count == 0

    def test_empty_class_folders_are_no_classes(self, tmp_path: Path) -> None:
        make(tmp_path, "0/a.png", "1/b.png", "2/")
        assert set(found(tmp_path)) == {"0", "1"}

    def test_classes_that_differ_in_case(self, tmp_path: Path) -> None:
        make(tmp_path, "a/1.png", "A/2.png")
        assert found(tmp_path) == {"A": ["A/2.png"], "a": ["a/1.png"]}


class TestTrees:
    def test_links_to_folders_above(self, tmp_path: Path) -> None:
        make(tmp_path, "0/a.png", "1/b.png", "elsewhere/")
        (tmp_path / "0" / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "self").symlink_to(tmp_path / "self")
        assert found(tmp_path) == {"0": ["0/a.png"], "1": ["1/b.png"]}

    def test_a_class_may_be_a_link(self, tmp_path: Path) -> None:
        make(tmp_path, "set/0/a.png", "other/b.png")
        (tmp_path / "set" / "1").symlink_to(tmp_path / "other", target_is_directory=True)
        assert found(tmp_path / "set")["1"] == ["1/b.png"]

    @pytest.mark.skipif(shutil.which("rm") is None, reason="only rm can delete them")
    def test_very_deep_folders(self, tmp_path: Path) -> None:
        make(tmp_path, "1/b.png", "0/a.png")
        # Deeper than Python's recursion, and than a path may be long.
        here = os.open(tmp_path / "0", os.O_RDONLY)
        for _ in range(2500):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)
        try:
            left_out = LeftOut(tmp_path)
            assert list(find_pictures(tmp_path).names(left_out)) == ["0", "1"]
            assert left_out.count == 1
        finally:
            subprocess.run(["rm", "-rf", tmp_path / "0" / "d"], check=True)

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everywhere"
    )
    def test_a_folder_that_cannot_be_read_is_left_out(self, tmp_path: Path) -> None:
        make(tmp_path, "0/a.png", "1/b.png", "1/closed/c.png")
        (tmp_path / "1" / "closed").chmod(0)
        try:
            left_out = LeftOut(tmp_path)
            assert list(find_pictures(tmp_path).names(left_out)) == ["0", "1"]
            assert left_out.notice().fields["names"] == "1/closed"
        finally:
            (tmp_path / "1" / "closed").chmod(0o700)

    def test_a_folder_that_fails_is_left_out(self, tmp_path: Path, monkeypatch) -> None:
        make(tmp_path, "0/a.png", "1/b.png", "1/closed/c.png")
        scandir = os.scandir

        def scan(path: Path):
            if path.name == "closed":
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", scan)
        left_out = LeftOut(tmp_path)
        assert list(find_pictures(tmp_path).names(left_out)) == ["0", "1"]
        check_sentence(left_out.notice(), "{count} file or drawing", count=1, names="1/closed")

    @pytest.mark.parametrize("name", [b"\xff\xfe", b"a\nb", b"a\x07", b"x" * 201])
    def test_folders_whose_names_no_class_can_have(self, tmp_path: Path, name: bytes) -> None:
        make(tmp_path, "0/a.png", "1/b.png")
        make(tmp_path / os.fsdecode(name), "a.png")
        with raises_error("{source} has a class with the name {name!r}: "):
            list(open_reader(tmp_path).names(LeftOut(tmp_path)))

    def test_files_with_any_name_are_read(self, tmp_path: Path) -> None:
        make(tmp_path, "0/a\nb.png", "1/b.png")
        (tmp_path / "1" / "b.png").rename(tmp_path / "1" / os.fsdecode(b"\xff.png"))
        assert list(open_reader(tmp_path).names()) == ["0", "1"]

    def test_the_order_is_that_of_paths(self, tmp_path: Path) -> None:
        # A run can only be resumed if its drawings come in the same order.
        make(tmp_path, "0/b.png", "0/B.png", "0/a/c.png", "0/a.png", "0/é.png", "0/a b.png")
        expected = []

        def walk(folder: Path) -> None:
            for path in sorted(folder.iterdir()):
                walk(path) if path.is_dir() else expected.append(path)

        walk(tmp_path)
        assert list(pictures_in(tmp_path)) == expected


def test_a_layout_needs_a_folder_that_can_be_read(tmp_path: Path) -> None:
    with raises_error("The folder {folder} cannot be read: "):
        find_layout(tmp_path / "nothing", ("train",))
