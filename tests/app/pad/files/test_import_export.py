import gzip

import numpy as np
import pytest
from fakes import prediction
from pointers import mouse_stroke
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QFileDialog
from sentences import raises_error

from digitpad.app.pad.canvas.painting import ink_bounds
from digitpad.app.pad.files.formats import (
    STROKES_MIME,
    can_take,
    onto_pad,
    open_drawing,
    opening_of,
    save_drawing,
    to_image,
    to_mime,
    to_picture,
)
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import MAX_SIDE, Picture
from digitpad.ink.preprocessing import preprocess


def from_mime(mime, *, dropped=False):
    """What is opened of this, on this thread."""
    return opening_of(mime, dropped=dropped).read(lambda: False)


@pytest.fixture
def opened(qtbot, program):
    """Waits until nothing is being opened any more."""

    def wait():
        qtbot.waitUntil(lambda: not program.opening.is_busy)

    return wait


SEVEN = Drawing(
    (
        Stroke.of([[-200, -300], [200, -310.5], [-50, 300]], [0.2, 0.9, 1.0], 60),
        Stroke.of([[-100, 0], [150, 0]], width=75),
    )
)


def test_strokes_open_exactly_as_they_were_saved(tmp_path):
    save_drawing(SEVEN, tmp_path / "seven.ndjson")
    opened = open_drawing(tmp_path / "seven.ndjson")
    assert opened.drawing.strokes == SEVEN.strokes
    assert opened.notice is None


@pytest.mark.parametrize("suffix", [".png", ".PNG"])
def test_a_saved_picture_opens_and_has_nearly_the_same_glyph(tmp_path, suffix):
    path = tmp_path / f"seven{suffix}"
    drawing = Drawing.of([stroke.points for stroke in SEVEN.strokes], width=90)
    save_drawing(drawing, path)
    opened = open_drawing(path).drawing
    assert opened.picture is not None
    # Another way to the same glyph.
    ours = preprocess(drawing).glyph.astype(float).ravel()
    theirs = preprocess(opened).glyph.astype(float).ravel()
    assert np.corrcoef(ours, theirs)[0, 1] > 0.8


def test_a_saved_svg_is_svg(tmp_path):
    save_drawing(SEVEN, tmp_path / "seven.svg")
    assert (tmp_path / "seven.svg").read_text().count("<path") >= 2


@pytest.mark.parametrize("name", ["seven", "seven.pdf", "seven.gz"])
def test_other_forms_are_refused_with_a_sentence(tmp_path, name):
    with raises_error(
        "Digitpad cannot save {name}: choose a name that ends in .png, .svg", name=name
    ):
        save_drawing(SEVEN, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_has_no_strokes_to_save(tmp_path):
    drawing = Drawing(picture=Picture(np.zeros((4, 4, 4), np.uint8)))
    with raises_error("A picture has no strokes to save"):
        save_drawing(drawing, tmp_path / "x.ndjson")


def test_an_image_of_a_drawing_is_dark_on_white_whatever_the_theme(qapp):
    image = to_image(SEVEN)
    assert max(image.width(), image.height()) == 1024
    assert image.pixelColor(2, 2) == QColor("white")
    grey = [image.pixelColor(x, 700).lightness() for x in range(image.width())]
    assert min(grey) < 60


def test_a_picture_goes_out_as_it_came(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (17, 23, 4), np.uint8)
    save_drawing(Drawing(picture=Picture(pixels)), tmp_path / "x.png")
    np.testing.assert_array_equal(open_drawing(tmp_path / "x.png").drawing.picture.pixels, pixels)


def test_strokes_of_other_programs_are_brought_onto_the_pad():
    drawing = onto_pad(Drawing.of([[[0, 0], [255, 100]], [[10, 200], [30, 40]]], width=20))
    bounds = ink_bounds(drawing)
    assert bounds.center().x() == pytest.approx(0, abs=1e-9)
    assert bounds.center().y() == pytest.approx(0, abs=1e-9)
    assert max(bounds.width(), bounds.height()) == pytest.approx(640)


def test_the_first_of_many_drawings_is_opened_and_that_is_said(tmp_path):
    path = tmp_path / "many.ndjson.gz"
    line = '{"word":"1","drawing":[[[0,10],[0,100]]]}\n'
    path.write_bytes(gzip.compress((line * 3).encode()))
    opened = open_drawing(path)
    assert len(opened.drawing.strokes) == 1
    assert opened.notice.fields == {"name": path.name}


def image_mime(image: QImage) -> QMimeData:
    mime = QMimeData()
    mime.setImageData(image)
    return mime


def test_images_on_the_clipboard_keep_their_colours_and_alpha():
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 20, 30, 40))
    image.setPixelColor(4, 2, QColor(200, 100, 50))
    picture = from_mime(image_mime(image)).drawing.picture
    assert picture.pixels.shape == (3, 5, 4)
    assert picture.pixels[2, 4].tolist() == [200, 100, 50, 255]
    assert picture.pixels[0, 0].tolist() == [10, 20, 30, 40]


