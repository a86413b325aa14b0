"""Two builds are compared by the hashes of their files."""

import hashlib

from bundling import manifest


def test_a_manifest_lists_files_and_links_by_path(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "file").write_bytes(b"content")
    (tmp_path / "a").symlink_to("b/file")
    (tmp_path / "folder").symlink_to("b")
    assert list(manifest.manifest(tmp_path).items()) == [
        ("a", "-> b/file"),
        ("b/file", hashlib.sha256(b"content").hexdigest()),
        ("folder", "-> b"),
    ]


def test_differences_are_files_of_one_side_and_other_contents():
    first = {"same": "1", "changed": "2", "gone": "3"}
    second = {"same": "1", "changed": "4", "new": "5"}
    assert manifest.differences(first, second) == ["changed", "gone", "new"]


def test_files_that_may_vary_are_no_differences(monkeypatch):
    monkeypatch.setitem(manifest.VARYING, "clock", "it has the time in it")
    assert manifest.differences({"clock": "1"}, {"clock": "2"}) == []


def test_the_text_is_what_sha256sum_checks():
    assert manifest.as_text({"a b": "ff", "c": "ee"}) == "ff  a b\nee  c\n"
