"""The commands by which the operator looks after the accounts of coaches. What they do stands in `coach_accounts.py`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.prompt import folder, plain_failures, settings_of


@click.group()
def coach() -> None:
    """Look after the accounts of coaches; it may be done beside the bot."""


who = click.argument("who")


@coach.command(name="add")
@click.option("--name", prompt="Name, as leaders will see it", help="As leaders will see it.")
@click.option("--organisation", prompt="Organisation", help="Where the coach works.")
@click.option(
    "--inside", is_flag=True, help="The coach works in the same organisation as the leaders, and they are told."
)
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@folder
def add_coach(name: str, organisation: str, language: str, data: Path | None, *, inside: bool) -> None:
    """
    Make an account, and print the code by which the coach takes it.

    The code holds for 72 hours and works once.
    """
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures():
        called, token = coach_accounts.add(
            settings_of(data), name.strip(), organisation.strip(), language, inside=inside
        )
    click.echo(f"made: {called}  {name.strip()}")
    _show_code(token)


@coach.command(name="list")
@folder
def list_coaches(data: Path | None) -> None:
    """List the coaches: how each is called here, the name, the organisation, and whether the account is open."""
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures():
        lines = coach_accounts.listed(settings_of(data))
    for line in lines or ["no coaches yet; make one with: mindshift coach add"]:
        click.echo(line)


@coach.command(name="invite")
@who
@folder
def invite_coach(who: str, data: Path | None) -> None:
    """
    Print a new code for WHO, by the name or by the first letters of the code in the list.

    Whoever has the account in Telegram loses it; needed for a coach with a new telephone account.
    """
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures(), _known_coaches():
        _show_code(coach_accounts.invite_again(settings_of(data), who))


@coach.command()
@who
@folder
def reset(who: str, data: Path | None) -> None:
    """Clear the second step of WHO, such as after a lost telephone. The coach is told in the chat."""
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures(), _known_coaches():
        coach_accounts.reset(settings_of(data), who)
    click.echo("cleared: it is set up anew at the next login")


@coach.command()
@who
@folder
def close(who: str, data: Path | None) -> None:
    """Close the account of WHO: nothing can be read from the next request on. The coach is told in the chat."""
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures(), _known_coaches():
        coach_accounts.close(settings_of(data), who)
    click.echo("closed")


@coach.command(name="open")
@who
@folder
def reopen(who: str, data: Path | None) -> None:
    """Open the account of WHO again. The coach is told in the chat."""
    from app import coach_accounts  # noqa: PLC0415

    with plain_failures(), _known_coaches():
        coach_accounts.reopen(settings_of(data), who)
    click.echo("open")


@coach.command()
@who
@folder
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(who: str, data: Path | None, *, yes: bool) -> None:
    """Forget WHO. What leaders shared stays with them, and nobody reads it."""
    from app import coach_accounts  # noqa: PLC0415

    settings = settings_of(data)
    if not yes:
        click.confirm("Remove this account? This cannot be undone", abort=True)
    with plain_failures(), _known_coaches():
        coach_accounts.remove(settings, who)
    click.echo("removed")


def _show_code(token: str) -> None:
    click.echo("Send one of these to the coach, and to nobody else. It holds for 72 hours and works once.")
    click.echo(f"A link, with the name of your bot for NAME:  https://t.me/NAME?start={token}")
    click.echo(f"What to type to the bot:  /koppel {token}   (in English: /link ...)")
    click.echo("The bot then tells the coach how to go on.")


@contextmanager
def _known_coaches() -> Iterator[None]:
    """End with one plain sentence when no coach is called what was typed."""
    from app.coach_accounts import CoachUnknown  # noqa: PLC0415

    try:
        yield
    except CoachUnknown as unknown:
        raise click.ClickException(f"{unknown}; mindshift coach list shows them all") from None
