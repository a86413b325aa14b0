import pytest

from training.numbers.scores import Read, figures, reliability


def read(truth, text, confidence=0.99, rejected=False, true_right=True, traits=()):
    return Read(truth, text, confidence, rejected, true_right, 2.0, traits)


def test_wrong_numbers_are_told_apart_by_what_went_wrong():
    found = figures(
        [
            read("2026", "2026"),
            read("10", "1", true_right=False),
            read("7", "17"),
            read("89", "88"),
            read("555 1234", "5551234"),
        ]
    )
    assert found.count == 5
    assert found.right == pytest.approx(0.2)
    assert found.merged == found.split == found.misread == found.spaced == pytest.approx(0.2)
    assert found.true_right == pytest.approx(0.8)
    assert found.of_true == pytest.approx(0.25)
    assert found.digits_right == pytest.approx((4 + 1 + 0 + 1 + 7) / (4 + 2 + 1 + 2 + 7))
    assert found.milliseconds == pytest.approx(2.0)


def test_a_wrong_number_is_sure_unless_it_is_rejected():
    found = figures([read("1", "7"), read("1", "7", rejected=True), read("1", "7", 0.5)])
    assert found.sure_wrong == pytest.approx(1 / 3)
    assert found.refused == pytest.approx(1 / 3)


def test_the_calibration_error_is_of_whole_numbers():
    found = figures([read("12", "12", 0.75), read("12", "13", 0.75)])
    assert found.ece == pytest.approx(0.25)
    bins = reliability([read("12", "12", 0.0), read("12", "12", 1.0)])
    assert [part.count for part in (bins[0], bins[-1])] == [1, 1]


def test_what_is_no_number_is_counted_by_itself():
    found = figures([read(None, "7", true_right=None), read(None, "7", rejected=True)])
    assert found.count == 0
    assert found.right is None
    assert (found.others, found.others_accepted) == (2, 0.5)


def test_without_true_borders_there_is_nothing_to_compare_with():
    found = figures([read("12", "12", true_right=None)])
    assert (found.right, found.true_right, found.of_true) == (1.0, None, None)


def test_traits_have_their_own_shares():
    found = figures(
        [
            read("12", "12", traits=("joined",)),
            read("12", "1", traits=("joined", "touching")),
        ]
    )
    assert found.by_trait == {"joined": (0.5, 2), "touching": (0.0, 1)}
