from training.sources import ROOT, sources


def test_a_module_is_made_of_all_that_it_imports_of_the_checkout(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "__init__.py").write_text("")
    (tmp_path / "one" / "first.py").write_text("import json\nfrom one import second\n")
    (tmp_path / "one" / "second.py").write_text("def call():\n    import one.third as third\n")
    (tmp_path / "one" / "third.py").write_text("from one.first import nothing\n")
    (tmp_path / "one" / "table.txt").write_text("1 2 3")
    (tmp_path / "one" / "other.py").write_text("import one.first\n")
    names = [path.relative_to(tmp_path).as_posix() for path in sources("one.first", tmp_path)]
    assert names == [
        "one/__init__.py",
        "one/first.py",
        "one/second.py",
        "one/table.txt",
        "one/third.py",
    ]


def test_the_card_depends_on_what_its_drawings_are_made_of():
    found = {path.relative_to(ROOT).as_posix() for path in sources("training.card.datasets")}
    assert found >= {
        "training/card/conditions.py",
        "training/recipe/data.py",
        "digitpad/data/synthetic/letter_templates.txt",
        "digitpad/ink/glyph.py",
        "digitpad/ink/photo/paper.py",
    }
    assert not any("/app/" in name for name in found)
