"""The store of samples: what is added is there, for every window, until it is deleted."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sample_kit import answer, as_values, picture_sample, same, sample
from sentences import raises_error

from digitpad.samples.store import SampleStore

EVERYTHING = [
    sample(),
    sample("1", 1, origin="correction", answer=answer("7", 0.999), is_flagged=True),
    sample("ß", 2, origin="imported", symbols="Letters", created=datetime(2020, 1, 2, tzinfo=UTC)),
    picture_sample("零", answer=answer("0", 1.0, "mine 漢字")),
]


def test_an_empty_store_is_empty_and_leaves_no_trace(store, path):
    assert store.list() == ()
    assert store.symbol_sets() == {}
    assert store.counts() == {}
    assert store.revision() == 0
    assert store.take_notice() is None
    assert store.delete_everything() == 0
    with raises_error("There is no sample", number=1):
        store.get(1)
    assert not path.parent.exists()


def test_everything_of_a_sample_comes_back(store, path):
    added = store.add(EVERYTHING)
    assert [one.id for one in added] == [1, 2, 3, 4]
    for kept in (store.list(), SampleStore(path).list(), tuple(map(store.get, range(1, 5)))):
        assert list(map(as_values, kept)) == list(map(as_values, EVERYTHING))
        assert [one.id for one in kept] == [1, 2, 3, 4]
    assert store.counts() == {"7": 1, "1": 1, "ß": 1, "零": 1}
    assert store.counts(symbols="") == {"7": 1, "1": 1, "零": 1}
    assert [one.label for one in store.list(symbols="Letters")] == ["ß"]


def test_text_that_is_none_can_be_kept(store):
    (added,) = store.add([sample("\udcff", answer=answer("1", 0.5, "m\udcff"))])
    kept = store.get(added.id)
    assert (kept.label, kept.answer.model) == ("\\udcff", "m\\udcff")


def test_what_has_not_changed_is_not_read_again(filled):
    before = filled.list()
    filled.relabel(before[3].id, "x")
    filled.delete([before[5].id])
    after = {one.id: one for one in filled.list()}
    assert [one.id for one in before if after.get(one.id) is not one] == [4, 6]
    assert after[4].label == "x"


def test_a_label_is_changed_and_a_flag_is_set(filled):
    flagged = filled.flag(3, flagged=True)
    assert (flagged.is_flagged, filled.get(3).is_flagged) == (True, True)
    again = filled.relabel(3, "8")
    assert (again.label, again.is_flagged, again.id) == ("8", False, 3)
    assert same(filled.get(3), again)
    for change in (
        lambda: filled.relabel(99, "8"),
        lambda: filled.flag(99, flagged=True),
        lambda: filled.get(2**70),
        lambda: filled.get(-1),
    ):
        with raises_error("There is no sample"):
            change()


def test_many_samples_get_their_labels_and_flags_together(filled):
    first, second = filled.list()[:2]
    wanted = [replace(first, label="8", is_flagged=True), replace(second, label="9")]
    changed = filled.edit(wanted)
    assert [(one.id, one.label, one.is_flagged) for one in changed] == [
        (first.id, "8", True),
        (second.id, "9", False),
    ]
    before = list(map(as_values, filled.list()))
    gone = replace(first, id=99)
    with raises_error("There is no sample", number=99):
        filled.edit([replace(first, label="1"), gone])
    assert list(map(as_values, filled.list())) == before


def test_what_was_deleted_comes_back_as_it_was(filled):
    before = filled.list()
    deleted = filled.delete([2, 5, 99, 5, 2**70, -3])
    assert [one.id for one in deleted] == [2, 5]
    assert len(filled.list()) == 10
    (new,) = filled.add([sample("9", 50)])
    assert new.id == 13
    restored = filled.add(deleted)
    assert [one.id for one in restored] == [2, 5]
    assert [as_values(one) for one in filled.list()[:-1]] == list(map(as_values, before))


def test_two_windows_may_undo_the_same_deletion(filled, path):
    other = SampleStore(path)
    deleted = filled.delete([4])
    filled.add(deleted)
    filled.relabel(4, "x")
    assert [one.label for one in other.add(deleted)] == ["x"]
    assert len(other.list()) == 12


def test_no_number_is_given_twice(filled, path):
    filled.delete([12])
    assert filled.add([sample("1", 60)])[0].id == 13
    assert filled.delete_everything() == 12
    assert SampleStore(path).add([sample("1", 61)])[0].id == 14


def test_a_change_by_anybody_is_told(filled, path):
    other = SampleStore(path)
    seen = {other.revision()}
    for change in (
        lambda: filled.add([sample("1", 70)]),
        lambda: filled.relabel(1, "5"),
        lambda: filled.flag(1, flagged=True),
        lambda: filled.delete([1]),
        lambda: filled.set_symbols("Runes", ["a", "b"]),
        lambda: filled.set_symbols("Runes", ["a", "c"]),
        lambda: filled.delete_symbols("Runes"),
        filled.delete_everything,
    ):
        change()
        revision = other.revision()
        assert revision > max(seen)
        seen.add(revision)
        assert list(map(as_values, other.list())) == list(map(as_values, filled.list()))


def test_adding_is_all_or_nothing(filled):
    class Broken:
        def __iter__(self):
            yield sample("1", 80)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        filled.add(Broken())
    assert len(filled.list()) == 12


def test_several_windows_write_at_once(path):
    code = (
        "import sys; from pathlib import Path; from sample_kit import sample;"
        "from digitpad.samples.store import SampleStore; store = SampleStore(Path(sys.argv[1]));\n"
        "for n in range(8):\n"
        "    (one,) = store.add([sample('1', n)]); store.relabel(one.id, sys.argv[2])\n"
        "    if n % 2: store.delete([one.id])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, path, name],
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for name in "abc"
    ]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert SampleStore(path).counts() == {"a": 4, "b": 4, "c": 4}


def test_deleting_everything_leaves_nothing_in_the_folder(filled, path):
    filled.set_symbols("Runes", ["fehu", "uruz"])
    filled.add([sample("fehu-and-uruz", 90)])
    path.with_name("samples.sqlite.corrupt-1").write_bytes(b"fehu")
    assert filled.delete_everything() == 13
    assert (filled.list(), filled.symbol_sets()) == ((), {})
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"fehu" not in left
    assert b'"drawing"' not in left


def test_sets_of_symbols(store):
    store.set_symbols("Runes", ["ᚠ", "ᚢ"])
    store.set_symbols("Marks", ["tick", "cross"])
    store.set_symbols("Runes", ["ᚠ", "ᚢ", "ᚦ"])
    assert store.symbol_sets() == {"Runes": ("ᚠ", "ᚢ", "ᚦ"), "Marks": ("tick", "cross")}
    assert list(store.symbol_sets()) == ["Runes", "Marks"]
    kept = store.add([sample("ᚠ", 1, symbols="Runes"), sample("tick", 2, symbols="Marks")])
    assert store.delete_symbols("Runes") == ()
    assert len(store.list()) == 2
    assert [one.id for one in store.delete_symbols("Marks", with_samples=True)] == [kept[1].id]
    assert store.delete_symbols("Marks", with_samples=True) == ()
    assert [one.id for one in store.list()] == [kept[0].id]
    assert store.symbol_sets() == {}


@pytest.mark.parametrize(
    ("name", "classes"), [("", ["a"]), ("x", []), ("x", ["a", "a"]), ("x", ["a", ""])]
)
def test_a_set_has_a_name_and_different_classes(store, name, classes):
    with pytest.raises(ValueError, match="set of symbols"):
        store.set_symbols(name, classes)


def test_a_set_is_renamed_with_its_samples(store):
    store.set_symbols("Runes", ["a", "b"])
    store.set_symbols("Marks", ["x", "y"])
    store.add([sample("a", 1, symbols="Runes")])
    for name, new_name in (("Runes", "Marks"), ("None", "New")):
        with raises_error("There is "):
            store.rename_symbols(name, new_name, ["a", "b"])
    assert store.symbol_sets() == {"Runes": ("a", "b"), "Marks": ("x", "y")}
    store.rename_symbols("Runes", "Letters", ["a", "c"])
    store.rename_symbols("Letters", "Letters", ["a", "d"])
    assert store.symbol_sets() == {"Letters": ("a", "d"), "Marks": ("x", "y")}
    assert [one.symbols for one in store.list()] == ["Letters"]
