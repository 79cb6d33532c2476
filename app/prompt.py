"""
What every command has in common: its settings, where the store is, and how it ends when something is wrong.

Exit codes: 0 done, 1 failed, 2 asked wrongly or set wrongly, 3 the store cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings

FAILED, ASKED_WRONGLY, STORE_UNREADABLE = 1, 2, 3

folder = click.option("--data", type=click.Path(path_type=Path), help="Folder of the store; instead of MINDSHIFT_DATA.")


def settings_of(data: Path | None, *, bot: bool = False) -> Settings:
    """Return the settings, with *data* as the store when given; end with code 2 and all faults when they are wrong."""
    from app.settings import SettingsWrong, read  # noqa: PLC0415

    try:
        settings = read(bot=bot)
    except SettingsWrong as wrong:
        click.echo("These settings are wrong:", err=True)
        for fault in wrong.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(ASKED_WRONGLY)
    return settings.model_copy(update={"data": data.expanduser().absolute()}) if data else settings


@contextmanager
def plain_failures() -> Iterator[None]:
    """End with one plain sentence and the right code when the store or the words stand in the way."""
    from dialogues.errors import DialogueError, KeeperUnavailable, PageUnreadable  # noqa: PLC0415

    try:
        yield
    except (KeeperUnavailable, PageUnreadable) as error:
        click.echo(f"The store cannot be used: {str(error) or type(error).__name__}", err=True)
        sys.exit(STORE_UNREADABLE)
    except DialogueError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(FAILED)
