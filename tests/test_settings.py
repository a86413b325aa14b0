import json
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import raises_error

from digitpad.ink.drawing import DEFAULT_WIDTH
from digitpad.recognition.model_store import BUNDLED
from digitpad.settings import PEN_WIDTHS, Settings, load_settings, save_settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile" / "settings.json"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_without_a_file_there_are_the_defaults(path):
    assert load_settings(path) == (Settings(), None)
    assert not path.parent.exists()


def test_the_default_pen_is_the_one_of_a_drawing():
    assert Settings().pen_width == DEFAULT_WIDTH
    assert PEN_WIDTHS[0] <= DEFAULT_WIDTH <= PEN_WIDTHS[1]


def test_settings_come_back_as_they_were(path):
    settings = Settings("mine – 模型", 33.5, "dark", reject_below=0.62, as_one=True, signs=True)
    save_settings(settings, path)
    assert load_settings(path) == (settings, None)


def test_the_file_holds_only_what_was_chosen(path):
    save_settings(Settings(theme="dark"), path)
    assert json.loads(path.read_text()) == {"version": 1, "theme": "dark"}


def test_never_to_reject_is_a_choice_too(path):
    save_settings(Settings(reject_below=0.0), path)
    assert json.loads(path.read_text()) == {"version": 1, "reject_below": 0.0}
    assert load_settings(path).settings.reject_below == 0


def test_the_threshold_is_read_by_its_older_name_and_written_by_its_own(path):
    write(path, '{"version": 1, "refuse_below": 0.62}')
    settings = load_settings(path).settings
    assert (settings.reject_below, dict(settings.unknown)) == (0.62, {})
    save_settings(settings, path)
    assert json.loads(path.read_text()) == {"version": 1, "reject_below": 0.62}
    write(path, '{"version": 1, "refuse_below": 0.62, "reject_below": 0.5}')
    assert load_settings(path).settings.reject_below == 0.5


def test_what_this_version_does_not_know_is_kept(path):
    write(path, '{"version": 1, "future": {"a": [1]}, "pen_width": 90}')
    settings = load_settings(path).settings
    assert settings.pen_width == 90
    save_settings(replace(settings, pen_width=60.0), path)
    assert json.loads(path.read_text()) == {"version": 1, "future": {"a": [1]}}


@pytest.mark.parametrize(
    "entry",
    [
        '"active_model": 7',
        '"active_model": ""',
        '"active_model": ["a"]',
        '"pen_width": "60"',
        '"pen_width": true',
        '"pen_width": NaN',
        '"pen_width": Infinity',
        '"pen_width": 1e999',
        f'"pen_width": 1{"0" * 400}',
        '"pen_width": 0',
        '"pen_width": -5',
        '"theme": "pink"',
        '"theme": ["dark"]',
        '"theme": null',
        '"reject_below": "0.5"',
        '"reject_below": true',
        '"reject_below": NaN',
        '"reject_below": -0.1',
        '"reject_below": 1',
        '"refuse_below": "0.5"',
        '"refuse_below": 1',
    ],
)
def test_a_value_of_the_wrong_kind_becomes_its_default(path, entry):
    write(path, f"{{{entry}}}")
    assert load_settings(path) == (Settings(), None)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b" " * (2**20 + 1), b"{}" * 2],
    ids=["empty", "cut", "bytes", "list", "null", "deep", "huge", "two"],
)
def test_a_damaged_file_is_kept_aside_and_named(path, content, caplog):
    write(path, content)
    settings, notice = load_settings(path)
    aside = path.with_name("settings.json.corrupt-1")
    assert settings == Settings()
    assert notice is not None
    assert notice.fields == {"aside": aside}
    assert str(aside) in str(notice)
    assert caplog.messages == [str(notice)]
    assert aside.read_bytes() == content
    assert not path.exists()


def test_no_damaged_file_replaces_an_earlier_one(path):
    for content in (b"first", b"second"):
        write(path, content)
        load_settings(path)
    kept = [path.with_name(f"settings.json.corrupt-{i}").read_bytes() for i in (1, 2)]
    assert kept == [b"first", b"second"]


def test_a_file_that_cannot_be_read_gives_a_notice(path):
    path.mkdir(parents=True)
    settings, notice = load_settings(path)
    assert settings == Settings()
    assert notice is not None
    assert notice.fields["path"] == path
    assert path.is_dir()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    settings, notice = load_settings(path)
    assert settings == Settings()
    assert notice.fields == {"path": path, "reason": "it is not an ordinary file"}


def test_a_folder_that_takes_no_file_gives_a_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with raises_error(path=blocked / "settings.json"):
        save_settings(Settings(), blocked / "settings.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)  # it writes to the disk
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "active_model",
                "pen_width",
                "theme",
                "reject_below",
                "refuse_below",
                "version",
                "other",
            ]
        ),
        json_values,
    )
)
def test_any_object_gives_valid_settings_that_can_be_saved(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("profile") / "settings.json"
    write(path, json.dumps(data))
    settings, notice = load_settings(path)
    assert notice is None
    assert PEN_WIDTHS[0] <= settings.pen_width <= PEN_WIDTHS[1]
    assert settings.theme in ("system", "light", "dark")
    assert settings.reject_below is None or 0 <= settings.reject_below < 1
    save_settings(settings, path)
    assert repr(load_settings(path).settings) == repr(settings)


def test_at_first_the_bundled_model_is_active():
    assert Settings().active_model == BUNDLED
