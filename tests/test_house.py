"""What `digitpad/README.md` says of files and names is true, and no room is crowded or bare."""

from __future__ import annotations

import re
from pathlib import Path

import digitpad

PACKAGE = Path(digitpad.__file__).parent
TEXT = (PACKAGE / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"((?:`[A-Za-z_.]+`,? (?:and |to )?)+)\s*\(`([a-z_0-9/]+\.py)`\)", TEXT)


def test_every_file_that_is_named_is_there():
    named = set(re.findall(r"`([a-z_0-9/]+(?:\.py|/))`", TEXT))
    assert len(named) > 20
    places = (PACKAGE, PACKAGE.parent)
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_every_name_is_in_the_file_beside_it():
    assert len(NAMED) > 15
    for names, file in NAMED:
        source = (PACKAGE / file).read_text(encoding="utf-8")
        for name in re.findall(r"`([A-Za-z_.]+)`", names):
            owner, _, member = name.rpartition(".")
            last = member or name
            assert re.search(rf"(?m)^\s*(?:def|class) {last}\b|^\s*{last}\b.*=", source), (
                name,
                file,
            )
            assert not owner or re.search(rf"class {owner}\b", source), (owner, file)


def test_a_flow_has_at_most_eight_calls():
    flows = TEXT[TEXT.index("## Four flows") : TEXT.index("## What is written once")]
    numbers = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", flows)]
    assert numbers.count(1) >= 2
    assert max(numbers) <= 8


def wrong_rooms(package: Path) -> dict[str, int]:
    """The number of modules in each folder that has more than fourteen of them, or only one."""
    counts = {
        folder.relative_to(package).as_posix(): len(
            [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        )
        for folder in (package, *package.rglob("*/"))
    }
    return {name: count for name, count in counts.items() if count == 1 or count > 14}


def test_every_room_has_between_two_and_fourteen_modules():
    assert wrong_rooms(PACKAGE) == {}


def test_a_crowded_room_and_a_bare_one_are_told(tmp_path):
    for name, count in {"empty": 0, "bare": 1, "small": 2, "full": 14, "crowded": 15}.items():
        room = tmp_path / "house" / name
        room.mkdir(parents=True)
        for number in range(count):
            (room / f"module_{number}.py").touch()
        (room / "__init__.py").touch()
    assert wrong_rooms(tmp_path) == {"house/bare": 1, "house/crowded": 15}
