from __future__ import annotations

import gzip
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ink_strategies import drawings
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.stroke_file import MAX_LINE_BYTES, MAX_POINTS, read_strokes, to_ndjson_line

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '{"word":"7","key_id":"k","drawing":[[[0,9.5],[1,2]]]}'
each_in_one_folder = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def write(tmp_path: Path, content: bytes | str, name: str = "some.ndjson") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> DigitpadError:
    with raises_error() as caught:
        list(read_strokes(path))
    assert str(path) in str(caught.value)
    return caught.value


def test_quick_draws_form_is_read(tmp_path: Path) -> None:
    line = (
        '{"key_id":5891796615823360,"word":"7","countrycode":"AE","recognized":true,'
        '"writer":"w","drawing":[[[1,2,3],[4,5,6],[0,16,33]],[[7],[8],[99]]]}'
    )
    (record,) = read_strokes(write(tmp_path, line))
    assert (record.word, record.key_id, record.writer, record.line) == (
        "7",
        "5891796615823360",
        "w",
        1,
    )
    assert [stroke.points.tolist() for stroke in record.drawing.strokes] == [
        [[1, 4], [2, 5], [3, 6]],
        [[7, 8]],
    ]
    assert all((stroke.pressures == 1).all() for stroke in record.drawing.strokes)
    # A pen that suits the size of the drawing, whatever its unit is.
    assert 0 < record.drawing.strokes[0].width < 2


def test_labels_may_be_missing(tmp_path: Path) -> None:
    (record,) = read_strokes(write(tmp_path, '{"drawing":[[[5],[5]]],"word":null}'))
    assert record.word is record.key_id is record.writer is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n  \n"])
def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path, newline: str, end: str) -> None:
    text = ("\n" + GOOD + "\n\n" + GOOD + end).replace("\n", newline)
    path = write(tmp_path, "\ufeff" + text)
    assert [record.line for record in read_strokes(path)] == [2, 4]


@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.ndjson"])
def test_gzip_is_seen_by_content(tmp_path: Path, name: str) -> None:
    assert len(list(read_strokes(write(tmp_path, gzip.compress(GOOD.encode()), name)))) == 1
    assert len(list(read_strokes(write(tmp_path, GOOD, "plain.gz")))) == 1


@given(drawings(), st.text(), st.text())
@each_in_one_folder
def test_a_saved_drawing_opens_exactly(
    tmp_path: Path, drawing: Drawing, word: str, key_id: str
) -> None:
    line = to_ndjson_line(drawing, word, key_id)
    assert line.count("\n") == 1
    path = write(tmp_path, line.encode("utf-8", "surrogatepass"))
    (record,) = read_strokes(path)
    assert record.drawing == drawing
    assert (record.word, record.key_id) == (word, key_id)


def test_what_others_read_is_plain(tmp_path: Path) -> None:
    drawing = Drawing((Stroke.of([(1.0, 2.5), (3.0, 4.0)], width=60.0),))
    assert to_ndjson_line(drawing, "7") == '{"word":"7","drawing":[[[1,3],[2.5,4]]],"width":[60]}\n'
    with pytest.raises(ValueError, match="strokes"):
        to_ndjson_line(Drawing())


def test_any_text_can_be_written_and_comes_back(tmp_path: Path) -> None:
    (record,) = read_strokes(write(tmp_path, r'{"word":"\ud800","drawing":[[[1],[2]]]}'))
    path = write(tmp_path, to_ndjson_line(record.drawing, record.word, "模型"))
    (again,) = read_strokes(path)
    assert (again.word, again.key_id) == ("\ud800", "模型")


WRONG: list[Any] = [
    "drawing",
    None,
    [],
    [[]],
    [[[1], [2]], []],
    [[[1]]],
    [[[], []]],
    [[[1, 2], [3]]],
    [[[1], [2]], [[], []]],
    [[["1"], ["2"]]],
    [[[True], [False]]],
    [[[None], [2]]],
    [[[[1]], [[2]]]],
    [[1, 2]],
    {"x": [1], "y": [2]},
    [[[1e10], [0]]],
    [[[10**400], [0]]],
]


