import itertools
import threading

import pytest

from digitpad.data.readers import prefetched


def test_items_come_in_their_order_and_all():
    assert list(prefetched(iter(range(100)))) == list(range(100))
    assert list(prefetched(iter(()))) == []


def test_an_error_comes_after_all_that_came_before_it():
    def items():
        yield 1
        yield 2
        raise ValueError("the third is damaged")

    results = prefetched(items())
    assert list(itertools.islice(results, 2)) == [1, 2]
    with pytest.raises(ValueError, match="third"):
        next(results)


def test_no_more_than_a_few_are_made_ahead():
    made = []

    def items():
        for i in range(100):
            made.append(i)
            yield i

    results = prefetched(items(), ahead=2)
    for taken in range(1, 6):
        next(results)
        assert len(made) <= taken + 2
    results.close()
    assert len(made) < 10


def test_items_are_made_on_another_thread_which_ends_with_them():
    names = set(prefetched(threading.current_thread().name for _ in range(3)))
    assert names
    assert threading.current_thread().name not in names
    assert not names & {thread.name for thread in threading.enumerate()}
