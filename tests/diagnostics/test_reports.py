import sys

import pytest

from digitpad import about
from digitpad.diagnostics import reports


def failed(error):
    try:
        raise error
    except type(error) as raised:
        return raised


class MuteError(Exception):
    def __str__(self):
        raise RuntimeError("cannot even say what it is")


@pytest.mark.parametrize("error", [ValueError("deliberately"), MuteError(), ValueError("\ud800\0")])
def test_an_account_says_what_when_and_where(error):
    account = reports.account_of(failed(error), "errand")
    assert account.startswith("Time 2")
    assert "thread errand" in account
    assert "Traceback" in account
    assert type(error).__name__ in account


def test_a_chain_without_end_loses_its_middle():
    def fall(depth):
        try:
            raise ValueError("x" * 5000)
        except ValueError as error:
            if depth:
                fall(depth - 1)
            raise RuntimeError("on top") from error

    with pytest.raises(RuntimeError) as caught:
        fall(40)
    account = reports.account_of(caught.value, "errand")
    assert len(account) < reports.REPORT_LIMIT + 200
    assert account.endswith("RuntimeError: on top")
    assert "[...]" in account


def test_surroundings_name_versions_build_and_system(monkeypatch):
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    text = reports.surroundings()
    assert about.summary() in text
    assert "(not loaded)" in text
    assert "System " in text
    monkeypatch.setitem(sys.modules, "torch", object())
    assert "(loaded)" in reports.surroundings()


def test_a_damaged_installation_has_reports_all_the_same(monkeypatch):
    def broken():
        raise KeyError("metadata")

    monkeypatch.setattr(about, "summary", broken)
    assert "Digitpad" in reports.surroundings()
    assert "KeyError" in reports.surroundings()


def test_a_complete_report_ends_with_lines_of_the_log():
    assert "The log" not in reports.complete("what happened")
    text = reports.complete("what happened", "older lines")
    assert text.index("Digitpad") < text.index("what happened") < text.index("older lines")


@pytest.mark.parametrize("content", [b"", b"\0" * 100_000, bytes(range(256)) * 400])
def test_the_end_of_a_damaged_log_is_readable_text(tmp_path, content):
    path = tmp_path / "digitpad.log"
    path.write_bytes(content)
    with path.open("ab") as log:
        log.write(b"\nthe end\n")
    end = reports.end_of_log(path)
    assert end.endswith("the end")
    assert all(letter in "\n\t" or letter.isprintable() for letter in end)
    assert len(end.splitlines()) <= 40


def test_what_is_no_file_has_no_lines(tmp_path):
    assert reports.end_of_log(tmp_path) == ""
    assert reports.end_of_log(tmp_path / "missing") == ""


def test_an_endless_line_is_cut():
    assert len(reports.clean("x" * 100_000)) == 2000


def test_an_error_is_named_in_one_line():
    assert reports.name_of(ValueError("one\ntwo\0")) == "ValueError: one two"
    assert len(reports.name_of(ValueError("x" * 5000))) == 300
