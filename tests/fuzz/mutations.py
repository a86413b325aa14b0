"""Ways to spoil what a file holds: its bytes, its JSON, and parts that have a checksum."""

from __future__ import annotations

import copy
import gzip
import json
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

BOUNDARIES = (0, 1, -1, 2, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, -(2**31), 2**32 - 1)

_RAW = "@raw:"
"""A text in a tree that begins like this stands for JSON that no tree can hold."""

_DEPTHS = (50, 500, 2000, 100_000)

_WORDS = (
    "",
    " ",
    "\0",
    "a\nb",
    "7",
    "é\u0301",
    "\u202e7",
    "\ud800",
    "a" * 5000,
    "../../x",
    "/etc/passwd",
    "{name}",
    "%s%n",
    "<img src=x>",
    "'; DROP TABLE runs; --",
    "@Variant(\0\0\0\x7f)",
)

_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    0.5,
    -0.0,
    1e308,
    1e-320,
    float("nan"),
    float("inf"),
    2**31,
    2**53 + 1,
    2**63,
    -(2**63) - 1,
    10**400,
    f"{_RAW}{'9' * 5000}",
    f"{_RAW}1e99999",
    [],
    {},
    [[]],
    {"": None},
    [0] * 2000,
)


def spoil_bytes(random: Random, data: bytes, other: bytes = b"") -> bytes:
    """Change a few places of some bytes.

    Args:
        random: what to draw from.
        data: to be changed.
        other: of which parts are put in, where it is given.
    """
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        change = random.choice(_BYTE_CHANGES)
        if changed or change is _insert:
            change(random, changed, other or data)
    return bytes(changed)


def _flip_bit(random: Random, data: bytearray, _: bytes) -> None:
    data[_place(random, data)] ^= 1 << random.randrange(8)


def _set_byte(random: Random, data: bytearray, _: bytes) -> None:
    data[_place(random, data)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))


def _truncate(random: Random, data: bytearray, _: bytes) -> None:
    del data[_place(random, data) :]


def _remove(random: Random, data: bytearray, _: bytes) -> None:
    start = _place(random, data)
    del data[start : start + random.choice((1, 4, 64, 1024))]


def _repeat(random: Random, data: bytearray, _: bytes) -> None:
    start = _place(random, data)
    part = data[start : start + random.choice((1, 4, 64, 1024))]
    data[start:start] = part * random.choice((1, 2, 50))


def _insert(random: Random, data: bytearray, other: bytes) -> None:
    start = random.randrange(len(other)) if other else 0
    place = random.randrange(len(data) + 1)
    data[place:place] = other[start : start + random.choice((4, 64, 1024))] or b"\xff" * 8


def _set_integer(random: Random, data: bytearray, _: bytes) -> None:
    form = random.choice("bhiq")
    size = struct.calcsize(form)
    value = random.choice(BOUNDARIES) & (2 ** (8 * size) - 1)
    place = _place(random, data)
    data[place : place + size] = value.to_bytes(size, random.choice(("big", "little")))


def _fill(random: Random, data: bytearray, _: bytes) -> None:
    start, size = _place(random, data), random.choice((16, 256, 4096))
    size = min(size, len(data) - start)
    data[start : start + size] = random.choice((b"\0", b"\xff", b" ")) * size


def _place(random: Random, data: bytearray) -> int:
    # Headers stand at the beginning, and decide most.
    end = len(data) if random.random() < 0.6 else min(len(data), 64)
    return random.randrange(end)


_BYTE_CHANGES: tuple[Callable[[Random, bytearray, bytes], None], ...] = (
    *(_flip_bit, _set_byte, _truncate, _remove),
    *(_repeat, _insert, _set_integer, _fill),
)


def spoil_json(random: Random, tree: Any) -> Any:
    """A copy of a tree with a few of its nodes changed, moved, doubled or taken out."""
    tree = copy.deepcopy(tree)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        holders = list(_holders(tree))
        if not holders:
            return _strange(random, tree)
        holder, key = random.choice(holders)
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[random.choice(_WORDS)] = holder.pop(key)
            case 1:
                holder.append(copy.deepcopy(holder[key]))
            case 2:
                holder[key] = copy.deepcopy(random.choice(holders)[0])
            case _:
                holder[key] = _strange(random, holder[key])
    return tree


