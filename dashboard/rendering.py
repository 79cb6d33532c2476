"""
Makes pages: templates with words from the content, in the language of who looks.

Everything a template is given is shown as text (autoescape); a name it does not know is an error. Templates can use

    t(key, **values)    the words under *key* in the content
    path(name, **ids)   the address of a page of ours
    form_key()          the hidden field that every form needs
    visitor, parts      who looks, and what the site works with
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard.parts import parts_of
from dashboard.places import Visitor
from dialogues.conversation import Say, Value

FORM_KEY = "form_key"
"""The name of the field that proves that a form came from our own page."""

_FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return what templates are made with."""
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def visitor_of(request: Request) -> Visitor:
    """Return who sent *request*, as the site found out before it asked for the page."""
    visitor = request.state.visitor
    if not isinstance(visitor, Visitor):
        raise TypeError("nobody was let in with this request")
    return visitor


def render(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """
    Return the page *template* with *values*, in the language of the visitor.

    Raises:
        WordsMissing: the template asks for words that are not in the content.
    """
    visitor, parts = visitor_of(request), parts_of(request)
    held = visitor.session or visitor.asking
    key = held.form_key if held else ""

    def t(words: str, **gaps: Value) -> str:
        return parts.words.render(Say(words, gaps), visitor.language).text

    def form_key() -> Markup:
        return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_KEY, key)

    def path(name: str, **ids: str) -> str:
        return address(request, name, **ids)

    page = environment().get_template(template)
    known = {"t": t, "path": path, "form_key": form_key, "visitor": visitor, "parts": parts}
    # Half a character, which a chat can send, is no text that a browser takes.
    text = page.render({**values, **known}).encode("utf-8", "replace")
    return HTMLResponse(text, status, headers={"Content-Language": visitor.language})


def address(request: Request, name: str, **ids: str) -> str:
    """Return the address of the page *name*, without scheme and host, whatever the request says about those."""
    return str(request.app.url_path_for(name, **ids))


def go_to(request: Request, name: str, **ids: str) -> Response:
    """Return the answer that sends a browser on to our page *name*."""
    return RedirectResponse(address(request, name, **ids), HTTPStatus.SEE_OTHER)


def gone(request: Request, written: str = "") -> Response:
    """Return the one answer for what is not there, not shared, or somebody else's, with what was *written* to copy."""
    kept = (written,) if written else ()
    return render(request, "error.html", HTTPStatus.NOT_FOUND, words="dashboard.errors.missing", kept=kept)
