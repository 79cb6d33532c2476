"""
The settings: reads the environment once, into a frozen Settings.

Only the environment counts; there is no settings file. All faults are found in one go and named, and no fault ever
shows a value, since a value may be a secret. What the settings are used for is
decided elsewhere in this package.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.master_keys import decode

PREFIX = "MINDSHIFT_"
TELEGRAM = "https://api.telegram.org"
SHORTEST_RETENTION, LONGEST_RETENTION = 3, 120
_HIGHEST_PORT = 65535
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsWrong(Exception):
    """
    One or more settings are missing or wrong.

    *faults* holds one line for each, beginning with the name of the variable and never holding its value.
    """

    def __init__(self, faults: list[str]) -> None:
        """Take the *faults*, in the order in which they are to be read."""
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Listen:
    """Where webhook, pages and health are served. An IPv6 host stands without its brackets."""

    host: str
    port: int


def home() -> Path:
    """Return where pages are kept when nothing is set: a folder of ours in the place the system has for it."""
    base = Path(os.environ.get("XDG_DATA_HOME") or "")
    return (base if base.is_absolute() else Path.home() / ".local" / "share") / "mindshift"


def _folder(value: object) -> Path:
    try:
        return Path(str(value)).expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise ValueError("is not a folder that can exist here") from error


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not a time zone; write one like Europe/Amsterdam") from error


def _address(value: object) -> str:
    text = str(value)
    if not _sound(text):
        raise ValueError("is not an address that begins with https:// or http://, such as https://coach.example.org")
    return text.rstrip("/")


def _public(value: object) -> str:
    text = _address(value)
    parts = urlsplit(text)
    if parts.path or parts.username or (parts.scheme == "http" and parts.hostname not in LOOPBACK):
        raise ValueError(
            "must be https:// and a host, such as https://coach.example.org; http:// is for this machine alone"
        )
    return text.lower()


def _networks(value: object) -> str:
    try:
        return ",".join(str(ip_network(part.strip())) for part in str(value).split(","))
    except ValueError as error:
        raise ValueError("must be addresses or networks with commas between, such as 127.0.0.1, 10.0.0.0/8") from error


def _sound(address: str) -> bool:
    try:
        parts = urlsplit(address)
        reachable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or re.search(r"[\s\x00-\x1f]", address))
    return parts.scheme in {"http", "https"} and reachable and plain


def _listen(value: object) -> Listen:
    host, colon, port = str(value).rpartition(":")
    if not colon or not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > _HIGHEST_PORT:
        raise ValueError("must be host:port, such as 127.0.0.1:8080")
    return Listen(host.removeprefix("[").removesuffix("]"), int(port))


def _token(value: object) -> object:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", str(value)):
        raise ValueError("is not a bot token; @BotFather gives one that looks like 123456:letters-and-digits")
    return value


def _secret(value: object) -> object:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(value)):
        raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return value


def _master_key(value: object) -> object:
    decode(str(value))
    return value


def _months(value: object) -> int:
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) not in (0, *range(SHORTEST_RETENTION, LONGEST_RETENTION + 1)):
        raise ValueError(f"must be {SHORTEST_RETENTION} to {LONGEST_RETENTION} months, or 0 to erase nobody")
    return int(text)


def _upper(value: object) -> object:
    return str(value).upper()


class Settings(BaseSettings):
    """Everything an operator can set. Each field is the environment variable MINDSHIFT_ + its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        enable_decoding=False,
        validate_default=False,
        frozen=True,
        # Without this a faulty token would be printed in the error about it.
        hide_input_in_errors=True,
    )

    data: Annotated[Path, BeforeValidator(_folder)] = Field(default_factory=home)
    keys: Annotated[Path, BeforeValidator(_folder)] | None = None
    master_key: Annotated[SecretStr, BeforeValidator(_master_key)] | None = None
    language: Literal["nl", "en"] | None = None
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("Europe/Amsterdam")
    telegram_token: Annotated[SecretStr, BeforeValidator(_token)] | None = None
    telegram_api: Annotated[str, BeforeValidator(_address)] = TELEGRAM
    webhook_url: Annotated[str, BeforeValidator(_address)] | None = None
    webhook_secret: Annotated[SecretStr, BeforeValidator(_secret)] | None = None
    listen: Annotated[Listen, BeforeValidator(_listen)] = Listen("127.0.0.1", 8080)
    public_url: Annotated[str, BeforeValidator(_public)] | None = None
    proxy: Annotated[str, BeforeValidator(_networks)] = "127.0.0.1/32,::1/128"
    metrics: Annotated[Listen, BeforeValidator(_listen)] | None = None
    retention_months: Annotated[int, BeforeValidator(_months)] = 24
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, so that a log can be kept clean of them."""
        secret = [self.telegram_token, self.webhook_secret, self.master_key]
        return tuple(value.get_secret_value() for value in secret if value)


NAMES = tuple(PREFIX + field.upper() for field in Settings.model_fields)


def read(*, bot: bool = False) -> Settings:
    """
    Return the settings in the environment.

    Args:
        bot: also demand what the Telegram bot cannot do without.

    Raises:
        SettingsWrong: with every fault, not just the first.
    """
    faults = [*_misspelt(), *_missing(bot=bot)]
    try:
        settings = Settings()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        faults += [f"{PREFIX}{str(detail['loc'][0]).upper()} {_plainly(detail['msg'])}" for detail in details]
    else:
        if settings.webhook_url and settings.webhook_url.startswith("http:") and settings.telegram_api == TELEGRAM:
            faults.append(f"{PREFIX}WEBHOOK_URL must begin with https://, since Telegram sends to nothing else")
        if not faults:
            return settings
    # The validation error holds the values, so it must not travel along.
    raise SettingsWrong(sorted(set(faults))) from None


def _misspelt() -> list[str]:
    faults = []
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name not in NAMES:
            near = difflib.get_close_matches(name.upper(), NAMES, n=1, cutoff=0.0)[0]
            faults.append(f"{name} is not a setting; the nearest one is {near}")
    return faults


def _missing(*, bot: bool) -> list[str]:
    faults = []
    if bot and not os.environ.get(PREFIX + "TELEGRAM_TOKEN"):
        faults.append(f"{PREFIX}TELEGRAM_TOKEN is missing; the bot needs the token that @BotFather gave")
    if os.environ.get(PREFIX + "WEBHOOK_URL") and not os.environ.get(PREFIX + "WEBHOOK_SECRET"):
        faults.append(f"{PREFIX}WEBHOOK_SECRET is missing; with {PREFIX}WEBHOOK_URL anyone could speak as Telegram")
    return faults


def _plainly(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain.replace("Input should be", "must be") if plain.startswith("Input should be") else plain
