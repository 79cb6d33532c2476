"""
Plays what happens in the group of a team, and in the private chats of its members, and writes down what the guide says.

A transcript is a text file. The first lines, with ``#``, say what it is about. Then:

    @ 2026-10-06 08:30      it is now that moment (local time); whatever came due is said first
    S: some words           S answers the guide's last message in the group
    S: /actie ...           S gives a command in the group
    S: [Beginnen]           S taps that button, under the newest message that has it
    S: [Beginnen] old       … under the oldest message that has it
    S> some words           the same, in the private chat of S
    ! added S               something about the group: added, removed, admin, gone S, moved 2, photo S
    < what the guide says in the group; further lines are indented; its buttons stand in brackets on the last line
    <S what the guide says to S privately
    ~ a message in the group that is redrawn, in full
    = toast                 a short word under the tapped button

Between every two turns everything is written out and read back, so each transcript also tests a restart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from content.board_prompts import supply
from content.catalogue import Catalogue
from content.matching import StemMatcher
from content.team_words import TeamVoice
from dialogues import conversation
from dialogues.conversation import LeaderId
from dialogues.team.guide import TeamGuide, TeamReply
from dialogues.team.heard import Added, Gone, MadeAdmin, MovedTo, Removed, Replied, Unreadable, Who
from dialogues.team.ports import TeamLetter
from dialogues.team.prompts import Questions
from dialogues.team.values import TeamId
from storage.in_memory_teams import InMemoryTeams

ZONE = ZoneInfo("Europe/Amsterdam")
FOLDER = Path(__file__).parents[1] / "transcripts" / "team"
_TAP = re.compile(r"\[(?P<label>.+)\](?: (?P<how>x2|old))?")
_LINE = re.compile(r"(?P<who>\w+)(?P<where>[:>]) (?P<said>.*)")


def questions_of(catalogue: Catalogue) -> Questions:
    """Return the questions of the article, as the program gives them to a team."""
    models = catalogue.repertoire.models
    return Questions(supply(models), models)


@dataclass
class Shown:
    """A message in a chat, as it stands there now."""

    number: int
    chat: str
    note: TeamLetter


@dataclass
class TeamPlay:
    """What happens to one team. *private* are the people whose private chat the guide may write to."""

    catalogue: Catalogue
    matcher: StemMatcher
    language: str
    private: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    walked: set[tuple[str, str, str]] = field(default_factory=set)
    shown: list[Shown] = field(default_factory=list)
    pages: dict[TeamId, str] = field(default_factory=dict)
    address: str = "group"
    now: datetime = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
    turns: int = 0
    title: str = "Team onderbouw"

    def __post_init__(self) -> None:
        self.voice = TeamVoice(self.catalogue, self.matcher)

    @property
    def keeper(self) -> InMemoryTeams:
        """The keeper, as after a restart."""
        return InMemoryTeams(self.pages)

    def guide(self) -> TeamGuide:
        """Return a guide that knows nothing but what was kept."""
        return TeamGuide(
            keeper=self.keeper,
            words=self.voice,
            care=self.catalogue.care,
            school_year=self.catalogue.repertoire.school_year,
            zone=ZONE,
            questions=questions_of(self.catalogue),
            reach=self._reach,
            new_id=lambda: f"team{self.turns}",
            language=self.language,
            witness=lambda turn: self.walked.update(turn.walked),
        )

    async def _reach(self, member: LeaderId) -> str:
        return f"private:{member}" if member in self.private else ""

    async def play(self, lines: list[str]) -> str:
        """Play *lines*, in which what the guide says is passed over, and return everything as it went."""
        for line in lines:
            if line.startswith("@") and self.written:
                self.written.append("")
            self.written.append(line.rstrip())
            self.turns += 1
            if line.startswith("@"):
                await self._wait_until(line[1:].strip())
            elif line.startswith("!"):
                await self._happen(*line[1:].split())
            elif found := _LINE.fullmatch(line.rstrip()):
                await self._say(found["who"], found["said"], privately=found["where"] == ">")
        return "\n".join(self.written).rstrip() + "\n"

    async def _wait_until(self, moment: str) -> None:
        self.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE).astimezone(UTC)
        await self.guide().come_due(self.now)
        await self._deliver()

    async def _happen(self, what: str, who: str = "") -> None:
        heard = {
            "added": Added(),
            "removed": Removed(),
            "admin": MadeAdmin(),
            "gone": Gone(LeaderId(who)),
            "moved": MovedTo(f"group{who}"),
            "photo": Unreadable(),
        }[what]
        address = self.address
        await self._hear(address, heard, Who(LeaderId(who), who))
        if isinstance(heard, MovedTo):
            self.address = heard.address

    async def _say(self, who: str, said: str, *, privately: bool) -> None:
        said = said.replace("\\n", "\n")
        guide, member = self.guide(), LeaderId("" if who == "Anoniem" else who)
        tap = _TAP.fullmatch(said)
        data = self._button(tap["label"], f"private:{who}" if privately else "", tap["how"] == "old") if tap else ""
        for _ in range(2 if tap and tap["how"] == "x2" else 1):
            if privately:
                nonce, _, choice = data.partition(":")
                heard = conversation.Tapped(nonce, choice, "m") if tap else self._read_privately(said)
                meant = guide.meant(member, heard, self.now)
                if meant is None:
                    self.written.append("  (not about the board)")
                    await guide.went_on(member, self.now)
                    continue
                replies = await guide.hear_privately(
                    member, f"private:{who}", meant, self.now, update=f"u{self.turns}.{_}", language=self.language
                )
                for reply in replies:
                    await self._write(reply)
            elif tap:
                await self._hear(self.address, guide.tap(data), Who(member, who))
            else:
                await self._hear(self.address, guide.read(said) or Replied(said), Who(member, who))

    @staticmethod
    def _read_privately(said: str) -> conversation.Heard:
        name, _, argument = said.partition(" ")
        if name in ("/bord", "/board"):
            return conversation.Commanded("board", argument)
        return conversation.Commanded("overview") if said.startswith("/") else conversation.Said(said)

    def _button(self, label: str, chat: str, oldest: bool) -> str:  # noqa: FBT001 (a test)
        order = self.shown if oldest else list(reversed(self.shown))
        for one in order:
            for row in one.note.message.rows:
                for button in row:
                    if button.label == label and (not chat or one.chat == chat):
                        return button.data
        raise AssertionError(f"no message has a button [{label}]")

    async def _hear(self, address: str, heard, who: Who) -> None:
        self.turns += 1
        reply = await self.guide().hear(
            address, heard, who, self.now, update=f"u{self.turns}", language=self.language, title=self.title
        )
        await self._write(reply)

    async def _write(self, reply: TeamReply) -> None:
        if not reply.kept:
            for note in reply.notes:
                self._show(note, "")
        await self._deliver()
        if reply.toast:
            self.written.append(f"= {reply.toast}")

    async def _deliver(self) -> None:
        """Have everything in the outboxes arrive."""
        for team in self.keeper.waiting():
            while (page := await self.keeper.read(team)) and page.notes:
                note = page.notes[0]
                number = self._show(note, page.placed.get(note.slot, "") if note.slot else "")
                await self.keeper.delivered(team, note, number)

    def _show(self, note: TeamLetter, edits: str) -> int:
        chat = note.to if note.to.startswith("private") else ""
        mark = f"<{chat.removeprefix('private:')}" if chat else "<"
        old = next((one for one in self.shown if str(one.number) == edits), None)
        if old:
            if old.note.message == note.message:
                return old.number
            mark, old.note = "~", note
            number = old.number
        else:
            number = len(self.shown) + 1
            self.shown.append(Shown(number, chat, note))
        first, *others = note.message.text.split("\n")
        self.written.append(f"{mark} {first}")
        self.written.extend(f"  {line}".rstrip() for line in others)
        buttons = [button.label for row in note.message.rows for button in row]
        if buttons:
            self.written.append("  " + " ".join(f"[{label}]" for label in buttons))
        return number


def transcripts(language: str) -> list[Path]:
    """Return the transcripts of teams in *language*, by name."""
    return sorted((FOLDER / language).glob("*.txt"))


def held_by(path: Path) -> list[str]:
    """Return the lines of a transcript without what the guide says."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("#", "@", "!")) or _LINE.fullmatch(line)]
