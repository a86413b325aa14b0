from datetime import UTC, datetime

import pytest
from train_actions import ICONS, shown_actions

from digitpad.app.train.runs.run_bar import RunBar
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.run import Run


def run(number: int, status: str = "completed", **changes) -> Run:
    values = {
        "id": f"run-{number}",
        "name": f"MNIST, quicknet {number}",
        "created": datetime(2026, 5, number, tzinfo=UTC),
        "status": status,
        "notice": None,
        "config": TrainingConfig(),
        "data": None,
        "steps": 10,
        "steps_done": 10,
        "best_accuracy": 0.9912,
        "best_epoch": 1,
        "has_model": status in {"completed", "stopped"},
        "is_resumable": status in {"suspended", "interrupted"},
    }
    return Run(**(values | changes))


@pytest.fixture
def bar(qtbot):
    actions = shown_actions()
    bar = RunBar(actions, ICONS)
    bar.actions_ = actions
    qtbot.addWidget(bar)
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def test_without_any_run_nothing_can_be_done(bar):
    assert bar.run is None
    assert bar.list.currentText() == "No training run yet"
    assert not bar.use.isEnabled()
    assert not bar.resume.isVisible()


def test_runs_are_listed_with_what_came_of_them(bar):
    bar.show_runs([run(3, "suspended"), run(2), run(1, "failed", best_accuracy=None)], run(2))
    texts = [bar.list.itemText(i) for i in range(3)]
    assert texts == [
        "MNIST, quicknet 3 · 99.1 % · suspended",
        "MNIST, quicknet 2 · 99.1 %",
        "MNIST, quicknet 1 · failed",
    ]
    assert bar.run.id == "run-2"


@pytest.mark.parametrize(
    ("shown", "use", "resume", "delete"),
    [
        (run(1), True, False, True),
        (run(1, "suspended"), False, True, True),
        (run(1, "interrupted"), False, True, True),
        (run(1, "running"), False, False, False),
        (run(1, "failed"), False, False, True),
    ],
)
def test_what_can_be_done_depends_on_the_run(bar, shown, use, resume, delete):
    bar.show_runs([shown], shown)
    assert bar.use.isEnabled() == use
    assert bar.resume.isVisible() == resume
    assert bar.actions_.delete.isEnabled() == delete


def test_the_run_that_is_trained_here_cannot_be_deleted_nor_resumed(bar):
    bar.show_runs([run(2, "suspended"), run(1, "suspended")], run(2), live=run(2))
    assert "training now" in bar.list.currentText()
    assert not bar.actions_.delete.isEnabled()
    assert not bar.resume.isVisible()
    bar.list.setCurrentIndex(1)
    bar.list.activated.emit(1)
    # Another one waits until this training is over.
    assert bar.resume.isVisible()
    assert not bar.resume.isEnabled()
    assert not bar.actions_.settings.isEnabled()
    bar.show_runs([run(1)], run(1))
    assert bar.actions_.settings.isEnabled()


def test_choosing_a_run_tells_its_id(qtbot, bar):
    bar.show_runs([run(2), run(1)])
    assert bar.run.id == "run-2"
    bar.list.setCurrentIndex(1)
    with qtbot.waitSignal(bar.chosen) as chosen:
        bar.list.activated.emit(1)
    assert chosen.args == ["run-1"]
