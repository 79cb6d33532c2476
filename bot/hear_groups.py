"""
What an update from a group means, for the guide of teams: who did what, and nothing decided.

With privacy mode on, Telegram shows the bot only commands, answers to its own messages, taps, and what happens to the
group itself. Anonymous administrators and channels are nobody; other bots, edits and channel posts are not heard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import CallbackQuery, ChatMemberUpdated, Message, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.people import address_of, leader_of
from dialogues.conversation import LeaderId
from dialogues.team.guide import TeamGuide
from dialogues.team.heard import Added, Gone, InGroup, MadeAdmin, MovedTo, Removed, Replied, Unreadable, Who

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_ADDRESSED = re.compile(r"^/(\w+)@(\w+)")
_NOBODY = Who(LeaderId(""))


@dataclass(frozen=True, slots=True)
class Grouped:
    """
    Something happened in, or to, the group at *address*, which is called *title*. *query* is the tap to answer, "" when
    it was no tap; *language* is what the phone of *who* speaks.
    """

    address: str
    heard: InGroup
    who: Who
    language: str = ""
    title: str = ""
    query: str = ""


def of_message(message: Message, teams: TeamGuide, name: str) -> Grouped | None:
    """Return what *message* in a group means, or None; *name* is the bot's own name, without @."""
    chat = message.chat
    if message.migrate_to_chat_id:
        return Grouped(address_of(chat.id), MovedTo(address_of(message.migrate_to_chat_id)), _NOBODY)
    if message.migrate_from_chat_id:
        return Grouped(address_of(message.migrate_from_chat_id), MovedTo(address_of(chat.id)), _NOBODY)
    if message.left_chat_member:
        return Grouped(address_of(chat.id), Gone(leader_of(message.left_chat_member.id)), _NOBODY)
    sender = message.from_user
    if sender is None or message.is_automatic_forward or (sender.is_bot and message.sender_chat is None):
        return None
    heard = _said(message, teams, name)
    if heard is None:
        return None
    who = _NOBODY if message.sender_chat else _who(sender)
    return Grouped(address_of(chat.id), heard, who, sender.language_code or "", chat.title or "")


def of_tap(query: CallbackQuery, teams: TeamGuide) -> Grouped | None:
    """Return what a tap under a message in a group means, or None when it is none."""
    under = query.message
    if under is None or query.data is None or under.chat.type not in GROUPS:
        return None
    who, language = _who(query.from_user), query.from_user.language_code or ""
    return Grouped(address_of(under.chat.id), teams.tap(query.data), who, language, under.chat.title or "", query.id)


def of_change(change: ChatMemberUpdated) -> Grouped | None:
    """Return what a change of the bot's own place in a group means, or None when it means nothing."""
    before, after = change.old_chat_member.status, change.new_chat_member.status
    admin = after == ChatMemberStatus.ADMINISTRATOR
    heard: InGroup
    if after in _OUTSIDE:
        heard = Removed()
    elif before in _OUTSIDE:
        heard = Added(admin=admin)
    elif admin and before != ChatMemberStatus.ADMINISTRATOR:
        heard = MadeAdmin()
    else:
        return None
    who = _NOBODY if change.from_user.is_bot else _who(change.from_user)
    return Grouped(
        address_of(change.chat.id), heard, who, change.from_user.language_code or "", change.chat.title or ""
    )


def _said(message: Message, teams: TeamGuide, name: str) -> InGroup | None:
    text = message.text or message.caption or ""
    if text.startswith("/"):
        addressed = _ADDRESSED.match(text)
        if addressed and addressed[2].casefold() != name.casefold():
            return None
        return teams.read(_ADDRESSED.sub(r"/\1", text))
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.from_user.username != name:
        return None
    return Replied(text, str(answered.message_id)) if text else Unreadable()


def _who(person: User) -> Who:
    return Who(leader_of(person.id), person.first_name)
