"""
Somebody who is new and does only what a screen says, with a stopwatch: in the chat, and in a real browser.

A command can be typed, a button tapped and a link followed only when they stood on something this person was shown; so a
screen that does not say what comes next makes a test fail. Seconds are estimated, the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogues.conversation import LeaderId
from tests.dashboard.browser import PHONE

WORDS_A_SECOND = 4
"""Reading at ease: 240 words a minute, about what people read silently (Brysbaert, 2019: 238)."""

A_CLICK = 3.0
"""Seconds to find a button or a link, or to copy and paste, and press it."""

SIGNS_A_SECOND = 3
"""Typing on a phone: some 36 words of five letters a minute (Palin and others, 2019)."""


class NotSaid(AssertionError):
    """No screen said that this could be done."""


@dataclass
class Newcomer:
    """One person: what was *shown* to her, how many *steps* she took, how many *seconds* that took, and a *log* of it."""

    running: object
    person: str
    chrome: object
    language: str
    shown: str = ""
    steps: int = 0
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)
    letters: list = field(default_factory=list)
    page: object = None
    tab: str = ""

    def see(self, text: str) -> str:
        """Read *text*, and return it."""
        self.seconds += len(text.split()) / WORDS_A_SECOND
        self.shown += f"\n{text}"
        self.log.append(f"{self.seconds:6.1f} s  sees: {text}")
        return text

    def does(self, what: str, seconds: float) -> None:
        """Take one step, which takes *seconds*."""
        self.steps += 1
        self.seconds += seconds
        self.log.append(f"{self.seconds:6.1f} s  {self.steps:2}. {what}")

    def _told_of(self, what: str) -> None:
        if what not in self.shown:
            raise NotSaid(f"no screen said: {what}")

    # -- the chat ------------------------------------------------------------------------------------------------------

    async def open_chat(self, token: str) -> None:
        """Follow a link into the chat that was shown."""
        self._told_of(token)
        self.does("opens the link to the chat", A_CLICK)
        await self._start(token)

    async def follow_to_chat(self, name: str) -> None:
        """Follow the link of this name on the page, which leads into the chat."""
        link = await self.page.get_by_role("link", name=name, exact=True).get_attribute("href")
        self.does(f"clicks “{name}”", A_CLICK)
        await self._start(link.partition("?start=")[2])

    async def _start(self, token: str) -> None:
        """Do what Telegram does with such a link: send /start and what stands in it."""
        await self._hear(self.running.guide.read(f"/start {token}", ""))

    async def command(self, text: str) -> None:
        """Tap or paste a command that was shown."""
        self._told_of(text)
        self.does(text, A_CLICK)
        await self._hear(self.running.guide.read(text, ""))

    async def write(self, text: str) -> None:
        """Write something of her own."""
        self.does(f"writes “{text}”", len(text) / SIGNS_A_SECOND)
        await self._hear(self.running.guide.read(text, "m1"))

    async def tap(self, label: str) -> None:
        """Tap a button under one of the latest messages."""
        found = [button for letter in self.letters for row in letter.message.rows for button in row]
        button = next((one for one in found if one.label == label), None)
        if button is None:
            raise NotSaid(f"no button says: {label}")
        self.does(f"taps [{label}]", A_CLICK)
        await self._hear(self.running.guide.tap(button.data, "1"))

    async def is_written_to(self) -> None:
        """Read what the guide wrote by itself."""
        known = {letter.number for letter in self.letters}
        await self.running.guide.come_due(self.running.clock())
        page = await self.running.keeper.read(LeaderId(self.person))
        self._read([letter for letter in page.letters if letter.number not in known])

    async def _hear(self, heard) -> None:
        who = LeaderId(self.person)
        reply = await self.running.guide.hear(who, self.person, heard, self.running.clock())
        self._read(reply.letters)
        for letter in reply.letters:
            await self.running.keeper.delivered(who, letter.number)

    def _read(self, letters) -> None:
        self.letters = list(letters)
        for letter in letters:
            labels = " ".join(f"[{button.label}]" for row in letter.message.rows for button in row)
            self.see(f"{letter.message.text}\n{labels}".strip())

    # -- the pages -----------------------------------------------------------------------------------------------------

    async def open_page(self, address: str) -> None:
        """Open an address that was shown."""
        self._told_of(address)
        if self.page is None:
            self.page = await self.chrome.page(PHONE, language=self.language, script=False)
        self.does("opens the page in a browser", A_CLICK)
        await self.page.goto(address)
        await self._look()

    async def click(self, name: str) -> None:
        """Press the button or follow the link of this name; as a person does, by what it says."""
        here = self.page.locator("body")
        found = here.get_by_role("button", name=name, exact=True).or_(here.get_by_role("link", name=name, exact=True))
        if not await found.count():
            raise NotSaid(f"nothing on the page says: {name}")
        self.does(f"clicks “{name}”", A_CLICK)
        await found.first.click()
        await self._look()

    async def fill(self, label: str, text: str) -> None:
        """Write *text* into the field with that label."""
        self.does(f"fills in “{label}”", A_CLICK + len(text) / SIGNS_A_SECOND)
        await self.page.get_by_label(label).fill(text)

    async def _look(self) -> None:
        """Read what is on the page now; what stood on the one before is not read again."""
        text = await self.page.locator("main").inner_text()
        before, self.tab = self.tab.splitlines(), text
        self.see("\n".join(line for line in text.splitlines() if line.strip() and line not in before))
