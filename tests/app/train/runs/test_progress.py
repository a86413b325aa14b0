import pytest

from digitpad.app.train.runs.progress import Pace, ProgressRow
from digitpad.learning.events import BatchDone, Started, Validated

LONG = "The server was not found, and what is written here is longer than the row is wide. " * 3


@pytest.fixture
def row(qtbot):
    row = ProgressRow()
    qtbot.addWidget(row)
    row.resize(500, 60)
    with qtbot.waitExposed(row):
        row.show()
    return row


def height(row: ProgressRow) -> int:
    """Which it asks for at its width."""
    layout = row.layout()
    wraps = layout.hasHeightForWidth()
    return layout.totalHeightForWidth(500) if wraps else layout.totalSizeHint().height()


def test_a_long_sentence_is_shown_whole_and_widens_nothing(row):
    one_line = height(row)
    row.show_idle(LONG)
    assert row.minimumSizeHint().width() <= 500
    assert height(row) > one_line


def test_words_that_come_and_go_move_nothing(row):
    empty = height(row)
    row.show_busy("Getting ready…")
    assert height(row) == empty


def rows(first: int, last: int, seconds: float = 0.1) -> list[BatchDone]:
    return [BatchDone(i, 1, {"loss": 0.5}, 64, seconds) for i in range(first, last + 1)]


def test_the_time_left_counts_all_time_but_pauses():
    pace = Pace(Started(1, 100, 9), now=10.0)
    assert pace.seconds_left is None
    assert pace.rate is None
    pace.add(rows(1, 20), now=15.0)
    assert pace.seconds_left == pytest.approx(5.0 / 20 * 80)
    pace.continue_(now=500.0)
    pace.add(rows(21, 40), now=505.0)
    assert (pace.done, pace.epoch) == (40, 1)
    assert pace.seconds_left == pytest.approx(10.0 / 40 * 60)


def test_a_resumed_training_goes_by_its_own_steps():
    pace = Pace(Started(2, 50, 9, done=50), now=0.0)
    pace.add([*rows(51, 60), Validated(60, 1, {"loss": 0.1})], now=4.0)
    assert pace.seconds_left == pytest.approx(4.0 / 10 * 40)


def test_the_rate_is_that_of_the_arithmetic_in_recent_steps():
    pace = Pace(Started(1, 1000, 9), now=0.0)
    pace.add(rows(1, 200, seconds=1.0), now=1.0)
    assert pace.rate == pytest.approx(64)
    pace.add(rows(201, 300, seconds=0.5), now=2.0)
    assert pace.rate == pytest.approx(128)
