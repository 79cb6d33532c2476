"""
A document as bytes on the disk and back: the one place where storage speaks to orjson.

Writing down what became other was a quarter of the work on files with the library of Python itself. What orjson cannot
write, lone surrogates and whole numbers beyond 64 bits, stands in no document: see `storage/plain.py`.
"""

from __future__ import annotations

import orjson

from dialogues.errors import PageUnreadable
from storage.plain import Document, Json


def write_json(document: Json) -> bytes:
    """Return *document* as JSON (RFC 8259) in UTF-8, without spaces. Raises TypeError when it holds anything else."""
    return orjson.dumps(document)


def read_json(content: bytes) -> Document:
    """Return the document in *content*, an object. Raises PageUnreadable when it holds anything else."""
    try:
        document = orjson.loads(content)
    except ValueError:
        raise PageUnreadable("the content is no JSON") from None
    if not isinstance(document, dict):
        raise PageUnreadable("the content is no object")
    return document
