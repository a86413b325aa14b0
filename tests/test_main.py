import faulthandler
import sys

import pytest

from digitpad import __main__


@pytest.fixture(autouse=True)
def pytests_own_faulthandler(monkeypatch):
    monkeypatch.setattr(faulthandler, "enable", lambda: None)


def test_an_interrupt_while_modules_are_imported_leaves_no_traceback(monkeypatch, capsys):
    class Interrupting:
        def find_spec(self, name, path=None, target=None):
            if name == "digitpad.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "digitpad.cli", raising=False)
    monkeypatch.delattr("digitpad.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as left:
        __main__.main()
    assert left.value.code == 130
    assert capsys.readouterr() == ("", "")


def test_the_exit_code_is_the_command_lines(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["digitpad", "--version"])
    with pytest.raises(SystemExit) as left:
        __main__.main()
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("digitpad ")
