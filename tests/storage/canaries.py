"""Words that nobody would write by chance, in every field of a page, and looking for them in raw bytes."""

import base64
import bz2
import gzip
import json
import lzma
import zlib
from dataclasses import replace

from dialogues.ports import Entry, Page
from tests.storage.examples import NOW, filled, letter, reflection

COUNT = 1_000


def canaries(count=COUNT):
    return [f"kanarie{number:04}-é" for number in range(count)]


def entry_with(leader, words):
    """An entry in which each of *words* stands somewhere: reflections, journeys, plans, quotes, steps, letters."""
    some = iter(words)
    conversation = filled(Page).conversation
    journey, plan, quote, frame = (
        replace(conversation.journeys[0], topic=next(some), from_=next(some), to=next(some), who=next(some)),
        replace(conversation.plans[0], moment=next(some), act=next(some), sign=next(some), happened=next(some)),
        replace(conversation.quotes[0], text=next(some)),
        replace(conversation.frame, echo=next(some), proposal=next(some)),
    )
    conversation = replace(
        conversation, leader=leader, journeys=(journey,), plans=(plan,), quotes=(quote,), frame=frame
    )
    letters = tuple(letter(number, next(some)) for number in range(10))
    update = next(some)
    rest = list(some)
    texts, questions = rest[::2], rest[1::2]
    reflections = tuple(
        reflection(number, text, question=question)
        for number, (text, question) in enumerate(zip(texts, questions, strict=False))
    )
    return Entry(conversation, reflections, letters, update, NOW)


def forms(word):
    """The bytes in which *word* may stand in a file."""
    utf8 = word.encode()
    yield utf8
    yield from (word.encode(encoding) for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "latin-1"))
    yield json.dumps(word)[1:-1].encode()
    yield utf8.hex().encode()
    for shift in range(3):
        # What is left of base64 when the word stands anywhere in a longer text.
        yield base64.b64encode(b"." * shift + utf8)[4 if shift else 0 : -4]


def unpacked(content):
    """*content* as it is, and as it would be if it were compressed."""
    yield content
    for unpack in (gzip.decompress, zlib.decompress, bz2.decompress, lzma.decompress):
        try:
            yield unpack(content)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
            continue


def found_in(folders, words):
    """Return which of *words* stand in the files under *folders*, or in their names, in any form."""
    contents = []
    for folder in folders:
        for path in folder.rglob("*"):
            contents.append(str(path).encode())
            if path.is_file():
                contents += unpacked(path.read_bytes())
    everything = b"\0".join(contents)
    return [word for word in words if any(form in everything for form in forms(word))]
