"""What is said outside Qt's classes, in the language and with the numbers of a reader."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from digitpad.app.i18n import install_translators, translated
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.widgets.icons import Icons
from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.fields import FIELDS
from digitpad.learning.configuration.presets import PRESETS
from digitpad.paths import resources_dir
from digitpad.recognition.architectures import ARCHITECTURE_TITLES
from digitpad.text import Marked, Plural, Sentence

LRELEASE = Path(find_spec("PySide6").origin).with_name("lrelease")

TS = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS>
<TS version="2.1" language="zh_CN"><context><name></name>
<message><source>Learning rate</source><translation>学习率</translation></message>
<message numerus="yes"><source>{n} drawing</source><comment>{n} drawings</comment>
<translation><numerusform>{n} 个图</numerusform></translation></message>
</context></TS>"""


class Shouting(QTranslator):
    """A language in which everything from outside Qt's classes is written large."""

    def translate(self, context, source, disambiguation=None, n=-1):
        if context:
            return None
        if n > 1:
            return f"MORE THAN ONE: {disambiguation}"
        # Names of fields stay as they are.
        parts = source.replace("}", "{").split("{")
        return "".join(
            f"{{{part}}}" if index % 2 else part.upper() for index, part in enumerate(parts)
        )


@pytest.fixture
def shouting(qapp):
    translator = Shouting()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def german():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    yield
    QLocale.setDefault(before)


def test_without_a_translator_everything_is_english(qapp):
    error = DigitpadError("{e} {n} {share:.1%}", e=DigitpadError("No."), n=10_000, share=0.5)
    assert translated(error) == str(error) == "No. 10000 50.0 %"
    assert translated(Sentence(Plural("{n} glyph", "{n} glyphs", 2), n=2)) == "2 glyphs"
    assert translated(Sentence('Like {"a": 1}.')) == 'Like {"a": 1}.'
    assert translated("") == ""


def test_an_error_is_translated_with_all_that_is_in_it(shouting):
    error = DigitpadError(
        "{what} of {path}: {error}",
        what=Marked("title"),
        path="/a/b",
        error=DigitpadError("no {name!r}.", name="c"),
    )
    assert translated(error) == "TITLE OF /a/b: NO 'c'."
    # For the log and the command line it stays English.
    assert str(error) == "title of /a/b: no 'c'."


def test_the_number_of_things_chooses_the_form(shouting):
    for number, text in ((1, "1 GLYPH"), (3, "MORE THAN ONE: 3 glyphs")):
        assert translated(Sentence(Plural("{n} glyph", "{n} glyphs", number), n=number)) == text


def test_numbers_are_written_in_the_way_of_the_locale(qapp, german):
    said = Sentence(
        "{rate}, {count}, {share:.2%}, {flag}", rate=1.5, count=1234, share=0.5, flag=True
    )
    assert translated(said) == "1,5, 1234, 50,00 %, True"


def test_every_table_is_marked_and_translated(shouting):
    texts = [text for info in FIELDS.values() for text in (info.title, info.help)]
    texts += [title for info in FIELDS.values() for title in (info.choices or {}).values()]
    texts += [text for preset in PRESETS.values() for text in (preset.title, preset.sentence)]
    texts += ARCHITECTURE_TITLES.values()
    texts += [text for entry in CATALOG.values() for text in (entry.title, entry.sentence)]
    places = [entry.place for entry in CATALOG.values() if entry.place is not None]
    texts += [text for place in places for text in (place.title, place.help)]
    texts += [place.missing for place in places if place.missing]
    assert len(texts) > 100
    assert [text for text in texts if not isinstance(text, Marked)] == []
    assert [translated(text) for text in texts] == [text.upper() for text in texts]


def test_the_form_speaks_the_users_language(shouting, qtbot):
    form = ConfigForm(PRESETS, Icons(resources_dir() / "icons"))
    qtbot.addWidget(form)
    texts = {label.text() for label in form.findChildren(QLabel)}
    assert {"LEARNING RATE", PRESETS["quick"].sentence.upper()} <= texts
    choices = [box.itemText(0) for box in form.findChildren(QComboBox)]
    assert {"QUICK", "MNIST", "SMALL AND FAST", "SGD WITH MOMENTUM"} <= set(choices)
    tips = {label.toolTip() for label in form.findChildren(QLabel)}
    assert FIELDS["learning_rate"].help.upper() in tips


@pytest.mark.skipif(not LRELEASE.exists(), reason="PySide6's tools are not installed")
def test_the_users_language_is_loaded_where_there_is_one(qapp, tmp_path):
    (tmp_path / "digitpad_zh_CN.ts").write_text(TS, encoding="utf-8")
    subprocess.run([LRELEASE, "-silent", tmp_path / "digitpad_zh_CN.ts"], check=True, timeout=60)
    before = QLocale()
    installed = []
    try:
        for name in ("zh_CN", "de_DE", "en_US"):
            QLocale.setDefault(QLocale(name))
            installed.append(install_translators(qapp, tmp_path))
            if name == "zh_CN":
                assert translated(Marked("Learning rate")) == "学习率"
                assert (
                    translated(Sentence(Plural("{n} drawing", "{n} drawings", 3), n=3)) == "3 个图"
                )
                assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"
                for translator in installed[-1]:
                    qapp.removeTranslator(translator)
            assert translated(Marked("Learning rate")) == "Learning rate"
    finally:
        QLocale.setDefault(before)
    # Where the program's own sentences stay English, Qt's do, too.
    assert [len(translators) for translators in installed] == [2, 0, 0]
