"""Samples go out as files that others read, and come back as they were."""

import errno
import json
import os

import numpy as np
import pytest
from PIL import Image
from sample_kit import picture_sample, sample
from sentences import check_sentence, raises_error

from digitpad.data.forms.class_file import CLASS_FILE
from digitpad.data.readers import open_reader
from digitpad.data.sample_files import importing
from digitpad.data.sample_files.exporting import FORMATS, export_samples
from digitpad.data.sample_files.folder_names import folder_names
from digitpad.data.sample_files.importing import import_samples
from digitpad.ink.stroke_file import read_strokes
from digitpad.samples.store import SampleStore

HARD = [
    "a",
    "A",
    "Ä",
    "A\u0308",
    "?",
    "/",
    "..",
    "con",
    "x.",
    " ",
    "test",
    "ᚠ",
    "🙂",
    "y" * 150,
    ".",
]
TAKEN = "{path} exists already"


@pytest.fixture
def store(tmp_path):
    """A store with a dozen drawn samples and a picture."""
    store = SampleStore(tmp_path / "samples.sqlite")
    store.add([*(sample(str(number % 3), number) for number in range(12)), picture_sample("1")])
    return store


@pytest.fixture
def other(tmp_path):
    return SampleStore(tmp_path / "other" / "samples.sqlite")


@pytest.fixture
def target(tmp_path):
    return tmp_path / "out" / "mine"


def labelled(samples):
    return sorted((one.label, one.glyph.tobytes()) for one in samples)


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_strokes_come_back_to_the_last_bit(store, other, target):
    target = target.with_suffix(".ndjson")
    done = export_samples(store.list(), target, "ndjson")
    assert (done.written, done.without_strokes) == (12, 1)
    check_sentence(done.notice(), "One sample is a picture")
    records = list(read_strokes(target))
    assert [(one.word, one.key_id) for one in records] == [
        (str(number % 3), str(number + 1)) for number in range(12)
    ]
    assert import_samples(other, target).known == 0
    assert [one.drawing for one in other.list()] == [one.drawing for one in store.list()[:12]]
    assert {one.origin for one in other.list()} == {"imported"}


def test_torchvision_reads_mnist_s_files(store, target):
    from digitpad.data.public.torchvision_import import datasets

    done = export_samples(store.list(), target, "idx")
    assert (done.written, done.notice()) == (13, None)
    raw = target / "MNIST" / "raw"
    assert len(files_in(raw)) == 4
    read = [datasets.MNIST(target, train=train) for train in (True, False)]
    assert [len(one) for one in read] == [12, 1]
    found = [
        (str(label), np.asarray(image).tobytes()) for dataset in read for image, label in dataset
    ]
    assert sorted(found) == labelled(store.list())


def test_torchvision_reads_folders_of_pictures(store, target):
    from digitpad.data.public.torchvision_import import datasets

    export_samples(store.list(), target, "folders")
    dataset = datasets.ImageFolder(target)
    found = [
        (dataset.classes[label], np.asarray(image)[..., 0].tobytes()) for image, label in dataset
    ]
    assert sorted(found) == labelled(store.list())


def test_what_is_imported_is_judged_unless_it_is_too_much(store, other, target, monkeypatch):
    export_samples(store.list()[:5], target, "folders")
    asked = []

    def judge(sample, others):
        asked.append((sample.label, len(others)))
        return len(asked) == 2

    other.add(store.list()[6:8])
    done = import_samples(other, target, judge=judge)
    assert [count for _, count in asked] == [2, 3, 4, 5, 6]
    assert [one.is_flagged for one in other.list()[2:]] == [False, True, False, False, False]
    (notice,) = done.notices()
    check_sentence(notice, "{count} of them contradicts what is known", count=1)
    monkeypatch.setattr("digitpad.data.sample_files.importing.MOST_JUDGED", 4)
    other.delete_everything()
    (notice,) = import_samples(other, target, judge=judge).notices()
    check_sentence(notice, "No slips were looked for", most=4)
    assert len(asked) == 5


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_exported_is_not_imported_twice(store, other, target, form):
    export_samples(store.list(), target, form)
    before = labelled(store.list())
    assert import_samples(store, target).samples == ()
    assert labelled(store.list()) == before
    first = import_samples(other, target)
    assert (len(first.samples), first.known, first.notices()) == (12 + (form != "ndjson"), 0, ())
    assert [one.id for one in first.samples] == [one.id for one in other.list()]
    again = import_samples(other, target)
    assert (len(again.samples), again.known) == (0, len(first.samples))
    assert str(again.sentence()).endswith(".")
    if form != "folders":
        assert set(labelled(other.list())) <= set(before)
    else:
        assert sorted(one.label for one in other.list()) == [label for label, _ in before]


