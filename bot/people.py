"""Under which ids people and chats of Telegram are kept: a digest of the numeric id, never a name that changes hands."""

from __future__ import annotations

from hashlib import blake2b

from dialogues.conversation import LeaderId


def leader_of(person: int) -> LeaderId:
    """Return the id under which the person with this Telegram id is kept."""
    return LeaderId("t" + blake2b(f"telegram:{person}".encode(), digest_size=12).hexdigest())


def address_of(chat: int) -> str:
    """Return the address of a chat."""
    return f"telegram:{chat}"
