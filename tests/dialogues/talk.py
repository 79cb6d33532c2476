"""A conversation held through the guide: real words, real matching, and a keeper that a test may replace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from content.catalogue import Catalogue
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues.coach_chat import CoachChat
from dialogues.conversation import Arrived, Edited, Heard, Turn
from dialogues.guide import Guide
from dialogues.keeping import Reply
from dialogues.ports import Button, Keeper, Letter, Page
from storage.in_memory import InMemoryKeeper
from tests.dialogues.held import LEADER, TUESDAY, ZONE


@dataclass
class Talk:
    """One conversation with the guide. *reply* is what the last turn gave; *letters* are all messages so far."""

    catalogue: Catalogue
    matcher: StemMatcher
    keeper: Keeper = field(default_factory=InMemoryKeeper)
    now: datetime = TUESDAY
    reply: Reply = field(default_factory=Reply)
    letters: list[Letter] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    coaches: CoachChat | None = None

    def __post_init__(self) -> None:
        self._sent = count(1)

    @property
    def guide(self) -> Guide:
        """A guide that knows nothing but what was kept, as after a restart."""
        return Guide(
            repertoire=self.catalogue.repertoire,
            care=self.catalogue.care,
            keeper=self.keeper,
            words=self.catalogue,
            matcher=self.matcher,
            exporter=PageExporter(self.catalogue),
            zone=ZONE,
            coaches=self.coaches,
            witness=self.turns.append,
        )

    async def hear(self, heard: Heard, update: str = "") -> Reply:
        """Take one turn."""
        self.reply = await self.guide.hear(LEADER, "here", heard, self.now, update, "nl")
        self.letters += self.reply.letters
        return self.reply

    async def say(self, *texts: str) -> Reply:
        """Type texts or commands, one after another. The message of the nth is called ``mn``."""
        for text in texts:
            await self.hear(self.guide.read(text, f"m{next(self._sent)}"))
        return self.reply

    async def tap(self, *labels: str) -> Reply:
        """Tap buttons by their words, each under the newest message that has it."""
        for label in labels:
            await self.press(self.button(label))
        return self.reply

    async def press(self, button: Button, message: str = "9") -> Reply:
        """Tap a button that was seen before."""
        return await self.hear(self.guide.tap(button.data, message))

    async def edit(self, number: int, text: str) -> Reply:
        """Edit the nth text."""
        return await self.hear(Edited(text, f"m{number}"))

    async def arrive(self) -> Reply:
        """Open the chat."""
        return await self.hear(Arrived())

    async def come_due(self, **later: float) -> int:
        """Let time pass and whatever is due then come due; return how many messages that gave."""
        self.now += timedelta(**later)
        known = {letter.number for letter in self.letters}
        written = await self.guide.come_due(self.now)
        page = await self.keeper.read(LEADER)
        new = tuple(letter for letter in (page.letters if page else ()) if letter.number not in known)
        self.reply = Reply(new)
        self.letters += new
        return written

    async def page(self) -> Page:
        """Return everything kept of this leader."""
        page = await self.keeper.read(LEADER)
        assert page is not None
        return page

    def button(self, label: str) -> Button:
        """Return the newest button with these words."""
        for letter in reversed(self.letters):
            for row in letter.message.rows:
                for button in row:
                    if button.label == label:
                        return button
        raise AssertionError(f"no message has a button [{label}]")

    @property
    def text(self) -> str:
        """All messages of the last turn."""
        return "\n".join(letter.message.text for letter in self.reply.letters)

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons of the last message."""
        return [button.label for row in self.reply.letters[-1].message.rows for button in row]

    async def at(self) -> str:
        """Return the open question as ``route.state``."""
        frame = (await self.page()).conversation.frame
        return f"{frame.route}.{frame.state}"

    async def met(self) -> Talk:
        """Meet the guide and agree."""
        await self.say("hallo")
        await self.tap("Nederlands", "Akkoord")
        return self

    async def named(self) -> Talk:
        """Begin a journey of one's own, as far as the first question of the diagnosis."""
        await self.met()
        await self.tap("Nieuw traject", "Mijn eigen denken")
        await self.say("lesbezoek", "zelf uitleggen", "eerst vragen")
        await self.tap("Ja, zo is het")
        return self

    async def asked(self) -> Talk:
        """Begin a journey in phase 4, as far as its first question."""
        await self.named()
        await self.tap("Ja, ik wil", "Ja", "Te spannend", "Klopt")
        return self

    async def planned(self) -> Talk:
        """Begin a journey in phase 4 and end the contact with a plan for next week."""
        await self.asked()
        await self.say("dat ze denken dat ik het niet weet")
        await self.tap("Veilig oefenen")
        await self.say("donderdag na school", "oefen ik drie vragen", "dat het langer duurt", "8")
        await self.tap("Overslaan") if "Overslaan" in self.buttons else None
        while await self.at() != "plan.ask_on":
            await self.say("7" if await self.at() == "plan.confidence" else "met haar mag het fout gaan")
        await self.tap("Goed")
        await self.say("nee")
        return self
