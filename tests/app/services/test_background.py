"""Work in the background: the latest of a kind counts, in order, and it ends with the program."""

from __future__ import annotations

import threading

import pytest

from digitpad.app.services.background import Background
from digitpad.errors import DigitpadError


@pytest.fixture
def prepared() -> list[int]:
    return []


@pytest.fixture
def background(qtbot, prepared) -> Background:
    made = Background(lambda: prepared.append(threading.get_ident()))
    yield made
    made.shutdown()


@pytest.fixture
def found(background) -> list[tuple[str, object]]:
    items: list[tuple[str, object]] = []
    background.done.connect(lambda key, item: items.append((key, item)))
    return items


def test_each_item_arrives_with_its_key(qtbot, background, found, prepared) -> None:
    background.ask("a", lambda: iter([1, 2]))
    background.ask("b", lambda: [threading.get_ident()])
    qtbot.waitUntil(lambda: not background.is_busy)
    assert found[:2] == [("a", 1), ("a", 2)]
    (key, thread) = found[2]
    assert key == "b"
    assert {thread} == set(prepared) != {threading.get_ident()}


def test_the_latest_of_a_kind_counts(qtbot, background, found) -> None:
    may_end = threading.Event()

    def slow():
        yield "begun"
        may_end.wait(20)
        yield "stale"

    with qtbot.waitSignal(background.done):
        background.ask("a", slow)
    background.ask("b", lambda: ["other"])
    background.ask("a", lambda: ["never"])
    background.ask("a", lambda: ["new"])
    may_end.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert found == [("a", "begun"), ("b", "other"), ("a", "new")]


def test_what_is_cancelled_says_nothing_more(qtbot, background, found) -> None:
    may_end = threading.Event()

    def slow():
        may_end.wait(20)
        yield "stale"
        raise DigitpadError("Nobody wants to know.")

    failures = []
    background.failed.connect(lambda *told: failures.append(told))
    background.ask("a", slow)
    background.ask("b", lambda: ["never"])
    background.cancel("a")
    background.cancel("b")
    may_end.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert found == failures == []


def test_an_error_of_the_world_is_a_sentence(qtbot, background, found) -> None:
    def broken():
        yield 1
        raise DigitpadError("The {what} is gone.", what="disk")

    with qtbot.waitSignal(background.failed) as failed:
        background.ask("a", broken)
    assert failed.args == ["a", "The disk is gone."]
    background.ask("a", lambda: [2])
    qtbot.waitUntil(lambda: not background.is_busy)
    assert found == [("a", 1), ("a", 2)]