def test_a_huge_image_is_reduced():
    image = QImage(MAX_SIDE * 2, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    assert to_picture(image).pixels.shape[1] == MAX_SIDE


def test_png_data_on_the_clipboard_is_decoded():
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"png")).write(to_image(SEVEN))
    mime = QMimeData()
    mime.setData("image/png", data)
    assert from_mime(mime).drawing.picture is not None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", b"\x89PNG nonsense"),
        (STROKES_MIME, b"{"),
        ("text/plain", b"7"),
        ("text/plain", b"{7"),
        ("text/plain", b"<svg>"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(kind, content):
    mime = QMimeData()
    mime.setData(kind, content)
    with raises_error():
        from_mime(mime)


def test_strokes_come_back_from_the_clipboard_as_strokes():
    mime = to_mime(SEVEN)
    assert mime.hasImage()
    assert mime.hasFormat("image/svg+xml")
    assert from_mime(mime).drawing.strokes == SEVEN.strokes


@pytest.mark.parametrize("content", [b"", b"seven\n"])
def test_errors_of_pasted_strokes_name_the_clipboard(content):
    mime = QMimeData()
    mime.setData("application/x-ndjson", content)
    with raises_error(name="the clipboard"):
        from_mime(mime)


def test_copy_clear_paste(program, clipboard, opened):
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    drawing = program.pad.document.drawing
    program.pad_actions.copy.trigger()
    program.pad_actions.clear.trigger()
    assert program.pad.document.drawing.is_empty
    program.pad_actions.paste.trigger()
    opened()
    assert program.pad.document.drawing == drawing
    program.pad_actions.undo.trigger()
    assert program.pad.document.drawing.is_empty


def test_the_answer_is_copied_as_text(program, clipboard):
    copy = program.pad_actions.copy_answer
    assert not copy.isEnabled()
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    copy.trigger()
    assert clipboard.text() == "7"
    program.actions.pages[1].trigger()
    assert not copy.isEnabled()
    program.actions.pages[0].trigger()
    assert copy.isEnabled()
    program.pad_actions.clear.trigger()
    assert not copy.isEnabled()


def test_a_drawing_of_no_class_has_no_answer_to_copy(program, predictor, clipboard):
    predictor.answer = prediction(rejected=True)
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    assert program.pad.answer.big.text == "?"
    assert not program.pad_actions.copy_answer.isEnabled()


def test_pasting_nothing_is_said_and_changes_nothing(program, clipboard):
    clipboard.setText("seven")
    program.pad_actions.paste.trigger()
    assert "clipboard" in program.window.notices.text
    assert program.window.notices.isVisible()
    assert not program.pad.document.can_undo


@pytest.mark.parametrize("form", ["{}", '"{}"', "{}\n"])
def test_the_name_of_a_file_is_opened_as_the_file(program, clipboard, opened, tmp_path, form):
    save_drawing(SEVEN, tmp_path / "of mine.svg")
    clipboard.setText(form.format(tmp_path / "of mine.svg"))
    program.pad_actions.paste.trigger()
    opened()
    assert not program.pad.document.drawing.is_empty


@pytest.mark.parametrize(
    "text", ["relative.svg", "/\0", "/" * 5000, "\\\\host\\share\\7.png", "//h/7.png"]
)
def test_a_text_that_names_no_file_here_is_no_file(text):
    mime = QMimeData()
    mime.setText(text)
    with raises_error("There is no picture and no drawing on the clipboard"):
        opening_of(mime)


def test_a_pasted_picture_is_read(program, predictor, clipboard, opened):
    clipboard.setImage(to_image(SEVEN))
    program.pad_actions.paste.trigger()
    opened()
    assert program.pad.document.drawing.picture is not None
    assert len(predictor.glyphs) == 1
    assert program.pad.answer.big.text == "7"


def drop(program, mime: QMimeData) -> QDropEvent:
    copy, left, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    enter = QDragEnterEvent(QPoint(50, 50), copy, mime, left, keys.NoModifier)
    QApplication.sendEvent(program.window, enter)
    if not enter.isAccepted():
        return enter
    event = QDropEvent(QPointF(50, 50), copy, mime, left, keys.NoModifier)
    QApplication.sendEvent(program.window, event)
    return event


def test_dropped_files_are_opened(program, tmp_path, opened):
    save_drawing(SEVEN, tmp_path / "sieben ä.ndjson")
    save_drawing(SEVEN, tmp_path / "seven.png")
    for name in ("sieben ä.ndjson", "seven.png"):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        assert can_take(mime)
        assert drop(program, mime).isAccepted()
        opened()
    assert program.pad.document.drawing.picture is not None
    program.pad.document.undo()
    assert program.pad.document.drawing.strokes == SEVEN.strokes


def test_dropped_text_is_not_taken(program):
    mime = QMimeData()
    mime.setText("seven")
    assert not drop(program, mime).isAccepted()
    assert program.pad.document.drawing.is_empty


def test_a_file_that_cannot_be_opened_is_a_notice(program, tmp_path, opened):
    (tmp_path / "no.png").write_bytes(b"not a picture")
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120)])
    drawing = program.pad.document.drawing
    program.pad_controller.import_export.open_path(tmp_path / "no.png")
    opened()
    assert "no.png" in program.window.notices.text
    assert program.pad.document.drawing is drawing
    program.pad_controller.import_export.open_path(tmp_path / "missing.ndjson")
    opened()
    assert "missing.ndjson" in program.window.notices.text
    program.window.notices.dismiss()
    assert not program.window.notices.isVisible()
    assert program.window.notices.text == ""


