"""
What an update means: who speaks, where, and what is heard.

Nothing is decided or sent here. The private chat is a place to talk, and a group where there is a guide of teams
(`hear_groups.py`); inline queries, channel posts and reactions are not heard at all.
A text and a tap, which are nearly all there is, are understood from the few fields that matter; everything else, and
whatever looks strange, is parsed by python-telegram-bot first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot import hear_groups
from bot.documents import SentCalendar, calendar_in
from bot.hear_groups import GROUPS, Grouped
from bot.people import address_of, leader_of
from bot.ports import Guide
from dialogues.conversation import Edited, Heard, LeaderId, SentOther
from dialogues.team.guide import TeamGuide

OTHER = (
    "voice",
    "video_note",
    "audio",
    "animation",
    "video",
    "photo",
    "sticker",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "document",
    "paid_media",
    "checklist",
)
"""What the guide cannot read, in this order: an animation is a document too, and a venue a location."""

_PLAIN = frozenset({"message_id", "date", "chat", "from", "text", "entities"})
"""What a text message holds that is nothing more than that: no reply, no forward, no picture."""

_ONE_KIND = 2
"""Fields of an update that holds one thing: its number, and that."""

_ADDRESSED = re.compile(r"^/(\w+)@(\w+)")
_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True, slots=True)
class Spoken:
    """
    A leader said or did something in the private chat. *query* is the tap to answer, "" when it was no tap;
    *file* a calendar that was sent with it.
    """

    leader: LeaderId
    address: str
    heard: Heard
    language: str = ""
    query: str = ""
    file: SentCalendar | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The bot was called, or added, in a group or channel."""

    address: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A leader blocked the bot."""

    leader: LeaderId


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button that leads nowhere, but must be answered, or the phone keeps waiting."""

    query: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A leader sent something in the private chat that cannot even be parsed."""

    leader: LeaderId
    address: str


Meaning: TypeAlias = Spoken | Grouped | Elsewhere | Gone | Tap | Unreadable | None


def meaning(update: Update, guide: Guide, name: str, teams: TeamGuide | None = None) -> Meaning:
    """
    Return what *update* means, or None when it means nothing to us.

    *name* is the bot's own name, without @, by which commands in groups are addressed. Without *teams* nothing is
    talked about in groups.
    """
    grouped = _grouped(update, teams, name) if teams else None
    if grouped:
        return grouped
    if update.callback_query:
        return _tapped(update.callback_query, guide)
    if update.my_chat_member and not (teams and update.my_chat_member.chat.type in GROUPS):
        return _membership(update.my_chat_member)
    if update.edited_message:
        return _edited(update.edited_message)
    if update.message and not (teams and update.message.chat.type in GROUPS):
        return _message(update.message, guide, name)
    return None


def _grouped(update: Update, teams: TeamGuide, name: str) -> Grouped | None:
    if update.callback_query:
        return hear_groups.of_tap(update.callback_query, teams)
    if update.my_chat_member and update.my_chat_member.chat.type in GROUPS:
        return hear_groups.of_change(update.my_chat_member)
    if update.message and update.message.chat.type in GROUPS:
        return hear_groups.of_message(update.message, teams, name)
    return None


def at_once(raw: Mapping[str, Any], guide: Guide) -> Spoken | None:
    """
    Return what *raw*, an update as it came, means when it is a plain text or a tap in the private chat; None for all
    others, which `meaning` has to tell. Where both can tell, they say the same.
    """
    match raw:
        case {
            "message": {
                "message_id": int(number),
                "date": int(),
                "chat": {"id": int(chat), "type": ChatType.PRIVATE},
                "from": {"id": int(), "is_bot": bool(), "first_name": str()} as sender,
                "text": str(text),
            } as message
        } if len(raw) == _ONE_KIND and text and message.keys() <= _PLAIN:
            heard, query = guide.read(_unaddressed(text), str(number)), ""
        case {
            "callback_query": {
                "id": str(query),
                "chat_instance": str(),
                "from": {"id": int(), "is_bot": bool(), "first_name": str()} as sender,
                "message": {
                    "message_id": int(number),
                    "date": int(),
                    "chat": {"id": int(chat), "type": ChatType.PRIVATE},
                },
                "data": str(payload),
            }
        } if len(raw) == _ONE_KIND and query:
            heard = guide.tap(payload, str(number))
        case _:
            return None
    language = sender.get("language_code") or ""
    return (
        Spoken(leader_of(sender["id"]), address_of(chat), heard, language, query) if isinstance(language, str) else None
    )


def unreadable(raw: Mapping[str, Any]) -> Unreadable | None:
    """Return whose message *raw* holds, an update that cannot be parsed, or None when even that cannot be told."""
    match raw:
        case {"message": {"chat": {"id": int(chat), "type": ChatType.PRIVATE}, "from": {"id": int(person)}}}:
            return Unreadable(leader_of(person), address_of(chat))
    return None


def _message(message: Message, guide: Guide, name: str) -> Meaning:
    if message.from_user is None:
        return None
    address, language = address_of(message.chat.id), message.from_user.language_code or ""
    text = message.text or message.caption or ""
    if message.chat.type != ChatType.PRIVATE:
        return Elsewhere(address, language) if _calls_us(text, name) else None
    heard = _heard(message, _unaddressed(text), guide)
    if heard is None:
        return None
    return Spoken(leader_of(message.from_user.id), address, heard, language, file=calendar_in(message.document))


def _unaddressed(text: str) -> str:
    """Return *text* without the name of a bot behind its command."""
    return _ADDRESSED.sub(r"/\1", text) if text.startswith("/") else text


def _heard(message: Message, text: str, guide: Guide) -> Heard | None:
    if text:
        return guide.read(text, str(message.message_id))
    return next((SentOther(what) for what in OTHER if getattr(message, what, None)), None)


def _calls_us(text: str, name: str) -> bool:
    addressed = _ADDRESSED.match(text)
    return text.startswith("/") and (addressed is None or addressed[2].casefold() == name.casefold())


def _edited(message: Message) -> Meaning:
    text = message.text or message.caption
    if not text or message.from_user is None or message.chat.type != ChatType.PRIVATE:
        return None
    language = message.from_user.language_code or ""
    heard = Edited(text, str(message.message_id))
    return Spoken(leader_of(message.from_user.id), address_of(message.chat.id), heard, language)


def _tapped(query: CallbackQuery, guide: Guide) -> Meaning:
    under = query.message
    if under is None or query.data is None or under.chat.type != ChatType.PRIVATE:
        return Tap(query.id)
    heard = guide.tap(query.data, str(under.message_id))
    leader, language = leader_of(query.from_user.id), query.from_user.language_code or ""
    return Spoken(leader, address_of(under.chat.id), heard, language, query.id)


def _membership(change: ChatMemberUpdated) -> Meaning:
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if change.chat.type == ChatType.PRIVATE:
        return Gone(leader_of(change.from_user.id)) if after == ChatMemberStatus.BANNED else None
    if before in _OUTSIDE and after not in _OUTSIDE:
        return Elsewhere(address_of(change.chat.id), change.from_user.language_code or "")
    return None
