"""A leader's data: taking everything along, the language, and erasing everything after a typed word."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dashboard.leader_view import own_page, said, show
from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import go_to, gone, render
from dashboard.sessions import Role
from dialogues.conversation import Conversation, Phrase
from dialogues.ports import Page

LANGUAGES = ("nl", "en")

FILES = {"json": "application/json; charset=utf-8", "md": "text/markdown; charset=utf-8"}
"""The forms of the export, as /mijndata gives them, and their types."""


async def data(request: Request, visitor: Visitor) -> Response:
    """Show what she can do with everything that is kept."""
    page = await own_page(request, visitor)
    return show(request, visitor, "own_data.html", page, languages=LANGUAGES, trouble="") if page else gone(request)


async def export(request: Request, visitor: Visitor) -> Response:
    """Return everything kept of her as a file."""
    page, form = await own_page(request, visitor), str((await request.form()).get("file", ""))
    if page is None or form not in FILES:
        return gone(request)
    parts = parts_of(request)
    boards = await parts.guide.hers(page.conversation.leader)
    body = parts.exporter.export(page, visitor.language, form, boards).encode("utf-8", "replace")
    name = f'attachment; filename="mindshift.{form}"'
    return Response(body, media_type=FILES[form], headers={"Content-Disposition": name})


async def language(request: Request, visitor: Visitor) -> Response:
    """Speak another language from now on, here and in the conversation."""
    chosen, now = str((await request.form()).get("language", "")), parts_of(request).now()
    if chosen not in LANGUAGES or visitor.person is None or visitor.session is None:
        return gone(request)

    def speak(page: Page) -> Conversation:
        return replace(page.conversation, language=chosen)

    await parts_of(request).guide.change(visitor.person, speak, now)
    visitor.session.language = chosen
    return go_to(request, "own_data")


async def erase(request: Request, visitor: Visitor) -> Response:
    """Erase everything, when the word was typed; log out everywhere, and say what happened."""
    typed, parts = str((await request.form()).get("word", "")), parts_of(request)
    page = await own_page(request, visitor)
    if page is None or visitor.person is None:
        return gone(request)
    word = said(parts, Phrase("my_page.data.word"), visitor.language)
    if typed.strip().casefold() != word.casefold():
        refused = HTTPStatus.UNPROCESSABLE_ENTITY
        return show(request, visitor, "own_data.html", page, refused, languages=LANGUAGES, trouble="mistyped")
    await parts.guide.erase(visitor.person)
    parts.sessions.end_all(Role.LEADER, visitor.person)
    request.state.visitor = Visitor(visitor.language)
    return render(request, "erased.html")


PLACES = (
    Place("own_data", "/journey/data", Who.LEADER, data),
    Place("export", "/journey/data/export", Who.LEADER, export, "POST"),
    Place("language", "/journey/data/language", Who.LEADER, language, "POST", changes=True),
    Place("erase", "/journey/data/erase", Who.LEADER, erase, "POST", changes=True),
)
