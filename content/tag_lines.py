"""
A line that holds only tags leaves no line behind; anywhere else nothing is eaten.

Jinja's own `trim_blocks` also swallows the line break after a tag at the end of a sentence, which no writer expects.
"""

from __future__ import annotations

import re

from jinja2.ext import Extension

_ONLY_TAGS = re.compile(r"^[ \t]*((?:\{%[^%]*%\}[ \t]*)+)\n", re.MULTILINE)


class TagLines(Extension):
    """Joins each line of tags to the line below it, before a template is parsed."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - as Jinja calls it
        """Return *source* with its lines of tags joined to what follows."""
        return _ONLY_TAGS.sub(r"\1", source)
