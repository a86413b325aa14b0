"""The bar of the training with its words."""

import pytest

from digitpad.app.train.runs.progress_row import ProgressRow

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
