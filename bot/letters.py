"""
One letter as calls to the Bot API, and what came of each call.

Text goes out as it is, without a parse mode: nothing that somebody wrote can become markup. Messages and their buttons,
which are nearly everything, are written down here as the Bot API documents them, since python-telegram-bot's objects
for them cost as much as the rest of the sending; files go by its objects. Either way it is the library that reads the
answer and says what a refusal means. Waiting, order and trying again are the business of the postman.
"""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from telegram import Bot, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.line import SlowDown
from bot.pieces import cut, units
from bot.request import parameters
from dialogues.ports import Button, Letter

log = logging.getLogger(__name__)

CAPTION = 1000
"""UTF-16 units that fit under a document or a picture; Telegram allows 1024."""

_PLACE = re.compile(r"telegram:(-?\d+)")
_NO_PREVIEW = {"is_disabled": True}
_PICTURE = "mindshift.png"

Keyboard: TypeAlias = dict[str, list[list[dict[str, str]]]] | None
"""Buttons as the Bot API takes them; None for none."""


class Fate(Enum):
    """What came of a call."""

    DELIVERED = auto()
    REFUSED = auto()
    """Telegram will never take it; the next letter may go."""
    CLOSED = auto()
    """The chat cannot be reached: blocked, deactivated or gone."""
    LATER = auto()
    """Trouble on the line, or asked to slow down: the same call again after a while."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of a call: for LATER how many seconds Telegram asked to wait, if it did; for DELIVERED the number that the
    message got, if it is one; for CLOSED the chat in which a group lives on, if it does.
    """

    fate: Fate
    wait: float | None = None
    message: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call to the Bot API. *instead* goes out when it is refused, such as when the message to redraw is gone."""

    send: Callable[[Bot], Awaitable[object]]
    instead: tuple[Parcel, ...] = ()


def is_ours(letter: Letter) -> bool:
    """Whether *letter* goes to a chat of Telegram; a store may hold letters of other shells."""
    return _PLACE.fullmatch(letter.address) is not None


def parcels(letter: Letter) -> tuple[Parcel, ...]:
    """Return the calls that deliver *letter*, in order; none for a letter that is not ours."""
    place = _PLACE.fullmatch(letter.address)
    if place is None:
        return ()
    chat = int(place[1])
    text = _sendable(letter.message.text)
    keyboard = _keyboard(letter.message.rows)
    if letter.file:
        return _document(chat, letter, text, keyboard)
    fresh = _texts(chat, text, keyboard)
    if letter.picture:
        # A message of words cannot become one with a picture, so this one is never redrawn.
        return _photo(chat, letter, text, keyboard, fresh)
    if not letter.edits.isdecimal():
        return fresh
    if not text:
        return (_redrawn_buttons(chat, int(letter.edits), keyboard),)
    return (_redrawn(chat, int(letter.edits), text, keyboard, fresh),) if len(fresh) == 1 else fresh


async def carry(bot: Bot, parcel: Parcel) -> Outcome:
    """Make one call and return what came of it. Never raises."""
    try:
        answer = await parcel.send(bot)
    except SlowDown as asked:
        return Outcome(Fate.LATER, asked.seconds)
    except ChatMigrated as change:
        return Outcome(Fate.CLOSED, moved=change.new_chat_id)
    except Forbidden:
        return Outcome(Fate.CLOSED)
    except BadRequest as refusal:
        return Outcome(_of_refusal(refusal.message.lower()))
    except TelegramError as trouble:
        log.warning("A call to Telegram failed: %s", type(trouble).__name__)
        return Outcome(Fate.LATER)
    except Exception as fault:  # noqa: BLE001 (one letter that cannot be made into a call must not hold up the next)
        log.error("A letter could not be made into a call: %s", type(fault).__name__)  # noqa: TRY400 (content-free)
        return Outcome(Fate.REFUSED)
    return Outcome(Fate.DELIVERED, message=_number(answer))


def _number(answer: object) -> int:
    """Return the number of the message that *answer* tells of, 0 when it is none."""
    found = answer.get("message_id") if isinstance(answer, dict) else getattr(answer, "message_id", None)
    return found if isinstance(found, int) else 0


def _of_refusal(reason: str) -> Fate:
    if "message is not modified" in reason:
        return Fate.DELIVERED
    return Fate.CLOSED if "chat not found" in reason else Fate.REFUSED


def _call(method: str, chat: int, keyboard: Keyboard, instead: tuple[Parcel, ...] = (), **values: object) -> Parcel:
    """Return one call of *method* about *chat*; whatever is None is left out."""
    given = parameters({"chat_id": chat, **values, "reply_markup": keyboard})
    return Parcel(lambda bot: bot.request.post(f"{bot.base_url}/{method}", given), instead)


def _texts(chat: int, text: str, keyboard: Keyboard) -> tuple[Parcel, ...]:
    """Return one call per piece, the buttons under the last. A piece of only blanks would be refused: it stays out."""
    pieces = tuple(piece for piece in cut(text) if piece.strip()) or (text,)

    def one(piece: str, markup: Keyboard) -> Parcel:
        return _call("sendMessage", chat, markup, text=piece, link_preview_options=_NO_PREVIEW)

    return (*(one(piece, None) for piece in pieces[:-1]), one(pieces[-1], keyboard))


def _redrawn(chat: int, message: int, text: str, keyboard: Keyboard, fresh: tuple[Parcel, ...]) -> Parcel:
    return _call(
        "editMessageText", chat, keyboard, fresh, message_id=message, text=text, link_preview_options=_NO_PREVIEW
    )


def _redrawn_buttons(chat: int, message: int, keyboard: Keyboard) -> Parcel:
    return _call("editMessageReplyMarkup", chat, keyboard, message_id=message)


def _photo(chat: int, letter: Letter, text: str, keyboard: Keyboard, fresh: tuple[Parcel, ...]) -> tuple[Parcel, ...]:
    """Return a picture with its words under it, or before them when they are long. Refused, the words go alone."""

    async def send(bot: Bot, caption: str | None, markup: InlineKeyboardMarkup | None) -> object:
        photo = InputFile(b64decode(letter.picture, validate=True), filename=_PICTURE)
        return await bot.send_photo(chat, photo, caption=caption, reply_markup=markup)

    async def send_alone(bot: Bot) -> object:
        try:
            return await send(bot, None, None)
        except (BadRequest, ValueError) as refusal:
            log.warning("A picture was left out: %s", type(refusal).__name__)
            return None

    if units(text) > CAPTION:
        return (Parcel(send_alone), *fresh)
    markup = _library_keyboard(keyboard)
    return (Parcel(lambda bot: send(bot, text, markup), instead=fresh),)


def _document(chat: int, letter: Letter, text: str, keyboard: Keyboard) -> tuple[Parcel, ...]:
    short = units(text) <= CAPTION
    before = () if short else _texts(chat, text, None)
    caption = text if short and text else None
    markup = _library_keyboard(keyboard)

    async def send(bot: Bot) -> object:
        body = b64decode(letter.body, validate=True) if letter.binary else _sendable(letter.body).encode()
        file = InputFile(body, filename=letter.file)
        return await bot.send_document(chat, file, caption=caption, reply_markup=markup)

    return (*before, Parcel(send))


def _library_keyboard(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(dict(keyboard)) if keyboard else None


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> Keyboard:
    if not rows:
        return None
    return {
        "inline_keyboard": [
            [{"text": _sendable(button.label), "callback_data": button.data} for button in row] for row in rows
        ]
    }


def _sendable(text: str) -> str:
    """Return *text* as it can be written in UTF-8: halves of a surrogate pair joined, or replaced when alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