def test_a_file_that_cannot_be_written_is_a_notice(program, tmp_path):
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120)])
    (tmp_path / "file").write_text("")
    program.pad_controller.import_export.save_path(tmp_path / "file" / "x.png")
    assert "could not be written" in program.window.notices.text


def file_dialog(qtbot, program) -> QFileDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    return QApplication.activeModalWidget()


def test_open_and_save_ask_for_a_file(qtbot, program, tmp_path):
    assert not program.pad_actions.save.isEnabled()
    mouse_stroke(program.pad.canvas, [(100, 100), (200, 120), (120, 300)])
    drawing = program.pad.document.drawing
    program.pad_actions.save.trigger()
    dialog = file_dialog(qtbot, program)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert len(dialog.nameFilters()) == 3
    dialog.filterSelected.emit(dialog.nameFilters()[2])
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("mine")
    dialog.accept()
    qtbot.waitUntil((tmp_path / "mine.ndjson").exists)
    program.pad_actions.clear.trigger()
    program.pad_actions.open.trigger()
    dialog = file_dialog(qtbot, program)
    assert any("*.png" in pattern for pattern in dialog.nameFilters())
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(tmp_path / "mine.ndjson"))
    dialog.accept()
    qtbot.waitUntil(lambda: program.pad.document.drawing == drawing)


def test_a_dialog_that_is_left_changes_nothing(qtbot, program, tmp_path):
    program.pad_actions.open.trigger()
    file_dialog(qtbot, program).reject()
    assert program.pad.document.drawing.is_empty
    assert not program.pad.document.can_undo


def test_a_notice_goes_when_the_next_try_succeeds(program, tmp_path, opened):
    program.window.notices.show_notice("Something else.")
    (tmp_path / "no.png").write_bytes(b"not a picture")
    save_drawing(SEVEN, tmp_path / "seven.png")
    program.pad_controller.import_export.open_path(tmp_path / "no.png")
    opened()
    assert "no.png" in program.window.notices.text
    program.pad_controller.import_export.open_path(tmp_path / "seven.png")
    opened()
    assert program.window.notices.text == "Something else."
    program.window.notices.withdraw("Something else.")
    assert not program.window.notices.isVisible()


def test_steps_of_a_blank_picture_say_that_there_are_none(qtbot, program):
    program.pad_actions.stages.trigger()
    blank = to_picture(blank_image())
    program.pad.document.replace(Drawing(picture=blank))
    assert "picture" in program.pad.stages._hint.text()
    program.pad.document.clear()
    assert "Draw to see" in program.pad.stages._hint.text()


def blank_image() -> QImage:
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    return image