def _holders(tree: Any) -> Any:
    """Every place in a tree: the list or object that holds it, and its number or name there."""
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield tree, key
            yield from _holders(value)


def _strange(random: Random, value: Any) -> Any:
    match random.randrange(6):
        case 0:
            return random.choice(_WORDS)
        case 1:
            depth = random.choice(_DEPTHS)
            opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
            return f"{_RAW}{opening * depth}1{closing * depth}"
        case 2 if isinstance(value, int | float):
            return -value
        case 2:
            return [value]
        case 3 if isinstance(value, str):
            return value + random.choice(_WORDS)
        case 3 if isinstance(value, list):
            return value * random.choice((2, 100))
        case _:
            return copy.deepcopy(random.choice(_VALUES))


def json_text(random: Random, tree: Any) -> str:
    """A tree of `spoil_json` as text; what JSON does not know is written as Python writes it."""
    text = json.dumps(tree, ensure_ascii=random.random() < 0.5)
    while (start := text.find(f'"{_RAW}')) >= 0:
        end = start + 1
        while text[end] != '"':
            end += 2 if text[end] == "\\" else 1
        raw = json.loads(text[start : end + 1]).removeprefix(_RAW)
        text = text[:start] + raw + text[end + 1 :]
    return text


def json_bytes(random: Random, tree: Any) -> bytes:
    """A spoilt tree as a file: in UTF-8 mostly, and now and then cut or with wrong bytes."""
    text = json_text(random, spoil_json(random, tree))
    encoding = random.choice(("utf-8",) * 12 + ("utf-8-sig", "utf-16", "latin-1"))
    data = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    return spoil_bytes(random, data) if random.random() < 0.2 else data


