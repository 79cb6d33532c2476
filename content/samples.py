"""
Stand-ins for values, so that the checker can fill in any template without knowing its route.

Texts of leaders are taken to be 40 letters long, lists to have three items, and days and times to be the longest there
are. A template is filled in twice: once with everything that can be true, once with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

from jinja2.sandbox import SandboxedEnvironment

from content.catalogue import environment, placeholders

SAMPLE_LENGTH = 40
_ITEMS = 3
_DAYS = {"nl": "donderdag 24 september", "en": "Wednesday 30 September"}


class Sample:
    """Whatever a template may want: a text, a number, a list, a mapping. It is true or false, as told."""

    def __init__(self, *, true: bool) -> None:
        """Stand in for something that is *true* wherever a template asks."""
        self._true = true

    def __str__(self) -> str:
        return "a" * SAMPLE_LENGTH

    def __bool__(self) -> bool:
        return self._true

    def __iter__(self) -> Iterator[Sample]:
        return iter([self] * _ITEMS if self._true else [])

    def __len__(self) -> int:
        return _ITEMS if self._true else 0

    def __getattr__(self, name: str) -> Sample:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __getitem__(self, name: object) -> Sample:
        return self

    def __contains__(self, item: object) -> bool:
        return self._true

    def __eq__(self, other: object) -> bool:
        return self._true

    def __hash__(self) -> int:
        return hash(self._true)

    def __lt__(self, other: object) -> bool:
        return self._true

    __le__ = __gt__ = __ge__ = __lt__

    def __add__(self, other: object) -> Sample:
        return self

    __radd__ = __sub__ = __rsub__ = __add__


@cache
def sample_environment(language: str) -> SandboxedEnvironment:
    """Return an environment like the one of the catalogue, whose filters also take samples."""
    found = environment(language, ZoneInfo("UTC"))
    real = dict(found.filters)
    found.filters["day"] = lambda _, __=None: _DAYS.get(language, "")
    found.filters["full_day"] = lambda _: _DAYS.get(language, "")
    found.filters["clock"] = lambda _: "12:45"
    found.filters["and_list"] = lambda items: real["and_list"]([str(item) for item in items])
    found.filters["plural"] = lambda number, one, many: many if number else one
    found.filters["short"] = lambda text, length: real["short"](str(text), length)
    for name in ("lower_first", "inside"):
        found.filters[name] = _on_text(real[name])
    return found


def _on_text(real: Callable[[str], str]) -> Callable[[object], str]:
    return lambda text: real(str(text))


@cache
def names_in(template: str, within: SandboxedEnvironment) -> frozenset[str]:
    """Return the names *template* asks for; it is read once for all checks. Raises TemplateSyntaxError."""
    return placeholders(template, within)


@cache
def fill(template: str, within: SandboxedEnvironment) -> tuple[str, ...]:
    """
    Return *template* filled in with everything true, and with nothing true.

    Ticked boxes come out empty: their lines are counted with the features, not with the message.
    """
    if "{" not in template:
        return (template,)
    names = names_in(template, within)
    compiled = within.from_string(template)
    return tuple(
        compiled.render({name: "" if name == "boxes" else Sample(true=true) for name in names}).strip()
        for true in (True, False)
    )
