"""A group on the fake Bot API, with the real guide of teams behind the bot: what people in it do, and what they see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bot.fake_bot_api import BOT, FakeBotApi, membership, message, tap

GROUP = {"id": -500, "type": "group", "title": "Canary-Title"}
SUPERGROUP = {"id": -1005, "type": "supergroup", "title": "Canary-Title"}
SANNE, JAN, RIK, BO, SAAR, STRANGER = range(201, 207)
NAMES = {SANNE: "Sanne", JAN: "Jan", RIK: "Rik", BO: "Bo", SAAR: "Saar", STRANGER: "Canary-Name"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@dataclass
class Group:
    """One group chat; *chat* is where it is now."""

    api: FakeBotApi
    chat: dict[str, Any] = field(default_factory=lambda: dict(GROUP))
    language: str = "nl"

    def person(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "is_bot": False,
            "first_name": NAMES.get(number, "Canary-Name"),
            "language_code": self.language,
        }

    async def adds_the_bot(self, person: int, status: str = "member") -> None:
        change = membership(person, "left", status, self.chat)
        await self.api.send("my_chat_member", {**_as_admin(change, status), "from": self.person(person)})

    async def changes(self, person: int, before: str, after: str) -> None:
        change = _as_admin(membership(person, before, after, self.chat), after)
        await self.api.send("my_chat_member", {**change, "from": self.person(person)})

    async def says(self, person: int, text: str, **more: Any) -> int:
        content = message(self.api.ids(), person, self.chat, text=text, **more)
        return await self.api.send("message", {**content, "from": self.person(person)})

    async def answers(self, person: int, text: str, part: str = "") -> int:
        """Answer the newest message of the bot, or the newest that holds *part*."""
        return await self.says(person, text, reply_to_message=self.newest(part))

    async def happens(self, **content: Any) -> int:
        return await self.api.send("message", message(self.api.ids(), SANNE, self.chat, **content))

    async def taps(self, person: int, label: str) -> str:
        """Tap the button *label* under the newest message of the bot that has it."""
        number, payload = self.button(label)
        query = f"query-{self.api.ids()}"
        self.api.queries.add(query)
        await self.api.send(
            "callback_query", {**tap(query, person, number, payload, self.chat), "from": self.person(person)}
        )
        return query

    def button(self, label: str) -> tuple[int, str]:
        for values in reversed(self.shown()):
            for row in (values.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return values["message_id"], button["callback_data"]
        raise AssertionError(f"no message has a button [{label}]")

    def shown(self) -> list[dict[str, Any]]:
        """Return the bot's messages in this group as they stand there now."""
        return [values for (chat, _), values in self.api.messages.items() if chat == self.chat["id"]]

    def texts(self) -> list[str]:
        return [values.get("text", "") for values in self.shown()]

    def newest(self, part: str = "") -> dict[str, Any]:
        values = next(one for one in reversed(self.shown()) if part in one.get("text", ""))
        return {"message_id": values["message_id"], "date": 1, "chat": self.chat, "from": BOT, "text": "?"}

    async def sees(self, part: str, within: float = 6.0) -> None:
        """Wait until a message in the group holds *part*."""
        await self.api.until(lambda: any(part in text for text in self.texts()), within)

    async def has_button(self, label: str, within: float = 6.0) -> None:
        def there() -> bool:
            try:
                self.button(label)
            except AssertionError:
                return False
            return True

        await self.api.until(there, within)


def _as_admin(change: dict[str, Any], status: str) -> dict[str, Any]:
    """Return *change* with the fields the Bot API gives for an administrator."""
    if status != "administrator":
        return change
    rights: Mapping[str, bool] = dict.fromkeys(
        (
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ),
        False,
    )
    return {**change, "new_chat_member": {**change["new_chat_member"], **rights}}