def test_a_class_of_any_name_goes_into_a_folder_of_every_system(other, target):
    names = folder_names(HARD)
    assert set(names) == set(HARD)
    assert len({name.casefold() for name in names.values()}) == len(HARD)
    assert (names["A"], names["ᚠ"], names["🙂"], names["?"]) == ("A", "ᚠ", "🙂", "u003f")
    for name in names.values():
        assert not set(name) & set('<>:"/\\|?*')
        assert not name.startswith(".")
        assert name.lower() not in {"con", "test"}
        assert len(name.encode()) <= 100


@pytest.mark.parametrize("form", ["idx", "folders"])
def test_classes_of_any_name_come_back(tmp_path, other, target, form):
    store = SampleStore(tmp_path / "hard.sqlite")
    hard = [name for name in HARD if name.strip()]
    store.add(sample(name, number) for number, name in enumerate(hard * 2))
    export_samples(store.list(), target, form)
    import_samples(other, target)
    assert sorted(one.label for one in other.list()) == sorted(hard * 2)
    # Whoever trains on it learns the same names.
    reader = open_reader(target, "train" if form == "idx" else None)
    assert set(reader.names()) <= set(hard)


def test_a_file_of_classes_that_is_none_changes_nothing(store, other, target):
    export_samples(store.list(), target, "idx")
    for content in ('["a", "a"]', '["a", 5]', "[]", "{", '{"0": "zero"}', '"x"', '["\\ud800"]'):
        (target / "MNIST" / "raw" / CLASS_FILE).write_text(content)
        assert set(open_reader(target).names()) <= {"0", "1", "2"}
    export_samples(store.list(), target / "x", "folders")
    for content in ('["a"]', '{"0": 5}', '{"0": ""}', "["):
        (target / "x" / CLASS_FILE).write_text(content)
        assert set(open_reader(target / "x").names()) == {"0", "1", "2"}


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_replaced_unless_that_is_wanted(store, target, form):
    some = store.list()
    export_samples(some, target, form)
    before = {name: (target / name).read_bytes() for name in files_in(target)}
    with raises_error(TAKEN):
        export_samples(some[:5], target, form)
    assert {name: (target / name).read_bytes() for name in files_in(target)} == before
    assert export_samples(some[:5], target, form, replace=True).written == 5
    if form == "folders":
        assert len([name for name in files_in(target) if name.endswith(".png")]) == 5


def test_an_earlier_export_is_replaced_and_nothing_else(store, target):
    export_samples(store.list(), target, "folders")
    (target / "0" / "note.txt").write_text("mine")
    (target / "1" / "photo.png").write_bytes(b"mine")
    relabelled = [store.relabel(one.id, "x") for one in store.list()]
    export_samples(relabelled[:2], target, "folders", replace=True)
    assert files_in(target) == ["0/note.txt", "1/photo.png", CLASS_FILE, "x/1.png", "x/2.png"]
    (target / CLASS_FILE).write_text(json.dumps({"..": "a", "../..": "b", "": "c", "x": "d"}))
    outside = target.parent / "1.png"
    outside.write_bytes(b"mine")
    export_samples(relabelled[:1], target, "folders", replace=True)
    assert outside.exists()


def test_a_folder_of_somebody_s_is_left_alone(store, target):
    target.mkdir(parents=True)
    (target / "letter.txt").write_text("mine")
    for replace in (False, True):
        with raises_error("The folder {path} has other files in it"):
            export_samples(store.list(), target, "folders", replace=replace)
    assert files_in(target) == ["letter.txt"]
    for form in ("idx", "folders"):
        with raises_error("{path} is not a folder"):
            export_samples(store.list(), target / "letter.txt", form)