def spoil_safetensors(random: Random, data: bytes) -> bytes:
    """A file of tensors with another header, other metadata, or other weights."""
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    metadata = header.pop("__metadata__")
    match random.randrange(7):
        case 0:
            return spoil_bytes(random, data)
        case 1:
            # Weights that are no numbers, or far too large.
            value = random.choice((float("nan"), float("inf"), 3e38, -3e38, 1e30))
            place = 4 * random.randrange(len(body) // 4)
            body = body[:place] + struct.pack("<f", value) + body[place + 4 :]
        case 2:
            tensor = header[random.choice(sorted(header))]
            match random.randrange(3):
                case 0:
                    tensor["dtype"] = random.choice(("F64", "F16", "I64", "BOOL", "F8_E4M3", "X"))
                case 1:
                    random.shuffle(tensor["shape"])
                    tensor["shape"].append(random.choice((1, 0, 2**40)))
                case 2:
                    tensor["data_offsets"] = [random.choice(BOUNDARIES) for _ in range(2)]
        case 3:
            key = random.choice(sorted(metadata))
            inner = spoil_json(random, json.loads(metadata[key]))
            metadata[key] = json_text(random, inner)
        case 4:
            header = spoil_json(random, header)
        case _:
            header, body = _other_tensors(random, header, body)
    text = json_text(random, {"__metadata__": metadata, **header})
    head = text.encode("utf-8", "surrogatepass")
    return len(head).to_bytes(8, "little") + head + body


def _other_tensors(
    random: Random, header: dict[str, Any], body: bytes
) -> tuple[dict[str, Any], bytes]:
    """The header and body of a sound file, one of whose tensors is another, or is gone."""
    parts = {name: body[slice(*entry["data_offsets"])] for name, entry in header.items()}
    name = random.choice(sorted(header))
    shape, content = header[name]["shape"], parts[name]
    match random.randrange(6):
        case 0:
            del parts[name]
        case 1:
            new = random.choice((*_WORDS[:-4], name + "x", random.choice(sorted(header))))
            header[new], parts[new] = dict(header[name]), parts.pop(name)
        case 2 if shape and shape[0] > 1:
            shape[0] -= 1
            parts[name] = content[: len(content) // (shape[0] + 1) * shape[0]]
        case 2 | 3:
            # As many numbers in another form.
            random.shuffle(shape)
            header[name]["shape"] = random.choice(([1, *shape], shape[::-1], [*shape, 1]))
        case 4:
            kinds = {"F32": ("I32", "U32"), "I64": ("F64", "U64"), "U8": ("BOOL", "I8")}
            header[name]["dtype"] = random.choice(kinds.get(header[name]["dtype"], ("U8",)))
        case 5:
            header[name]["shape"], parts[name] = [0, *shape], b""
    rebuilt, pieces, end = {}, [], 0
    for name, piece in parts.items():
        rebuilt[name] = header[name] | {"data_offsets": [end, end + len(piece)]}
        pieces.append(piece)
        end += len(piece)
    return rebuilt, b"".join(pieces)


def spoil_png(random: Random, data: bytes) -> bytes:
    """A PNG file with other parts, whose checksums are right."""
    parts, place = [], 8
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        parts.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + size]))
        place += 12 + size
    number = random.randrange(len(parts))
    kind, content = parts[number]
    match random.randrange(5):
        case 0:
            parts[number] = kind, spoil_bytes(random, content)
        case 1:
            parts.insert(number, parts[random.randrange(len(parts))])
        case 2:
            del parts[number]
        case 3:
            side = random.choice(BOUNDARIES) & 0xFFFFFFFF
            parts[0] = parts[0][0], struct.pack(">I", side) + parts[0][1][4:]
        case 4:
            name = random.choice((b"zTXt", b"iCCP", b"iTXt", b"tEXt", b"eXIf", b"acTL", b"tRNS"))
            zeros = b"a\0\0" + zlib.compress(bytes(2**24), 9)
            parts.insert(1, (name, random.choice((zeros, content, b"", b"\xff" * 300))))
    return data[:8] + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def spoil_svg(random: Random, data: bytes) -> bytes:
    """An SVG file with other numbers, very deep or long, or with entities that grow."""
    text = data.decode()
    match random.randrange(5):
        case 0:
            return spoil_bytes(random, data)
        case 1:
            numbers = list(re.finditer(r"-?\d+(?:\.\d+)?", text))
            found = random.choice(numbers)
            value = random.choice((*map(str, BOUNDARIES), "1e999", "nan", "1e-400", "9" * 5000))
            return (text[: found.start()] + value + text[found.end() :]).encode()
        case 2:
            depth = random.choice(_DEPTHS)
            start = text.index(">", text.index("<svg")) + 1
            end = text.rindex("</svg>")
            deep = "<g>" * depth + text[start:end] + "</g>" * depth
            return (text[:start] + deep + text[end:]).encode()
        case 3:
            grown = "".join(
                f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(random.choice((3, 9)))
            )
            outside = '<!ENTITY e0 SYSTEM "file:///etc/passwd">'
            entities = random.choice(('<!ENTITY e0 "5">', outside)) + grown
            text = text[text.index("<svg") :].replace("M", "M&e3;", 1)
            return f"<!DOCTYPE svg [{entities}]>{text}".encode()
        case _:
            start = text.index(' d="') + 4
            piece = random.choice((" L 1 1", " C 1 1 2 2 3 3", " a 1 1 0 0 1 9 9", " z", " q"))
            return (text[:start] + "M 0 0" + piece * 200_000 + text[start:]).encode()


def spoil_table(random: Random, data: bytes) -> bytes:
    """A table with other cells, rows or signs between them."""
    rows = [line.split(",") for line in data.decode().splitlines()]
    row = random.choice(rows)
    match random.randrange(5):
        case 0:
            return spoil_bytes(random, data)
        case 1:
            values = (*map(str, BOUNDARIES), *_WORDS, "nan", "inf", "1e999", "9" * 5000, "0.5")
            row[random.randrange(len(row))] = random.choice(values)
        case 2:
            del row[random.randrange(len(row)) :]
        case 3:
            row *= random.choice((2, 200))
        case 4:
            rows = [row] * random.choice((0, 1, 500))
    text = "\n".join(random.choice((",", ",", ",", ";", "\t", " ")).join(row) for row in rows)
    return text.encode("utf-8", "surrogatepass")


def spoil_gzip(random: Random, content: bytes) -> bytes:
    """Content in a gzip file that is broken, or that unpacks to far more than its content."""
    match random.randrange(4):
        case 0:
            return spoil_bytes(random, gzip.compress(content))
        case 1:
            return gzip.compress(content + bytes(random.choice((10**6, 10**8))), 1)
        case 2:
            return gzip.compress(content) + spoil_bytes(random, gzip.compress(content))
        case _:
            return gzip.compress(spoil_bytes(random, content))
