"""Opening behind the window: what is shown meanwhile, given up, or replaced by something newer."""

import base64
import threading

import numpy as np
import pytest
from pointers import mouse_stroke
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from sentences import raises_error

from digitpad.app.pad.files.formats import ImportedDrawing, can_take, opening_of, save_drawing
from digitpad.app.services.opening import Opening, OpeningService
from digitpad.ink.drawing import Drawing
from digitpad.ink.files.limits import PictureCancelled
from digitpad.ink.picture import Picture
from digitpad.ink.stroke_file import to_ndjson_line
from digitpad.ink.svg import to_svg
from digitpad.recognition.recognition import preprocess_drawing

SEVEN = Drawing.of([[[-200, -300], [200, -310], [-50, 300]]], width=60)
ONE = Drawing.of([[[0, -300], [0, 300]]], width=60)


class Slow:
    """Something that takes until it is told to go on, or notices that it is given up."""

    def __init__(self, drawing=SEVEN, name="slow.png"):
        self.goes_on = threading.Event()
        self.begun = threading.Event()
        self.opening = Opening(name, self._read)
        self._drawing = drawing

    def _read(self, cancelled):
        self.begun.set()
        while not self.goes_on.wait(0.001):
            if cancelled():
                raise PictureCancelled
        return ImportedDrawing(self._drawing)


@pytest.fixture
def service(qtbot):
    service = OpeningService()
    yield service
    service.shutdown()


def test_the_newest_takes_the_place_of_what_is_being_opened(qtbot, service):
    found, ends = [], []
    service.opened.connect(lambda opened, _: found.append(opened.drawing))
    service.ended.connect(lambda: ends.append(True))
    first, second, third = Slow(ONE), Slow(ONE), Slow(SEVEN)
    service.open(first.opening)
    qtbot.waitUntil(first.begun.is_set)
    service.open(second.opening)
    service.open(third.opening)
    third.goes_on.set()
    qtbot.waitUntil(lambda: bool(found))
    qtbot.waitUntil(lambda: not service.is_busy)
    assert found == [SEVEN]
    assert ends == [True]
    assert not second.begun.is_set()


def test_what_is_given_up_does_not_come(qtbot, service):
    found = []
    service.opened.connect(lambda *all_: found.append(all_))
    slow, next_ = Slow(ONE), Slow(SEVEN)
    service.open(slow.opening)
    qtbot.waitUntil(slow.begun.is_set)
    with qtbot.waitSignal(service.ended):
        service.cancel()
    assert not service.is_busy
    # It has been read to its end, as it was not asked again.
    slow.goes_on.set()
    next_.goes_on.set()
    service.open(next_.opening)
    qtbot.waitUntil(lambda: bool(found))
    assert [opened.drawing for opened, _ in found] == [SEVEN]


def test_a_picture_comes_with_its_preprocessing(qtbot, service):
    pixels = np.full((40, 40, 4), 255, np.uint8)
    pixels[8:32, 18:22, :3] = 0
    drawing = Drawing(picture=Picture(pixels))
    with qtbot.waitSignal(service.opened) as caught:
        service.open(Opening("it", lambda _: ImportedDrawing(drawing)))
    _, recognition = caught.args
    assert recognition.proposal is not None
    blank = Drawing(picture=Picture(np.full((40, 40, 4), 255, np.uint8)))
    with qtbot.waitSignal(service.opened) as caught:
        service.open(Opening("it", lambda _: ImportedDrawing(blank)))
    _, recognition = caught.args
    assert recognition.problem is not None


def test_the_window_says_what_it_is_opening_and_goes_on(qtbot, program):
    slow, bar = Slow(), program.pad_controller.import_export.bar
    program.opening.open(slow.opening)
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible)
    assert "slow.png" in bar.text
    # The window lives on.
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    drawn = program.pad.document.drawing
    slow.goes_on.set()
    qtbot.waitUntil(lambda: not program.opening.is_busy)
    assert not bar.isVisible()
    assert program.pad.document.drawing == SEVEN
    program.pad.document.undo()
    assert program.pad.document.drawing == drawn


def test_the_button_and_the_key_give_up(qtbot, program):
    bar, canvas = program.pad_controller.import_export.bar, program.pad.canvas
    mouse_stroke(canvas, [(100, 100), (200, 120), (120, 300)])
    drawn = program.pad.document.drawing
    slow = Slow()
    program.opening.open(slow.opening)
    qtbot.waitUntil(bar.isVisible)
    bar.findChild(QPushButton).click()
    assert not bar.isVisible()
    assert not program.opening.is_busy
    # The key that else clears the pad.
    program.opening.open(Slow().opening)
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Escape)
    assert not program.opening.is_busy
    assert program.pad.document.drawing == drawn
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Escape)
    assert program.pad.document.drawing.is_empty


def test_the_key_gives_up_where_nothing_can_be_cleared(qtbot, program):
    program.opening.open(Slow().opening)
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Escape)
    assert not program.opening.is_busy