def test_what_cannot_be_exported_is_told(store, target, other):
    with raises_error("There are no samples to export"):
        export_samples((), target, "idx")
    with raises_error("None of the samples has strokes"):
        export_samples([picture_sample()], target, "ndjson")
    many = [sample(f"class {number}", 1) for number in range(257)]
    with raises_error("The samples have {count} classes", count=257):
        export_samples(many, target, "idx")
    assert not target.exists()
    export_samples(many[:1], target, "idx")
    assert len(import_samples(other, target).samples) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_leaves_no_half_of_an_export(store, target, form, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with raises_error("{path} could not be written", reason=os.strerror(errno.ENOSPC)):
            export_samples(store.list(), target, form)
    assert files_in(target.parent) == []
    assert not target.exists()
    assert len(store.list()) == 13


def test_parts_of_a_dataset_are_all_imported(store, other, tmp_path):
    for part, some in (("train", store.list()[:6]), ("val", store.list()[6:9])):
        export_samples(some, tmp_path / "parts" / part, "folders")
    export_samples(store.list()[9:], tmp_path / "parts" / "test", "folders")
    assert len(import_samples(other, tmp_path / "parts").samples) == 13


def test_a_large_photo_becomes_a_small_sample_of_its_ink(other, tmp_path):
    pixels = np.full((1500, 2000), 240, np.uint8)
    pixels[700:900, 1000:1030] = 30
    (tmp_path / "photos" / "1").mkdir(parents=True)
    Image.fromarray(pixels).save(tmp_path / "photos" / "1" / "a.png")
    (one,) = import_samples(other, tmp_path / "photos").samples
    kept = one.drawing.picture.pixels
    assert max(kept.shape[:2]) <= 160
    assert (kept[..., 0] < 100).any(axis=1).sum() >= 80
    (again,) = other.list()
    assert again.drawing.picture.pixels.tobytes() == kept.tobytes()


def test_what_cannot_be_read_is_named(other, tmp_path):
    path = tmp_path / "strokes.ndjson"
    right = '{"word": "1", "drawing": [[[50, 50], [0, 90]]]}\n'
    path.write_text(right + "{}\n" + right.replace("50]", "52]") + '{"drawing": [[[1], [1]]]}\n')
    done = import_samples(other, path)
    assert len(done.samples) == 2
    (notice,) = done.notices()
    check_sentence(notice, count=2, source="strokes.ndjson")
    path.write_text("{}\n{}\n" + right)
    with raises_error("More than half of {source} is damaged"):
        import_samples(other, path)
    for place, start in (
        (tmp_path / "none", "There is no file or folder"),
        (tmp_path, "{folder} is not a dataset"),
    ):
        with raises_error(start):
            import_samples(other, place)
    assert len(other.list()) == 2


def test_glyphs_without_ink_are_left_out(store, other, target):
    blank = sample()
    object.__setattr__(blank, "glyph", np.zeros((28, 28), np.uint8))
    export_samples([*store.list()[:3], blank], target, "idx")
    done = import_samples(other, target)
    assert (len(done.samples), done.left_out.count) == (3, 1)


def test_samples_are_no_dataset(other, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "MOST", 5)
    path = tmp_path / "many.ndjson"
    export_samples([sample("1", number) for number in range(8)], path, "ndjson")
    done = import_samples(other, path)
    assert len(done.samples) == 5
    check_sentence(done.notices()[0], "{path} has more than {most} drawings")


def test_samples_of_a_set_of_symbols(store, other, tmp_path):
    path = tmp_path / "runes.ndjson"
    export_samples([sample("ᚠ", 1), sample("ᚢ", 2)], path, "ndjson")
    import_samples(other, path, symbols="Runes")
    assert other.symbol_sets() == {"Runes": ("ᚠ", "ᚢ")}
    assert {one.symbols for one in other.list()} == {"Runes"}
    export_samples([sample("ᚦ", 3), sample("ᚢ", 2)], path, "ndjson", replace=True)
    assert import_samples(other, path, symbols="Runes").known == 1
    assert other.symbol_sets() == {"Runes": ("ᚠ", "ᚢ", "ᚦ")}
    # The same drawing may be a sample of another set.
    assert import_samples(other, path).known == 0


def test_an_import_can_be_ended(store, other, target):
    export_samples(store.list(), target, "idx")

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_samples(other, target, progress=stop)
    assert other.list() == ()
