import gzip
import json

import numpy as np
import pytest
from sentences import raises_error

from digitpad.data.synthetic.digits import synthetic_digits, synthetic_drawing
from digitpad.ink.drawing import Drawing
from digitpad.ink.stroke_file import to_ndjson_line
from training import sources
from training.card import datasets as cards
from training.card.datasets import TOLD_APART, card_datasets
from training.recipe import data
from training.recipe.splits import TEST_SIGNS, VALIDATION_SIGNS, VALIDATION_WRITERS


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder with six digits of MNIST and a few drawings."""
    raw, pen = tmp_path / "mnist" / "MNIST" / "raw", tmp_path / "pen"
    raw.mkdir(parents=True)
    pen.mkdir()
    (glyphs, labels), *_ = synthetic_digits(6, 0)
    write_gz(raw / "train-images-idx3-ubyte.gz", idx(glyphs))
    write_gz(raw / "train-labels-idx1-ubyte.gz", idx(labels.astype(np.uint8)))
    random = np.random.default_rng(0)
    writers = [*sorted(VALIDATION_WRITERS), "tra26"]
    digits = [
        line(synthetic_drawing(i, random), word=str(i), writer=writer)
        for i, writer in enumerate(writers)
    ]
    characters = [
        line(synthetic_drawing(4, random), word=f"{alphabet}/character{number:02}")
        for alphabet, number in (("Latin", 1), ("Latin", 2), ("Greek", 1))
    ]
    dash = Drawing.of([np.array([[0.0, 0.0], [20.0, 1.0], [40.0, 0.0]])])
    unipen = [
        line(synthetic_drawing(i, random), word=str(i), writer=f"{site}/1")
        for i, site in ((1, "apa"), (2, "apa"), (3, "imp"), (4, "imp"), (5, "gmd"), (6, "ibm"))
    ]
    unipen.append(line(dash, word="5", writer="imp/2"))
    letters = [
        line(synthetic_drawing(4, random), word=word, writer="ibm/1")
        for word in (*sorted(VALIDATION_SIGNS), sorted(TEST_SIGNS)[0])
        for _ in range(4)
    ]
    letters.append(line(synthetic_drawing(4, random), word="A", writer="apa/1"))
    symbols = [
        line(synthetic_drawing(4, random), word=f"latex/{number}", writer="anonymous")
        for number in range(10)
    ]
    write_gz(pen / "digits.ndjson.gz", "".join(digits).encode())
    write_gz(pen / "unipen-digits.ndjson.gz", "".join(unipen).encode())
    write_gz(pen / "unipen-not-digits.ndjson.gz", "".join(letters).encode())
    write_gz(pen / "symbols-not-digits.ndjson.gz", "".join(symbols).encode())
    write_gz(pen / "not-digits.ndjson.gz", "".join(characters).encode())
    monkeypatch.setattr(data, "MNIST_VALIDATION", 3)
    monkeypatch.setattr(cards, "SCRIBBLES", 5)
    monkeypatch.setattr(cards, "PIECES", 2)
    # What is unlike digits is sought among hundreds.
    for name in ("merged", "cut", "scribbles"):
        monkeypatch.setattr(data, name, stand_in(name))
    return tmp_path


def stand_in(name: str):
    """Makes pieces, as glyphs, and scribbles, as outliers, that are the same digit each time."""

    def made(*arguments):
        (glyphs, _), *_ = synthetic_digits(arguments[name != "scribbles"], 1)
        return data.outliers(glyphs) if name == "scribbles" else glyphs

    return made


def line(drawing: Drawing, **fields: str) -> str:
    return json.dumps({**json.loads(to_ndjson_line(drawing)), **fields}) + "\n"


def write_gz(path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, mtime=0))


def idx(values: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">i4").tobytes()
    return head + values.tobytes()


def test_the_sets_of_validation_are_those_of_validation(folder, tmp_path):
    sets = card_datasets(folder, "validation", tmp_path / "work", pictures=2)
    sizes = {name: len(part) for name, part in sets.digits.items()}
    assert sizes == {
        **dict.fromkeys(("mnist", "mnist_turned", "mnist_slanted", "mnist_shaking"), 3),
        **dict.fromkeys(("pen", "pen_turned", "pen_slanted", "pen_shaking"), 4),
        "unipen": 4,
        "unipen_turned": 4,
        "unipen_slanted": 4,
        "unipen_shaking": 4,
        "unipen_raw": 5,
        "unipen_apa": 2,
        "unipen_apa_raw": 2,
        "unipen_imp": 2,
        "unipen_imp_raw": 3,
        **dict.fromkeys(("picture_plain", "picture_large", "picture_small"), 2),
        **dict.fromkeys(("picture_inverted", "picture_gradient", "picture_colour"), 2),
        "picture_noise": 2,
    }
    # The second Latin character is one that many would write for a digit.
    assert {name: len(part) for name, part in sets.outliers.items()} == {
        "others": 2,
        "others_clear": 1,
        "letters": 1,
        "new_letters": 20,
        "symbols": 2,
        "symbols_clear": 2,
        "scribbles": 5,
        "merged": 2,
        "cut": 2,
    }
    assert sets.letters.classes == tuple(sorted(VALIDATION_SIGNS))
    assert sets.letters.counts() == (4,) * 5
    assert sets.counts() == sizes | {name: len(part) for name, part in sets.outliers.items()}


def test_letters_that_are_told_apart_are_none_that_is_learned_from():
    assert len(TOLD_APART["test"]) == 10
    assert set(TOLD_APART["validation"]) == VALIDATION_SIGNS
    assert TEST_SIGNS < set(TOLD_APART["test"]) < TEST_SIGNS | VALIDATION_SIGNS


def test_sets_are_kept_and_made_anew_when_the_data_change(folder, tmp_path):
    work = tmp_path / "work"
    sets = card_datasets(folder, "validation", work, pictures=2)
    again = card_datasets(folder, "validation", work, pictures=2)
    assert len(list(work.iterdir())) == 1
    for one, two in ((sets.digits, again.digits), (sets.outliers, again.outliers)):
        assert list(one) == list(two)
        assert all((one[name].glyphs == two[name].glyphs).all() for name in one)
        assert all((one[name].labels == two[name].labels).all() for name in one)
    assert again.letters.classes == sets.letters.classes
    assert (again.letters.labels == sets.letters.labels).all()
    path = folder / "pen" / "digits.ndjson.gz"
    write_gz(path, gzip.decompress(path.read_bytes()) * 2)
    more = card_datasets(folder, "validation", work, pictures=2)
    assert len(more.digits["pen"]) == 8


def test_data_without_the_writers_are_refused(folder, tmp_path):
    stranger = synthetic_drawing(1, np.random.default_rng(0))
    content = line(stranger, word="1", writer="somebody").encode()
    write_gz(folder / "pen" / "digits.ndjson.gz", content)
    with raises_error("{path} holds none of the drawings", path="digits.ndjson.gz"):
        card_datasets(folder, "validation", tmp_path / "work", pictures=2)


def test_datasets_are_made_anew_when_the_program_that_makes_them_changes(
    folder, tmp_path, monkeypatch
):
    work, part_of_it = tmp_path / "work", tmp_path / "module.py"
    part_of_it.write_text("A = 1\n")
    monkeypatch.setattr(sources, "sources", lambda _: (part_of_it,))
    card_datasets(folder, "validation", work, pictures=2)
    card_datasets(folder, "validation", work, pictures=2)
    assert len(list(work.iterdir())) == 1
    part_of_it.write_text("A = 2\n")
    card_datasets(folder, "validation", work, pictures=2)
    assert len(list(work.iterdir())) == 2
