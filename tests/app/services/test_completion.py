"""Full pages that are read on a thread, and what is asked in one update."""

import threading

import numpy as np
import pytest
from fakes import DIGITS, FakePredictor

from digitpad.app.services.completion import Completion
from digitpad.app.services.recognition import ActiveModel, RecognitionService
from digitpad.app.services.torch_import import use_one_thread
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import Recognition, preprocessed


class Watched(FakePredictor):
    """Keeps on which thread it was asked, and can be held."""

    def __init__(self):
        super().__init__()
        self.threads = set()
        self.entered, self.gate = threading.Event(), threading.Event()
        self.gate.set()

    def predict(self, glyphs):
        self.threads.add(threading.get_ident())
        self.entered.set()
        assert self.gate.wait(60)
        return super().predict(glyphs)


def row(count, shift=0):
    return preprocessed(
        Drawing.of([[[60 * i, shift], [60 * i + 10, 300 + shift]] for i in range(count)])
    )


@pytest.fixture
def watched():
    return Watched()


@pytest.fixture
def reading(qapp):
    reading = Completion(lambda: None)
    yield reading
    reading.shutdown()


@pytest.fixture
def service(qtbot, watched):
    service = RecognitionService(lambda: ActiveModel(watched, classes=DIGITS), lambda: None)
    with qtbot.waitSignal(service.ready):
        service.start()
    yield service
    watched.gate.set()
    service.shutdown()


def test_an_update_asks_for_twelve_glyphs_at_most(service, watched):
    page = row(8)
    counts, found = [], page
    while found is page or not found.is_complete:
        before = len(watched.glyphs)
        found = service.recognize(page)
        counts.append(len(watched.glyphs) - before)
    assert len(counts) > 2
    assert max(counts) <= 12
    assert len(service.recognize(page).parts) == len(found.parts)


def test_a_page_is_read_on_another_thread_and_remembered(qtbot, service, watched):
    page = row(8)
    with qtbot.waitSignal(service.was_read) as done:
        service.read(page)
    assert done.args[0].is_complete
    assert threading.get_ident() not in watched.threads
    before = len(watched.glyphs)
    again = service.recognize(page)
    assert again.is_complete
    assert again.text == done.args[0].text
    assert len(watched.glyphs) == before


def test_the_users_threshold_holds_for_pages_as_well(qtbot, service):
    service.reject_below = 1.0
    with qtbot.waitSignal(service.was_read) as done:
        service.read(row(8))
    assert done.args[0].rejected


def test_a_newer_page_replaces_the_one_that_is_read(qtbot, reading, watched):
    done = []
    reading.done.connect(lambda found, memo: done.append(found))
    older, newer = row(8), row(9, shift=40)
    watched.gate.clear()
    reading.start(older, watched.predict, 0.0, Memo())
    assert watched.entered.wait(60)
    reading.start(newer, watched.predict, 0.0, Memo())
    watched.gate.set()
    qtbot.waitUntil(lambda: bool(done))
    assert [one.proposal for one in done] == [newer.proposal]


def test_the_same_page_is_not_begun_twice(qtbot, reading, watched):
    done, page = [], row(8)
    reading.done.connect(lambda found, memo: done.append(found))
    watched.gate.clear()
    reading.start(page, watched.predict, 0.0, Memo())
    assert watched.entered.wait(60)
    reading.start(page, watched.predict, 0.0, Memo())
    watched.gate.set()
    qtbot.waitUntil(lambda: bool(done) and not reading.is_busy)
    assert len(done) == 1
    # What is read later is begun anew.
    reading.start(page, watched.predict, 0.0, Memo())
    qtbot.waitUntil(lambda: len(done) == 2)


def test_what_another_model_was_reading_is_dropped(qtbot, service, watched):
    read = []
    service.was_read.connect(read.append)
    watched.gate.clear()
    service.read(row(8))
    assert watched.entered.wait(60)
    service._activate(ActiveModel(FakePredictor(), classes=DIGITS))
    watched.gate.set()
    qtbot.waitUntil(lambda: not service._completion.is_busy)
    assert read == []
    assert not service._memo.known


def test_closing_ends_a_page_half_way(reading, watched):
    watched.gate.clear()
    reading.start(row(12), watched.predict, 0.0, Memo())
    assert watched.entered.wait(60)
    threading.Timer(0.01, watched.gate.set).start()
    reading.shutdown()
    assert len(watched.glyphs) <= 32
    assert not reading._thread._thread.isRunning()


def test_a_page_with_more_than_is_remembered_is_read_to_its_end(qtbot, reading, monkeypatch):
    monkeypatch.setattr("digitpad.recognition.division.memo._REMEMBERED", 20)
    predictor = FakePredictor()
    with qtbot.waitSignal(reading.done) as done:
        reading.start(row(8), predictor.predict, 0.0, Memo())
    assert done.args[0].is_complete


@pytest.mark.slow
def test_two_threads_may_ask_one_recognizer_at_once():
    from digitpad.recognition.recognizer import Recognizer

    recognizer = Recognizer(load_model(bundled_model_path()))
    rng = np.random.default_rng(5)
    glyphs = rng.integers(0, 256, (4, 25, 12, 28, 28), np.uint8)
    expected = [[recognizer.probabilities(batch) for batch in some] for some in glyphs]
    found = [[] for _ in glyphs]

    def ask(number):
        use_one_thread()
        found[number] = [recognizer.probabilities(batch) for batch in glyphs[number]]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(glyphs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_page_is_read_as_at_once(qtbot, reading):
    page, predictor = row(9), FakePredictor()
    with qtbot.waitSignal(reading.done) as done:
        reading.start(page, predictor.predict, 0.0, Memo())
    (at_once,) = recognize([page], predictor.predict)
    assert done.args[0].text == at_once.text
    assert done.args[0].division == pytest.approx(at_once.division)


def test_a_picture_is_preprocessed_on_the_thread(qtbot, service, watched):
    pixels = np.full((60, 80, 4), 255, np.uint8)
    pixels[10:50, 20:24, :3] = pixels[10:50, 60:64, :3] = 0
    unread = Recognition(Drawing(picture=Picture(pixels)), is_complete=False)
    with qtbot.waitSignal(service.was_read) as done:
        service.read(unread, True)
    assert done.args[0].is_complete
    assert len(done.args[0].parts) == 1
    assert done.args[0].proposal is None
