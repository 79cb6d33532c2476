"""
The composition root: the only module that knows every concrete part, and puts them together.

Each function here is one command with its settings already read. What the command says to whoever typed it stands in
`__main__.py`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, TypeVar

from app import importing, logs
from app.coaches import Coaches, coaches
from app.settings import Listen, Settings
from app.upkeep import complain, open_store
from bot.doors import open_door
from content.board_prompts import supply
from content.boards import PaperBoards
from content.calendar_files import free_words, read_calendar
from content.catalogue import Catalogue, load
from content.checking_school_year import REMEDY, running_out
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.matching import StemMatcher
from content.publishing import PortfolioPublisher
from content.searching import Index
from content.team_words import TeamVoice
from dialogues.boards import Hers
from dialogues.conversation import LeaderId, Say, Turn
from dialogues.errors import DialogueError
from dialogues.free_days import SchoolYear
from dialogues.guide import Guide
from dialogues.ports import Page
from dialogues.review import Review
from dialogues.team.desk import TeamTurn
from dialogues.team.guide import TeamGuide
from dialogues.team.prompts import Questions
from storage.coach_book import SealedCoachBook
from storage.in_tinydb import TinyDbKeeper
from storage.journal import current_format
from storage.teams import SealedTeams

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bot.menu import Menu

T = TypeVar("T")

log = logging.getLogger(__name__)

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Parts:
    """What every command works with."""

    catalogue: Catalogue
    matcher: StemMatcher
    keeper: TinyDbKeeper
    guide: Guide
    coaches: Coaches


@dataclass(frozen=True, slots=True)
class Teams:
    """What the board sessions of teams work with; close the keeper before that of the leaders."""

    voice: TeamVoice
    keeper: SealedTeams
    guide: TeamGuide


def compose_teams(catalogue: Catalogue, matcher: StemMatcher, keeper: TinyDbKeeper, settings: Settings) -> Teams:
    """Return the parts for teams, whose pages lie in the same folder; whoever is forgotten there is forgotten here."""
    voice, teams = TeamVoice(catalogue, matcher), SealedTeams(keeper.shelf)

    free, zone = free_words(), settings.timezone

    async def reach(member: LeaderId) -> str:
        page = await keeper.read(member)
        return page.conversation.address if page and not page.conversation.paused else ""

    guide = TeamGuide(
        keeper=teams,
        words=voice,
        care=catalogue.care,
        school_year=catalogue.repertoire.school_year,
        zone=settings.timezone,
        reach=reach,
        new_id=lambda: token_hex(8),
        language=settings.language or "",
        months=settings.retention_months,
        questions=Questions(supply(catalogue.repertoire.models), catalogue.repertoire.models),
        read_calendar=lambda data, today: read_calendar(data, today, zone, free),
        painter=SvgPainter(catalogue),
        printer=PaperBoards(catalogue),
        witness=_note_team,
    )

    async def forget(leader: LeaderId) -> None:
        await guide.forget(leader, datetime.now(UTC))

    keeper.forgotten = forget
    return Teams(voice, teams, guide)


def compose(settings: Settings, language: str = "", months: int = 0, tell: Callable[[str], None] = complain) -> Parts:
    """
    Return the parts, put together; close the keeper when done.

    Args:
        language: goes before the one in the settings; "" for none.
        months: of silence after which a leader is erased; 0 for never, as on somebody's own machine.
        tell: told what an operator has to know.

    Raises:
        KeeperUnavailable: the store cannot be used.
        WordsMissing: the content cannot be read; the store is let go when the process ends.
    """
    # The store first: reading the words takes a second or two, and a folder that cannot be used needs none of them.
    keeper = open_store(settings, tell)
    catalogue = load(zone=settings.timezone)
    _tell_of_holidays(catalogue.repertoire.school_year, datetime.now(UTC).date(), tell)
    painter = SvgPainter(catalogue)
    known = coaches(SealedCoachBook(settings.data, keeper.shelf.keys), settings.public_url or "")
    matcher = StemMatcher(catalogue)
    guide = Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=matcher,
        exporter=PageExporter(catalogue, current_format()),
        painter=painter,
        publisher=PortfolioPublisher(catalogue, painter),
        zone=settings.timezone,
        language=language or settings.language or "",
        months=months,
        coaches=known.chat(settings.timezone),
        witness=_note,
    )
    return Parts(catalogue, matcher, keeper, guide, known)


def _tell_of_holidays(known: SchoolYear, today: date, tell: Callable[[str], None]) -> None:
    """Tell the operator when the school holidays end soon: afterwards the guide would write in them."""
    what = running_out(known, today)
    if what:
        tell(f"The guide {what}; after that it waits in weekends and on public holidays alone. {REMEDY}.")


def exports_of(data: Path) -> Path:
    """Return where the terminal puts exported files: beside the *data* folder, which holds nothing that can be read."""
    return data.with_name(f"{data.name}-exports")


def chat(settings: Settings, language: str, now: Callable[[], datetime]) -> None:
    """Hold the conversation in the terminal, until the input ends. *now* gives the moment, aware and in UTC."""
    from terminal.chat import Chat  # noqa: PLC0415 - the bot has no use for a terminal
    from terminal.screens import surface  # noqa: PLC0415

    _start_log(settings, quiet="MINDSHIFT_LOG_LEVEL" not in os.environ)
    parts = compose(settings, language)
    Chat(
        guide=parts.guide,
        keeper=parts.keeper,
        words=parts.catalogue,
        surface=surface(),
        now=now,
        exports=exports_of(settings.data),
        language=language or settings.language or "",
    ).hold()


def bot(settings: Settings) -> None:
    """
    Run the Telegram bot until it is told to stop.

    Raises:
        BotError: Telegram refuses the token or the webhook.
        OSError: the address to listen on cannot be had.
    """
    _start_log(settings)
    asyncio.run(_run_bot(settings))


async def _run_bot(settings: Settings) -> None:
    # First the store: a folder that cannot be used is to be found out before anything that takes long is read.
    parts = compose(settings, months=settings.retention_months, tell=log.warning)
    from app.pages import review  # noqa: PLC0415 - so do the pages
    from bot.run import Parts as Shell  # noqa: PLC0415 - telegram takes half a second to import
    from bot.run import Teams as Groups  # noqa: PLC0415
    from bot.run import Webhook, run_bot  # noqa: PLC0415

    reading = review(parts.guide, parts.keeper, parts.catalogue, parts.coaches.book)
    teams = compose_teams(parts.catalogue, parts.matcher, parts.keeper, settings)
    parts.guide.boards = teams.guide
    shell = Shell(
        guide=parts.guide,
        keeper=parts.keeper,
        now=lambda: datetime.now(UTC),
        elsewhere=lambda code: _words(parts, "errors.private_only", _nearest(code, settings)),
        menus={code: _menu(parts, _nearest(code, settings)) for code in ("", *LANGUAGES)},
        healthy=lambda: _is_well(parts.keeper),
        site=_site(parts, settings, reading) if settings.public_url else None,
        where=parts.coaches.where,
        count=reading.count_new,
        teams=Groups(
            teams.guide, teams.keeper, {code: _group_menu(teams, _nearest(code, settings)) for code in ("", *LANGUAGES)}
        ),
    )
    secret = settings.webhook_secret
    webhook = Webhook(settings.webhook_url, secret.get_secret_value()) if settings.webhook_url and secret else None
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    try:
        with ExitStack() as doors:
            door = doors.enter_context(_door(settings.listen))
            inner = doors.enter_context(_door(settings.metrics)) if settings.metrics else None
            log.info(
                "the bot starts, by %s, with its health at port %d",
                "webhook" if webhook else "polling",
                door.getsockname()[1],
            )
            await run_bot(shell, token=token, api=settings.telegram_api, door=door, inner=inner, webhook=webhook)
    finally:
        await teams.keeper.close()
        await parts.keeper.close()


def _site(parts: Parts, settings: Settings, reading: Review[Index]) -> ASGIApp:
    from app.pages import pages  # noqa: PLC0415 - the terminal has no use for pages

    return pages(
        catalogue=parts.catalogue,
        keeper=parts.keeper,
        guide=parts.guide,
        known=parts.coaches,
        reading=reading,
        zone=settings.timezone,
        now=lambda: datetime.now(UTC),
        language=settings.language or "",
        trusted=settings.proxy,
    )


def export(settings: Settings, leader: str, form: str) -> str | None:
    """
    Return everything kept of *leader* as a document, or None when nothing is; *form* is "json" or "md".

    Raises:
        KeeperUnavailable: the store cannot be used.
        PageUnreadable: this leader's page is damaged.
    """
    catalogue = load(zone=settings.timezone)

    async def everything(keeper: TinyDbKeeper) -> tuple[Page | None, tuple[Hers, ...]]:
        teams = compose_teams(catalogue, StemMatcher(catalogue), keeper, settings)
        try:
            return await keeper.read(LeaderId(leader)), await teams.guide.hers(LeaderId(leader))
        finally:
            await teams.keeper.close()

    page, boards = asyncio.run(_with_keeper(settings, everything))
    if page is None:
        return None
    return PageExporter(catalogue, current_format()).export(page, page.conversation.language, form, boards)


def erase(settings: Settings, leader: str) -> None:
    """Forget *leader* wholly, also on the boards of her teams. Raises KeeperUnavailable."""

    async def forget(keeper: TinyDbKeeper) -> None:
        catalogue = load(zone=settings.timezone)
        teams = compose_teams(catalogue, StemMatcher(catalogue), keeper, settings)
        try:
            await keeper.erase(LeaderId(leader))
        finally:
            await teams.keeper.close()

    asyncio.run(_with_keeper(settings, forget))


def take_over(settings: Settings, text: str) -> Page:
    """
    Keep the export *text* as the page of the leader in the terminal, and return that page.

    Raises:
        ImportRefused: it is no export, or something is kept of this leader already.
        KeeperUnavailable: the store cannot be used.
    """
    from terminal.chat import ADDRESS, LEADER  # noqa: PLC0415 - the bot has no use for a terminal

    page = importing.read(text, LEADER, ADDRESS)
    asyncio.run(_with_keeper(settings, lambda keeper: importing.keep(page, keeper)))
    return page


async def _with_keeper(settings: Settings, work: Callable[[TinyDbKeeper], Awaitable[T]]) -> T:
    keeper = open_store(settings)
    try:
        return await work(keeper)
    finally:
        await keeper.close()


def _start_log(settings: Settings, *, quiet: bool = False) -> None:
    logs.set_up("WARNING" if quiet else settings.log_level, settings.secrets())


def _note(turn: Turn) -> None:
    """Log that a turn was kept, by names from the tables alone: neither who it was nor a word of it."""
    frame = turn.conversation.frame
    moves = [move for _, _, move in turn.walked]
    log.info("a turn was kept", extra={"route": frame.route, "state": frame.state, "moves": moves})


def _note_team(turn: TeamTurn) -> None:
    """Log that a turn of a team was kept, likewise."""
    log.info("a turn of a team was kept", extra={"moves": [move for _, _, move in turn.walked]})


def _group_menu(teams: Teams, language: str) -> Menu:
    from bot.menu import Menu  # noqa: PLC0415

    return Menu(tuple(teams.voice.team_menu(language)))


def _door(listen: Listen) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    return open_door(listen.host, listen.port, family=family)


def _nearest(code: str, settings: Settings) -> str:
    """Return the language to speak to somebody whose phone speaks *code*, such as "nl-BE"; "" when not known."""
    spoken = code.partition("-")[0].lower()
    return spoken if spoken in LANGUAGES else settings.language or LANGUAGES[0]


def _words(parts: Parts, key: str, language: str) -> str:
    return parts.catalogue.render(Say(key), language).text


def _menu(parts: Parts, language: str) -> Menu:
    from bot.menu import Menu  # noqa: PLC0415

    return Menu(tuple(parts.catalogue.commands(language)))


async def _is_well(keeper: TinyDbKeeper) -> bool:
    """Return whether the store answers, by asking for a page that nobody has."""
    try:
        await keeper.read(LeaderId("health"))
    except DialogueError:
        return False
    return True