@pytest.mark.parametrize("drawing", WRONG, ids=lambda drawing: str(drawing)[:20])
def test_a_drawing_of_wrong_form_is_refused(tmp_path: Path, drawing: Any) -> None:
    path = write(tmp_path, f"{GOOD}\n{json.dumps({'drawing': drawing})}\n")
    records = read_strokes(path)
    assert next(records).word == "7"
    with raises_error("Line {number} of {name} is not a drawing. ", number=2, name=str(path)):
        next(records)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "7",
        "[]",
        "null",
        "not json",
        "{}",
        '{"drawing":[[[NaN],[1]]]}',
        '{"drawing":[[[Infinity],[1]]]}',
        '{"drawing":[[[-Infinity],[1]]]}',
        '{"drawing":[[[1e999],[1]]]}',
        '{"drawing":[[[' + "9" * 5000 + "],[1]]]}",
        '{"drawing":[[[1],[1]]],"word":[]}',
        '{"drawing":[[[1],[1]]],"key_id":1.5}',
        '{"drawing":[[[1],[1]]],"writer":true}',
        '{"drawing":[[[1],[1]]],"width":[0]}',
        '{"drawing":[[[1],[1]]],"width":[1,2]}',
        '{"drawing":[[[1],[1]]],"width":7}',
        '{"drawing":[[[1],[1]]],"pressure":[[1.5]]}',
        '{"drawing":[[[1],[1]]],"pressure":[[1,1]]}',
        '{"drawing":[[[1],[1]]],"pressure":[]}',
        '{"drawing":' + "[" * 200_000,
        "[" * 200_000 + "]" * 200_000,
    ],
    ids=lambda line: line[:40],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    error = refusal(write(tmp_path, line))
    assert error.fields["number"] == 1
    # The second sentence says what is wrong.
    assert str(error.fields["reason"]) in str(error)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    for content in ("", "\n \n", gzip.compress(b"")):
        assert refusal(write(tmp_path, content)).template.endswith("{name}: it is empty.")
    assert refusal(tmp_path / "missing.ndjson").template.startswith("There is no file {path}: ")
    assert refusal(tmp_path).template.startswith("{path} is not a file: ")
    for content in (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", GOOD.encode("utf-16")):
        assert str(refusal(write(tmp_path, content)).fields["reason"]) == "It is not text."


def test_every_truncation_of_a_gzipped_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress((GOOD + "\n").encode() * 3)
    for length in range(2, len(whole)):
        refusal(write(tmp_path, whole[:length]))


def test_lines_that_are_no_drawings_can_be_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, f"{GOOD}\n{{\n\n{GOOD}\n[null]\n{GOOD[:30]}")
    skipped: list[int] = []
    records = read_strokes(path, lambda line, _: skipped.append(line))
    assert [record.line for record in records] == [1, 4]
    assert skipped == [2, 5, 6]


def test_where_all_are_skipped_the_first_is_named(tmp_path: Path) -> None:
    # Of a file of something else not all lines are read.
    path = write(tmp_path, "{\n" * 100_000)
    skipped: list[int] = []
    with raises_error("Line {number} of {name} is not a drawing. ", number=1, name=str(path)):
        list(read_strokes(path, lambda line, _: skipped.append(line)))
    assert len(skipped) < 2000


def test_truncated_text_gives_the_whole_drawings_first(tmp_path: Path) -> None:
    whole = (GOOD + "\n").encode() * 2
    for length in range(len(GOOD) + 2, len(whole) - 2):
        path = write(tmp_path, whole[:length])
        records = read_strokes(path)
        next(records)
        with raises_error(number=2, name=str(path)):
            next(records)


@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff")
@each_in_one_folder
def test_any_bytes_are_drawings_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    refusal(write(tmp_path, content))


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 127))
@each_in_one_folder
def test_any_changed_character_gives_drawings_or_a_sentence(
    tmp_path: Path, place: int, character: int
) -> None:
    path = write(tmp_path, GOOD[:place] + chr(character) + GOOD[place + 1 :])
    sentence = ""
    records = []
    try:
        records = list(read_strokes(path))
    except DigitpadError as error:
        sentence = str(error)
    assert bool(records) != (str(path) in sentence)


def _peak_of_reading(path: Path) -> tuple[int, int]:
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_strokes(path))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_longer_file_needs_no_more_memory(tmp_path: Path) -> None:
    line = (GOOD + "\n").encode()
    few, small = _peak_of_reading(write(tmp_path, gzip.compress(line * 10), "few.gz"))
    many, large = _peak_of_reading(write(tmp_path, gzip.compress(line * 4_000), "many.gz"))
    assert (few, many) == (10, 4_000)
    # One buffer of the unpacker more or less; the drawings alone would take 5 MB.
    assert large < small + 2**19


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    # A hundred megabytes of one line, packed into a hundred kilobytes.
    block = b" " * 2**20
    path = tmp_path / "bomb.ndjson.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(block)
    tracemalloc.start()
    try:
        assert refusal(path).fields == {
            "number": 1,
            "name": str(path),
            "megabytes": MAX_LINE_BYTES // 2**20,
        }
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_LINE_BYTES
    finally:
        tracemalloc.stop()


def test_empty_lines_without_end_are_refused(tmp_path: Path) -> None:
    # Gigabytes of them fit into a small packed file and would take hours to read.
    many = b"\r" * 2**20 + b"\n"
    few = gzip.compress((many + GOOD.encode() + b"\n") * 10, 1)
    assert len(list(read_strokes(write(tmp_path, few, "few.gz")))) == 10
    error = refusal(write(tmp_path, many * 10))
    assert error.template.startswith("Up to line {number}, ")
    assert error.fields["number"] == 8


def test_too_many_points_are_refused(tmp_path: Path) -> None:
    numbers = "[" + ",".join("1" * 300_000) + "]"
    error = refusal(write(tmp_path, f'{{"drawing":[[{numbers},{numbers}]]}}'))
    assert error.fields["reason"].fields == {"most": MAX_POINTS}
