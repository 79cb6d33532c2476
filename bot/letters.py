"""
One letter as calls to the Bot API, and what came of each call.

Text goes out as it is, without a parse mode: nothing that somebody wrote can become markup. Waiting, order and trying
again are the business of the postman.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.line import SlowDown
from bot.pieces import cut, units
from dialogues.ports import Button, Letter

log = logging.getLogger(__name__)

CAPTION = 1000
"""UTF-16 units that fit under a document; Telegram allows 1024."""

_PLACE = re.compile(r"telegram:(-?\d+)")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


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
    message got, if it is one.
    """

    fate: Fate
    wait: float | None = None
    message: int = 0


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
    except (Forbidden, ChatMigrated):
        return Outcome(Fate.CLOSED)
    except BadRequest as refusal:
        return Outcome(_of_refusal(refusal.message.lower()))
    except TelegramError as trouble:
        log.warning("A call to Telegram failed: %s", type(trouble).__name__)
        return Outcome(Fate.LATER)
    except Exception as fault:  # noqa: BLE001 (one letter that cannot be made into a call must not hold up the next)
        log.error("A letter could not be made into a call: %s", type(fault).__name__)  # noqa: TRY400 (content-free)
        return Outcome(Fate.REFUSED)
    return Outcome(Fate.DELIVERED, message=answer.message_id if isinstance(answer, Message) else 0)


def _of_refusal(reason: str) -> Fate:
    if "message is not modified" in reason:
        return Fate.DELIVERED
    return Fate.CLOSED if "chat not found" in reason else Fate.REFUSED


def _texts(chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> tuple[Parcel, ...]:
    """Return one call per piece, the buttons under the last. A piece of only blanks would be refused: it stays out."""
    pieces = tuple(piece for piece in cut(text) if piece.strip()) or (text,)

    def one(piece: str, markup: InlineKeyboardMarkup | None) -> Parcel:
        return Parcel(lambda bot: bot.send_message(chat, piece, reply_markup=markup, link_preview_options=_NO_PREVIEW))

    return (*(one(piece, None) for piece in pieces[:-1]), one(pieces[-1], keyboard))


def _redrawn(
    chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None, fresh: tuple[Parcel, ...]
) -> Parcel:
    return Parcel(
        lambda bot: bot.edit_message_text(text, chat, message, reply_markup=keyboard, link_preview_options=_NO_PREVIEW),
        instead=fresh,
    )


def _redrawn_buttons(chat: int, message: int, keyboard: InlineKeyboardMarkup | None) -> Parcel:
    return Parcel(lambda bot: bot.edit_message_reply_markup(chat, message, reply_markup=keyboard))


def _document(chat: int, letter: Letter, text: str, keyboard: InlineKeyboardMarkup | None) -> tuple[Parcel, ...]:
    short = units(text) <= CAPTION
    before = () if short else _texts(chat, text, None)
    file = InputFile(_sendable(letter.body).encode(), filename=letter.file)
    caption = text if short and text else None
    return (*before, Parcel(lambda bot: bot.send_document(chat, file, caption=caption, reply_markup=keyboard)))


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(_sendable(button.label), callback_data=button.data) for button in row] for row in rows]
    )


def _sendable(text: str) -> str:
    """Return *text* as it can be written in UTF-8: halves of a surrogate pair joined, or replaced when alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
