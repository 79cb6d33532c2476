"""
What stops the bot, and whose move it is.

BotError
├── TokenRefused     the operator's: Telegram does not know this token
└── WebhookRefused   the operator's: Telegram does not accept this address for the webhook

Anything passing (a fault on the line, a busy server, a store that does not answer) is waited out where it happens
and never raised from here. No message holds the token.
"""

from __future__ import annotations


class BotError(Exception):
    """The bot cannot run; the message says what the operator can do."""


class TokenRefused(BotError):
    """Telegram refused the bot token."""

    def __init__(self) -> None:
        super().__init__("Telegram refused the bot token. Check the token you received from BotFather.")


class WebhookRefused(BotError):
    """Telegram refused the webhook."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refused the webhook. It must be a public https address on port 443, 80, 88 or 8443, "
            "with a secret of letters, digits, _ and -."
        )