def test_the_program_ends_while_something_is_being_opened(qtbot, make_program):
    program = make_program()
    slow = Slow()
    program.opening.open(slow.opening)
    qtbot.waitUntil(slow.begun.is_set)
    program.shutdown()
    assert not program.opening.is_busy
    assert program.pad.document.drawing.is_empty


def test_the_bar_stays_in_the_middle_and_shortens_names(qtbot, program):
    bar, slow = program.pad_controller.import_export.bar, Slow(name="x" * 300 + ".png")
    program.opening.open(slow.opening)
    qtbot.waitUntil(bar.isVisible)
    assert bar.text.count("x") < 50
    for width in (900, 700):
        program.window.resize(width, 640)
        qtbot.waitUntil(lambda: abs(bar.geometry().center().x() - program.window.width() / 2) < 3)


def test_a_picture_is_looked_through_once(qtbot, program, tmp_path, monkeypatch):
    save_drawing(SEVEN, tmp_path / "seven.png")
    seen = []

    def preprocess(drawing, **kwargs):
        seen.append(drawing.picture)
        return preprocess_drawing(drawing, **kwargs)

    monkeypatch.setattr("digitpad.app.answer.live_recognition.preprocessed", preprocess)
    program.pad_controller.import_export.open_path(tmp_path / "seven.png")
    qtbot.waitUntil(lambda: not program.opening.is_busy)
    assert program.pad.document.drawing.picture is not None
    program.pad.document.undo()
    program.pad.document.redo()
    assert set(seen) == {None}
    assert program.pad_controller.live.latest.text == "7"


def mime_of(*addresses, text="", image=None):
    mime = QMimeData()
    if addresses:
        mime.setUrls([QUrl(address) for address in addresses])
    if text:
        mime.setText(text)
    if image is not None:
        mime.setImageData(image)
    return mime


def read(mime, *, dropped=True):
    return opening_of(mime, dropped=dropped).read(lambda: False)


@pytest.mark.parametrize(
    "mime",
    [
        mime_of(
            "https://example.com/images/seven.png", text="https://example.com/images/seven.png"
        ),
        mime_of(text="https://example.com/seven.png"),
    ],
)
def test_a_web_address_gets_a_word(mime):
    assert can_take(mime)
    for dropped in (True, False):
        with raises_error("This is only the address of something at {place}", place="example.com"):
            opening_of(mime, dropped=dropped)


def test_places_that_are_no_files_get_a_word():
    with raises_error("This is only the address of something at {place}", place="trash"):
        opening_of(mime_of("trash:///seven.png"))


def test_an_image_beside_an_address_is_taken():
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(0xFF102030)
    opened = read(mime_of("https://example.com/a.png", image=image))
    assert opened.drawing.picture.pixels.shape == (3, 5, 4)


def test_an_image_within_an_address_is_taken(tmp_path):
    save_drawing(SEVEN, tmp_path / "seven.png")
    data = base64.b64encode((tmp_path / "seven.png").read_bytes()).decode()
    opened = read(mime_of(f"data:image/png;base64,{data}"))
    assert opened.drawing.picture is not None


@pytest.mark.parametrize("text", [to_svg(SEVEN), to_ndjson_line(SEVEN)])
def test_text_that_is_a_drawing_is_taken(text):
    mime = mime_of(text=text)
    assert can_take(mime)
    assert len(read(mime).drawing.strokes) == 1


def test_other_text_is_not_taken_and_gets_a_word():
    assert not can_take(mime_of(text="seven"))
    with raises_error("There is no picture and no drawing in what was dropped"):
        opening_of(mime_of(text="seven"), dropped=True)
    with raises_error("There is no picture and no drawing on the clipboard"):
        opening_of(mime_of(text="seven"))


def file_urls(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_the_first_of_several_files_is_opened_and_the_others_get_a_word(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    paths = [tmp_path / f"{name}.ndjson" for name in ("a", "b", "c")]
    for path in paths:
        save_drawing(SEVEN, path)
    opened = read(file_urls(folder, *paths))
    assert opened.drawing == SEVEN
    assert opened.notice.fields == {"name": "a.ndjson", "count": 4}
    assert read(file_urls(paths[0])).notice is None


def test_folders_and_files_that_are_gone_get_a_word(tmp_path):
    with raises_error("{path} is a folder", path=tmp_path):
        read(file_urls(tmp_path))
    with raises_error("There is no file {path}", path=tmp_path / "gone.png"):
        read(file_urls(tmp_path / "gone.png"))


def test_a_dropped_address_is_told_in_the_window(program):
    copy, left, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    mime = mime_of("https://example.com/seven.png")
    enter = QDragEnterEvent(QPoint(50, 50), copy, mime, left, keys.NoModifier)
    QApplication.sendEvent(program.window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(50, 50), copy, mime, left, keys.NoModifier)
    QApplication.sendEvent(program.window, event)
    assert "example.com" in program.window.notices.text
    assert not program.opening.is_busy
