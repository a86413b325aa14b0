"""What is on the pad is there again at the next start."""

import contextlib

import numpy as np
import pytest
from fakes import SEVEN
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ink_strategies import drawings
from pointers import mouse_stroke

from digitpad.app.pad.document import PadDocument
from digitpad.app.pad.files.drawing_store import DrawingStore
from digitpad.app.pad.files.kept_file import read_drawing
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import Picture
from digitpad.storage.atomic import write_atomically


def photo(side=40, seed=3):
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side + 7, 4), np.uint8)
    return Drawing(picture=Picture(pixels))


def is_same(one: Drawing, other: Drawing) -> bool:
    if one.picture is None or other.picture is None:
        return one == other
    return np.array_equal(one.picture.pixels, other.picture.pixels)


@pytest.fixture
def start(qtbot, tmp_path):
    """Starts a program's keeping of a drawing, in the same profile each time."""
    stores = []

    def make(folder=tmp_path / "drawings"):
        document = PadDocument()
        store = DrawingStore(document, folder)
        store.said = []
        store.noticed.connect(store.said.append)
        stores.append((document, store))
        store.restore()
        qtbot.waitUntil(lambda: document.receivers("2changed()") > 0)
        return document, store

    yield make
    for _, store in stores:
        store.shutdown()


@pytest.mark.parametrize("drawing", [SEVEN, photo(), Drawing((Stroke.of([[1, 2]], [0.25], 7.5),))])
def test_a_drawing_is_there_again_exactly_and_can_be_undone(start, drawing):
    document, store = start()
    document.replace(drawing)
    store.shutdown()
    again, store = start()
    assert is_same(again.drawing, drawing)
    for count in reversed(range(max(len(drawing.strokes), 1))):
        assert again.can_undo
        again.undo()
        assert again.drawing == Drawing(drawing.strokes[:count])
    assert not again.can_undo
    assert not store.said


def test_an_empty_pad_is_empty_again(start):
    document, store = start()
    document.replace(SEVEN)
    store.save_waiting()
    document.clear()
    store.shutdown()
    again, _ = start()
    assert again.drawing.is_empty
    assert not again.can_undo


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawings())
def test_every_drawing_comes_back_to_the_last_bit(start, tmp_path_factory, drawing):
    folder = tmp_path_factory.mktemp("profile")
    document, store = start(folder)
    document.replace(drawing)
    store.shutdown()
    again, store = start(folder)
    assert is_same(again.drawing, drawing)
    store.shutdown()


def test_it_is_written_soon_without_being_asked(qtbot, start, tmp_path):
    document, _ = start()
    document.replace(SEVEN)
    path = tmp_path / "drawings" / "drawing-1"
    qtbot.waitUntil(path.exists)
    assert read_drawing(path) == SEVEN
    document.undo()
    qtbot.waitUntil(lambda: not path.exists())


def test_what_changes_after_the_end_is_not_kept(start):
    document, store = start()
    document.replace(SEVEN)
    store.shutdown()
    document.undo()
    store.save_waiting()
    store.shutdown()
    assert start()[0].drawing == SEVEN


