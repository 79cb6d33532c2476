"""
Plays a conversation that is written down as text, and writes down what the guide says.

A transcript is a text file. The first lines, with ``#``, say what it is about. Then:

    @ 2026-12-01 08:00    it is now that moment (local time); whatever came due is said first
    > some words          the leader types this
    > [Te spannend]       the leader taps that button, under the newest message that has it
    > [Te spannend] x2    … twice, in quick succession
    > [Te spannend] old   … under the oldest message that has it
    ~ 3 other words       the leader edits her third message
    * voice               the leader sends something that is no text
    < what the guide says; further lines of it are indented; its buttons stand in brackets on the last line
    = toast               a short word under the tapped button
    % Anna invites        coach Anna makes an invitation; the leader can type its token, such as Anna-1
    % Anna reads r3       … opens what is shared of that reflection
    % Anna writes r3 text … sends a note about it
    % Anna states j1 text … states something about that journey, for the portfolio
    | Anna sees …         what Anna may see after that: a line per piece
    + a1 open some words  an action of hers on the board of her team is, or became, that (`BoardAction.became`)
    + look                she looks at the boards of her teams
    + gone                she is in that team no more

Between every two turns the conversation is written out and read back, so each transcript also tests a restart. Run the
tests with ``--rewrite-transcripts`` to write the guide's part anew, and review the difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from content.catalogue import Catalogue
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.matching import StemMatcher
from content.publishing import PortfolioPublisher
from dialogues.boards import BoardAction, Hers
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.coaching import Coach, CoachId, invite
from dialogues.conversation import Arrived, Edited, Heard, LeaderId, SentOther, Turn
from dialogues.guide import Guide
from dialogues.keeping import Reply
from dialogues.ports import Letter
from dialogues.review import Review
from storage.in_memory import InMemoryCoachBook, InMemoryKeeper

ZONE = ZoneInfo("Europe/Amsterdam")
FOLDER = Path(__file__).parent / "transcripts"
_TAP = re.compile(r"\[(?P<label>.+)\](?: (?P<how>x2|old))?")
LEADER = LeaderId("leader")


class NoDoors:
    """No page shows a code."""

    async def confirm(self, code: str, person: LeaderId, now: datetime) -> None:
        """Let nobody in."""


@dataclass
class Play:
    """One conversation being held. *walked* collects the arrows taken."""

    catalogue: Catalogue
    matcher: StemMatcher
    language: str
    written: list[str] = field(default_factory=list)
    walked: set[tuple[str, str, str]] = field(default_factory=set)
    letters: list[Letter] = field(default_factory=list)
    said: int = 0

    def __post_init__(self) -> None:
        self.keeper = InMemoryKeeper()
        self.actions: dict[str, BoardAction] = {}
        self.book = InMemoryCoachBook()
        self.publisher = PortfolioPublisher(self.catalogue, SvgPainter(self.catalogue))
        self.now = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)

    def guide(self) -> Guide:
        """Return a guide that knows nothing but what was kept: every turn begins as after a restart."""
        guide = Guide(
            repertoire=self.catalogue.repertoire,
            care=self.catalogue.care,
            keeper=self.keeper,
            words=self.catalogue,
            matcher=self.matcher,
            exporter=PageExporter(self.catalogue),
            publisher=self.publisher,
            zone=ZONE,
            coaches=CoachChat(self.book, NoDoors(), Whereabouts(), ZONE, lambda: "nobody"),
            language="",
            witness=self._witness,
        )
        guide.boards = self
        return guide

    async def hers(self, leader: LeaderId) -> tuple[Hers, ...]:
        """Return what is hers on the board of her team, as the lines with + have it."""
        actions = tuple(self.actions.values())
        return (Hers("team", "Onderbouw", "S.", self.now, actions),) if actions else ()

    async def _board(self, id_: str, became: str = "", text: str = "") -> None:
        if id_ == "look":
            self._write(await self.guide().beside_boards(LEADER, self.now))
        elif id_ == "gone":
            self.actions.clear()
        else:
            self.actions[id_] = BoardAction("team", (id_,), text, self.now, became=became)

    def _witness(self, turn: Turn) -> None:
        self.walked.update(turn.walked)

    async def play(self, lines: list[str]) -> str:
        """Hold the conversation in *lines*, whose guide's part is passed over, and return it as it went."""
        for line in lines:
            if line.startswith("@") and self.written:
                self.written.append("")
            self.written.append(line.rstrip())
            if line.startswith("@"):
                await self._wait_until(line[1:].strip())
            elif line.startswith(">"):
                await self._say(line[1:].strip())
            elif line.startswith("~"):
                number, _, text = line[1:].strip().partition(" ")
                await self._hear(Edited(text, f"m{number}"))
            elif line.startswith("*"):
                await self._hear(SentOther(line[1:].strip()))
            elif line.startswith("%"):
                await self._coach(*line[1:].strip().split(" ", 2))
            elif line.startswith("+"):
                await self._board(*line[1:].strip().split(" ", 2))
        return "\n".join(self.written).rstrip() + "\n"

    async def _coach(self, name: str, does: str, what: str = "") -> None:
        review = Review(guide=self.guide(), keeper=self.keeper, book=self.book, searcher=self.matcher)
        coach = CoachId(name.lower())
        if does == "invites":
            token = f"{name}-{len((await self.book.read()).invitations) + 1}"
            account = Coach(coach, name, "De Praktijk", inside=False, language=self.language, added=self.now)
            await self.book.change(lambda book: invite(book.with_coach(account), coach, token, self.now))
            return
        piece, _, text = what.partition(" ")
        for handle in await self.keeper.linked(coach):
            if does == "reads":
                await review.open(coach, handle, piece, self.now)
            elif does == "writes":
                await review.write(coach, handle, piece, text, self.now, send=True)
            elif does == "states":
                await review.state(coach, handle, piece, text, self.now)
        self.written.append(f"| {name} sees")
        for handle in await self.keeper.linked(coach):
            shown = await review.leader(coach, handle, self.now)
            pieces = shown.pieces if shown else ()
            self.written += [f"|   {one.id} {one.level.name.lower()}: {one.text or '-'}" for one in pieces]

    async def _wait_until(self, moment: str) -> None:
        self.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE).astimezone(UTC)
        if await self.guide().come_due(self.now):
            page = await self.keeper.read(LEADER)
            new = [letter for letter in page.letters if letter not in self.letters] if page else []
            self._write(Reply(tuple(new)))

    async def _say(self, words: str) -> None:
        tap = _TAP.fullmatch(words)
        if tap is None:
            self.said += 1
            await self._hear(self.guide().read(words, f"m{self.said}"))
            return
        data, message = self._button(tap["label"], oldest=tap["how"] == "old")
        for _ in range(2 if tap["how"] == "x2" else 1):
            await self._hear(self.guide().tap(data, message))

    def _button(self, label: str, *, oldest: bool) -> tuple[str, str]:
        order = self.letters if oldest else list(reversed(self.letters))
        for letter in order:
            for row in letter.message.rows:
                for button in row:
                    if button.label == label:
                        return button.data, str(letter.number)
        message = f"no message has a button [{label}]"
        raise AssertionError(message)

    async def _hear(self, heard: Heard) -> None:
        self._write(await self.guide().hear(LEADER, "play", heard, self.now, language=self.language))

    async def arrive(self) -> None:
        """Open the chat."""
        await self._hear(Arrived())

    def _write(self, reply: Reply) -> None:
        for letter in reply.letters:
            self.letters.append(letter)
            text = letter.message.text or f"({letter.file})"
            first, *others = text.split("\n")
            self.written.append(f"< {first}")
            self.written.extend(f"  {line}".rstrip() for line in others)
            buttons = [button.label for row in letter.message.rows for button in row]
            if buttons:
                self.written.append("  " + " ".join(f"[{label}]" for label in buttons))
        if reply.toast:
            self.written.append(f"= {reply.toast}")


def transcripts(language: str) -> list[Path]:
    """Return the transcripts in *language*, by name."""
    return sorted((FOLDER / language).glob("*.txt"))


def held_by(path: Path) -> list[str]:
    """Return the lines of a transcript without what the guide says."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("#", "@", ">", "~", "*", "%", "+"))]
