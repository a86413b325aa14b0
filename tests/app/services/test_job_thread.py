import os
import sys
import threading

import pytest

from digitpad.app.services.job_thread import JobThread, _step_back
from digitpad.errors import DigitpadError


@pytest.fixture
def thread(qapp):
    thread = JobThread("a job")
    yield thread
    thread.shutdown()


def test_a_job_runs_on_its_own_thread_and_its_items_arrive_here(qtbot, thread):
    items, threads = [], []

    def job():
        threads.append(threading.get_ident())
        yield from (1, 2, 3)

    thread.produced.connect(lambda item: items.append((item, threading.get_ident())))
    with qtbot.waitSignal(thread.ended) as ended:
        thread.start(job)
        assert thread.is_busy
    here = threading.get_ident()
    assert items == [(1, here), (2, here), (3, here)]
    assert threads[0] != here
    assert ended.args == [""]
    assert not thread.is_busy


def test_an_error_of_the_world_ends_a_job_with_its_sentence_and_the_next_one_runs(qtbot, thread):
    def failing():
        yield 1
        raise DigitpadError("The disk is full.")

    with qtbot.waitSignal(thread.ended) as ended:
        thread.start(failing)
    assert ended.args == ["The disk is full."]
    with qtbot.waitSignals([thread.produced, thread.ended]):
        thread.start(lambda: iter_once(5))


def iter_once(item):
    yield item


def test_a_bug_in_a_job_is_not_swallowed(qtbot, thread):
    def broken():
        yield 1
        raise ValueError("a bug")

    with qtbot.captureExceptions() as caught:
        with qtbot.waitSignal(thread.ended):
            thread.start(broken)
        # The other thread says that it is over before the exception has left it.
        qtbot.waitUntil(lambda: len(caught) > 0)
    assert [str(error) for _, error, _ in caught] == ["a bug"]
    assert not thread.is_busy


def endless(closed: threading.Event):
    try:
        while True:
            yield None
            closed.wait(0.01)
    finally:
        closed.set()


def test_a_cancelled_job_is_closed(qtbot, thread):
    closed = threading.Event()
    with qtbot.waitSignal(thread.produced):
        thread.start(lambda: endless(closed))
    with qtbot.waitSignal(thread.ended):
        thread.cancel()
    assert closed.is_set()


def test_shutting_down_closes_a_job_and_joins_the_thread(qtbot):
    thread, closed = JobThread("a job"), threading.Event()
    with qtbot.waitSignal(thread.produced):
        thread.start(lambda: endless(closed))
    thread.shutdown()
    assert closed.is_set()


def test_a_job_that_ends_itself_saves_first(qtbot):
    thread, flag, saved = JobThread("a job", ends_itself=True), threading.Event(), []

    def job():
        while not flag.is_set():
            yield None
            flag.wait(0.01)
        yield None
        saved.append(True)

    with qtbot.waitSignal(thread.produced):
        thread.start(job)
    flag.set()
    thread.shutdown()
    assert saved == [True]


def test_two_jobs_at_once_are_refused(qtbot, thread):
    closed = threading.Event()
    thread.start(lambda: endless(closed))
    with pytest.raises(RuntimeError, match="one job"):
        thread.start(lambda: endless(closed))
    with qtbot.waitSignal(thread.ended):
        thread.cancel()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_a_job_steps_back_behind_the_window_and_the_window_does_not(qtbot, thread):
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def job():
        yield os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    with qtbot.waitSignal(thread.produced) as produced:
        thread.start(job)
    assert produced.args == [max(before, 10)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_no_process_is_touched(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(os, "setpriority", pytest.fail, raising=False)
    _step_back()