def test_two_at_a_time_have_each_their_own(start):
    first, first_store = start()
    first.replace(SEVEN)
    first_store.save_waiting()
    second, second_store = start()
    assert second.drawing.is_empty
    second.replace(photo())
    for store in (second_store, first_store):
        store.shutdown()
    assert start()[0].drawing == SEVEN
    assert is_same(start()[0].drawing, photo())


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG" + bytes(100),
        b"[]\n",
        b'{"drawing": [[[1], [2, 3]]]}\n',
    ],
)
def test_a_damaged_file_is_kept_aside_and_costs_nothing_else(start, tmp_path, content):
    folder = tmp_path / "drawings"
    write_atomically(folder / "drawing-1", content)
    document, store = start()
    assert document.drawing.is_empty
    assert len(store.said) == 1
    assert (folder / "drawing-1.corrupt-1").read_bytes() == content
    document.replace(SEVEN)
    store.shutdown()
    assert start()[0].drawing == SEVEN


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_is_worse_than_no_drawing(qapp, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("kept") / "drawing"
    document = PadDocument()
    store = DrawingStore(document, path.parent)
    store.restore()
    document.replace(data.draw(st.sampled_from([SEVEN, photo(5)])))
    store.shutdown()
    content = bytearray((path.parent / "drawing-1").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(content)
    with contextlib.suppress(DigitpadError):
        assert isinstance(read_drawing(path), Drawing)


def test_a_picture_that_claims_to_be_huge_is_refused_by_its_header(tmp_path):
    header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\0\x01\0\0" * 2 + b"\x08\x06\0\0\0"
    (tmp_path / "drawing").write_bytes(header + bytes(50))
    with pytest.raises(DigitpadError):
        read_drawing(tmp_path / "drawing")


def test_where_nothing_can_be_written_that_is_said_once(qtbot, start, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    document, store = start(blocked / "drawings")
    assert len(store.said) == 1
    for _ in range(3):
        document.replace(SEVEN)
        store.save_waiting()
    qtbot.wait(10)
    assert len(store.said) == 1


def test_a_full_disk_is_said_once_and_again_after_it_had_room(qtbot, start, monkeypatch):
    document, store = start()

    def full(*_):
        raise DigitpadError("The disk is full.")

    for write in (full, full, write_atomically, full):
        monkeypatch.setattr("digitpad.app.pad.files.drawing_store.write_atomically", write)
        document.replace(Drawing.of([[(0, 0), (5, 5)]]))
        store.save_waiting()
    qtbot.waitUntil(lambda: len(store.said) == 2)


def test_who_draws_before_it_is_back_finds_it_by_undo(start):
    document, store = start()
    document.replace(SEVEN)
    store.shutdown()
    document = PadDocument()
    document.replace(photo())
    document.restore(SEVEN)
    assert document.drawing.picture is not None
    document.undo()
    document.undo()
    assert document.drawing == SEVEN


def test_a_new_profile_has_nothing_to_tell(start, tmp_path, caplog):
    _, store = start()
    store.shutdown()
    assert not store.said
    assert not caplog.records


def test_a_picture_is_looked_through_behind_the_window(qtbot, make_program, monkeypatch):
    program = make_program()
    program.pad.document.replace(photo())
    # It takes several updates.
    qtbot.waitUntil(lambda: program.pad_controller.live.latest.is_complete)
    answer = program.pad.answer.headline.text()
    program.window.close()
    program.shutdown()
    monkeypatch.setattr(
        "digitpad.app.answer.live_recognition.preprocessed",
        lambda drawing: pytest.fail("on the window's thread") if drawing.picture else None,
    )
    again = make_program()
    qtbot.waitUntil(lambda: again.pad.document.drawing.picture is not None)
    qtbot.waitUntil(lambda: again.pad_controller.live.latest.is_complete)
    assert again.pad.answer.headline.text() == answer


def test_who_draws_before_the_picture_is_back_loses_neither(qtbot, tmp_path):
    document = PadDocument()
    store = DrawingStore(document, tmp_path)
    store.restore()
    document.replace(photo())
    store.shutdown()
    document = PadDocument()
    store = DrawingStore(document, tmp_path)
    store.restore()
    document.replace(SEVEN)
    store.shutdown()
    assert read_drawing(tmp_path / "drawing-1") == SEVEN
    qtbot.waitUntil(lambda: len(document._past) > 1)
    assert document._past[1].picture is not None


def test_the_program_keeps_and_restores(make_program):
    program = make_program()
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    drawing = program.pad.document.drawing
    program.window.close()
    program.shutdown()
    again = make_program()
    assert again.pad.document.drawing == drawing
    assert again.pad.answer.big.text == "7"
    again.pad_actions.undo.trigger()
    assert again.pad.document.drawing.is_empty
