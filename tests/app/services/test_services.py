import subprocess
import sys
import threading
import types

import pytest

from digitpad.app.services import recognition
from digitpad.app.services.recognition import (
    ActiveModel,
    RecognitionService,
    recognition_service,
)
from digitpad.app.services.torch_import import ImportStopped, stoppable_imports
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path


def test_a_service_that_never_started_shuts_down(qapp, predictor):
    service = RecognitionService(lambda: ActiveModel(predictor), lambda: None)
    service.shutdown()
    assert not service.is_ready


def test_the_model_loads_on_another_thread_and_is_prepared_for_on_this_one(qtbot, predictor):
    threads = {}

    def load():
        threads["load"] = threading.get_ident()
        return ActiveModel(predictor)

    service = RecognitionService(load, lambda: threads.setdefault("prepare", threading.get_ident()))
    with qtbot.waitSignal(service.ready):
        service.start()
    service.shutdown()
    assert threads["load"] != threading.get_ident()
    assert threads["prepare"] == threading.get_ident()


def test_what_loads_after_the_end_is_not_taken(qtbot, predictor):
    entered, gate = threading.Event(), threading.Event()

    def load():
        entered.set()
        gate.wait()
        return ActiveModel(predictor)

    service = RecognitionService(load, lambda: None)
    service.start()
    assert entered.wait(60)
    threading.Timer(0.01, gate.set).start()
    service.shutdown()
    qtbot.waitUntil(lambda: threading.active_count() == 1 or gate.is_set())
    assert not service.is_ready
    assert not service._thread.isRunning()


def test_shutting_down_ends_an_import_half_way(tmp_path, monkeypatch):
    package = tmp_path / "slow_package_for_digitpad"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import slow_package_gate\n"
        "slow_package_gate.entered.set()\n"
        "slow_package_gate.stop.wait(60)\n"
        "from slow_package_for_digitpad import second\n"
    )
    (package / "second.py").write_text("import slow_package_gate\nslow_package_gate.over.set()\n")
    monkeypatch.syspath_prepend(tmp_path)
    finders = list(sys.meta_path)

    def load():
        import slow_package_for_digitpad  # noqa: F401

        pytest.fail("the import went on")

    service = RecognitionService(load, lambda: None)
    gate = types.SimpleNamespace(
        entered=threading.Event(), over=threading.Event(), stop=service._stop
    )
    monkeypatch.setitem(sys.modules, "slow_package_gate", gate)
    service.start()
    assert gate.entered.wait(60)
    service.shutdown()
    assert not gate.over.is_set()
    assert "slow_package_for_digitpad" not in sys.modules
    assert sys.meta_path == finders


def test_an_import_elsewhere_asks_every_finder_though_the_context_ends_meanwhile():
    finders = list(sys.meta_path)
    with stoppable_imports(lambda: False):
        asked = iter(sys.meta_path)
        next(asked)
        next(asked)
    assert list(asked) == finders[1:]
    assert sys.meta_path == finders


def test_imports_are_stopped_for_one_thread_only():
    with stoppable_imports(lambda: True):
        with pytest.raises(ImportStopped):
            __import__("no_such_module_at_all")
        caught = []
        thread = threading.Thread(
            target=lambda: caught.append(_error_of("no_such_module_in_another_thread"))
        )
        thread.start()
        thread.join()
    assert caught == [ModuleNotFoundError]


def _error_of(name):
    try:
        __import__(name)
    except BaseException as error:  # noqa: BLE001
        return type(error)
    return None


def test_twenty_thousand_signals_leave_the_interpreter_alive():
    # PySide6 6.12 loses references to True and None on Python 3.10 and 3.11, and aborts.
    code = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Source(QObject):
    fired = Signal(bool)
    plain = Signal()
app = QCoreApplication([])
source, seen = Source(), []
source.fired.connect(seen.append)
source.plain.connect(lambda: None)
for _ in range(10_000):
    source.fired.emit(True)
    source.plain.emit()
assert len(seen) == 10_000 and all(seen)
print("alive")
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300
    )
    assert (result.returncode, result.stdout.strip()) == (0, "alive"), result.stderr


def test_bars_wait_for_the_bundled_classes_where_the_active_model_is_damaged(tmp_path):
    (tmp_path / "mine.safetensors").write_bytes(b"junk")
    store = ModelStore(tmp_path, bundled_model_path())
    service = recognition_service(store, "mine")
    assert service.active.classes == store.get(BUNDLED).info.classes
    service.shutdown()


def test_a_torch_that_cannot_be_loaded_is_said_and_logged(tmp_path, monkeypatch, qtbot, caplog):
    def broken():
        raise OSError("WinError 1114")

    monkeypatch.setattr(recognition, "load_torch_libraries", broken)
    service = recognition_service(ModelStore(tmp_path, bundled_model_path()), BUNDLED)
    with qtbot.waitSignal(service.failed) as failed:
        service.start()
    service.shutdown()
    assert "WinError 1114" in failed.args[0]
    assert [record.exc_info[0] for record in caplog.records] == [OSError]
