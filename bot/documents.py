"""A document somebody sent: known by its name and size first, and fetched only when it is one the guide can read."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Document

ENDINGS = (".ics", ".ical")
CALENDAR = "text/calendar"


@dataclass(frozen=True, slots=True)
class SentCalendar:
    """A calendar somebody sent: its number at Telegram and its *size* in bytes, 0 when Telegram does not say."""

    number: str
    size: int = 0


def calendar_in(document: Document | None) -> SentCalendar | None:
    """Return *document* when it looks like a calendar, else None."""
    if document is None:
        return None
    named = (document.file_name or "").casefold().endswith(ENDINGS)
    return SentCalendar(document.file_id, document.file_size or 0) if named or document.mime_type == CALENDAR else None


async def fetched(bot: Bot, sent: SentCalendar, most: int) -> bytes | None:
    """Return what *sent* holds, or None when it is larger than *most* bytes. Raises TelegramError."""
    if sent.size > most:
        return None
    file = await bot.get_file(sent.number)
    if (file.file_size or 0) > most:
        return None
    return bytes(await file.download_as_bytearray())
