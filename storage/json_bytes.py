"""
A document of a leader as bytes on the disk and back: the one place where storage speaks to orjson.

With the library of Python itself this was two fifths of the work of writing down a change. What orjson cannot
write, lone surrogates and whole numbers beyond 64 bits, stands in no document: see `storage/plain.py`. It remembers the
names of members until others come in their place, so it reads only documents in which no such name tells of anybody.
"""

from __future__ import annotations

import orjson

from dialogues.errors import PageUnreadable
from storage.plain import Document, Json

# What is no JSON is not made into it: the documents of a codec hold nothing of the kind.
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


def write_json(document: Json) -> bytes:
    """
    Return *document* as JSON (RFC 8259) in UTF-8, without spaces.

    Raises:
        TypeError: it holds a date, a time or an object, or lies more than 250 levels deep.
    """
    return orjson.dumps(document, option=_STRICT)


def read_json(content: bytes) -> Document:
    """Return the document in *content*, an object. Raises PageUnreadable when it holds anything else."""
    try:
        document = orjson.loads(content)
    except ValueError:
        raise PageUnreadable("the content is no JSON") from None
    if not isinstance(document, dict):
        raise PageUnreadable("the content is no object")
    return document
