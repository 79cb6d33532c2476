"""
The commands: chat, bot, dashboard, check, graph, map, export, import, erase, verify, backup, restore, keys, coach, health.

Each command reads the settings, lets `compose.py` put the parts together, and hands over. Exit codes: 0 done, 1 failed,
2 asked wrongly or set wrongly, 3 the store cannot be read. What is imported is imported late, so that help is quick.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import click

from app.coach_commands import coach
from app.prompt import FAILED, folder, plain_failures, settings_of
from bot.collector import YOUNG

_MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Without a command: chat.")
@click.version_option(package_name=None, version="0.1.0", prog_name="mindshift")
def mindshift() -> None:
    """Mindshift, a reflective coaching companion for school leaders."""


@mindshift.command()
@folder
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language until the leader chooses one.")
@click.option(
    "--at", type=click.DateTime(_MOMENTS), metavar="MOMENT", help="Talk as if it were '2026-12-01 08:00', local time."
)
def chat(data: Path | None, language: str | None, at: datetime | None) -> None:
    """
    Talk with the guide in this terminal.

    Buttons are numbered; type a number, the words, or an answer of your own. With a pipe, one line in is one message.
    """
    from app import compose  # noqa: PLC0415

    with plain_failures():
        settings = settings_of(data)
        compose.chat(settings, language or "", _clock(at, settings.timezone))


@mindshift.command()
@folder
def bot(data: Path | None) -> None:
    """
    Run the Telegram bot.

    By long polling, or by webhook when MINDSHIFT_WEBHOOK_URL is set. Needs MINDSHIFT_TELEGRAM_TOKEN.
    """
    from app import compose  # noqa: PLC0415
    from bot.errors import BotError  # noqa: PLC0415

    settings = settings_of(data, bot=True)
    with plain_failures():
        try:
            compose.bot(settings)
        except BotError as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"cannot listen at MINDSHIFT_LISTEN: {error.strerror}") from None


@mindshift.command()
@click.option("--demo", is_flag=True, help="With a made-up coach and leaders; nothing is kept and no token is needed.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), help="Where to serve it; without it a free one.")
def dashboard(*, demo: bool, language: str, port: int | None) -> None:
    """
    Show the pages of coaches and leaders at this machine.

    The real ones are served by the bot, when MINDSHIFT_PUBLIC_URL is set.
    """
    if not demo:
        raise click.UsageError("the pages are served by ./run bot, with MINDSHIFT_PUBLIC_URL; here only with --demo")
    from app import demo as demonstration  # noqa: PLC0415

    at = port or demonstration.free_port()
    with plain_failures():
        try:
            demonstration.show(at, language, click.echo)
        except OSError as error:
            raise click.ClickException(f"cannot listen at port {at}: {error.strerror}") from None


@mindshift.command()
def check() -> None:
    """
    List every fault in the words of the guide.

    Typed as ./run check in a checkout, this is one of several gates.
    """
    from app import words  # noqa: PLC0415

    faults = words.faults(datetime.now(UTC).date())
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(faults)} faults in the content" if faults else "no faults in the content")
    sys.exit(FAILED if faults else 0)


@mindshift.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when diagrams or table are not current.")
def graph(*, only_check: bool) -> None:
    """Draw the routes in docs/routes.md, and the table of all models in docs/models.md."""
    from app import graph, placing  # noqa: PLC0415
    from content.catalogue import load  # noqa: PLC0415
    from dialogues.map import EVERYWHERE, FROM_ANYWHERE, ROUTES  # noqa: PLC0415
    from dialogues.team.engine import ROUTES as TEAM_ROUTES  # noqa: PLC0415

    docs = Path(__file__).parents[1] / "docs"
    with plain_failures():
        drawn = {
            "routes.md": graph.page([*ROUTES.values(), *TEAM_ROUTES], FROM_ANYWHERE, EVERYWHERE),
            "models.md": placing.page(load()),
        }
    docs.mkdir(exist_ok=True)
    for name, text in drawn.items():
        path = docs / name
        if not only_check:
            path.write_text(text, encoding="utf-8")
            click.echo(f"docs/{name} is drawn")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise click.ClickException(f"docs/{name} is not current; run ./run graph")


@mindshift.command()
@click.argument("leader", default="terminal")
@folder
@click.option("--format", "shape", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
def export(leader: str, data: Path | None, shape: str, to: Path | None) -> None:
    """
    Write all that is kept of a leader.

    LEADER is an id; without it, the leader of the terminal.
    """
    from app import compose  # noqa: PLC0415

    with plain_failures():
        written = compose.export(settings_of(data), leader, shape)
        if written is None:
            raise click.ClickException("nothing is kept of this leader")
        if to is None:
            sys.stdout.buffer.write(written.encode("utf-8", errors="replace"))
            return
        try:
            with open(to, "w", encoding="utf-8", errors="replace", opener=_private) as file:
                file.write(written)
        except OSError as error:
            raise click.ClickException(f"the file cannot be written: {error.strerror}") from None


@mindshift.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@folder
def take_over(file: Path, data: Path | None) -> None:
    """
    Take an export over into the terminal.

    FILE is the JSON that /mijndata or the export command gave. Nothing may be kept of the leader in the terminal yet.
    """
    from app import compose  # noqa: PLC0415
    from app.importing import ImportRefused  # noqa: PLC0415

    with plain_failures():
        try:
            page = compose.take_over(settings_of(data), file.read_text(encoding="utf-8"))
        except ImportRefused as refused:
            raise click.ClickException(str(refused)) from None
        except (OSError, UnicodeDecodeError):
            raise click.ClickException("the file cannot be read as text") from None
    click.echo(f"taken over: {len(page.journal)} reflections, {len(page.conversation.journeys)} journeys")


@mindshift.command(name="map")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when the map or a document is behind.")
def chart(*, only_check: bool) -> None:
    """Write which data are kept, and why, in docs/privacy/data-map.md."""
    from app import data_map  # noqa: PLC0415

    faults = data_map.faults() if only_check else data_map.write()
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(FAILED if faults else 0)


@mindshift.command()
@click.argument("leader", default="terminal")
@folder
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(leader: str, data: Path | None, *, yes: bool) -> None:
    """
    Erase all that is kept of a leader.

    LEADER is an id; without it, the leader of the terminal.
    """
    from app import compose  # noqa: PLC0415

    settings = settings_of(data)
    if not yes:
        click.confirm(f"Erase everything that is kept of {leader}? This cannot be undone", abort=True)
    with plain_failures():
        compose.erase(settings, leader)
    exports = compose.exports_of(settings.data)
    left = f"; files exported earlier are yours, and still in {exports}" if exports.exists() else ""
    click.echo(f"erased{left}")


@mindshift.command()
@folder
def verify(data: Path | None) -> None:
    """
    See whether every page of the store can be read.

    Names no leader and shows no word. It may run beside the bot. Exit code 1 when a page cannot be read.
    """
    from app import upkeep  # noqa: PLC0415

    with plain_failures():
        sys.exit(0 if upkeep.look_over(settings_of(data)) else FAILED)


@mindshift.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@folder
def backup(file: Path, data: Path | None) -> None:
    """
    Write a backup of the store to FILE.

    It may run beside the bot. The keys are not in it: keep a copy of their folder somewhere else, and only the newest.
    """
    from app import upkeep  # noqa: PLC0415

    with plain_failures():
        upkeep.make_backup(settings_of(data), file)


@mindshift.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@folder
def restore(file: Path, data: Path | None) -> None:
    """
    Put the backup FILE back into an empty folder.

    Put the keys folder back first. Who was erased since the backup stays erased.
    """
    from app import upkeep  # noqa: PLC0415

    with plain_failures():
        sys.exit(0 if upkeep.put_back(settings_of(data), file) else FAILED)


@mindshift.group()
def keys() -> None:
    """Look after the keys of the store."""


@keys.command()
@folder
def rotate(data: Path | None) -> None:
    """
    Take a new master key, after which the old one opens nothing.

    It may run beside the bot, and goes on where it stopped when it was broken off.
    """
    from app import upkeep  # noqa: PLC0415

    with plain_failures():
        upkeep.renew_master_key(settings_of(data))


@mindshift.command()
def health() -> None:
    """Ask the running bot at MINDSHIFT_LISTEN whether it is well."""
    from app.health import is_well  # noqa: PLC0415

    sys.exit(0 if is_well(settings_of(None).listen) else FAILED)


mindshift.add_command(coach)

COMMANDS = tuple(sorted(mindshift.commands))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _clock(at: datetime | None, zone: tzinfo) -> Callable[[], datetime]:
    """Return the real clock, or one that stands still at *at* as the clocks in *zone* show it."""
    if at is None:
        return lambda: datetime.now(UTC)
    moment = at.replace(tzinfo=zone).astimezone(UTC)
    return lambda: moment


def main(words: list[str] | None = None) -> None:
    """Run the command in *words*, by default those of the command line; without a command, chat."""
    # Reading the program makes a hundred thousand values that all stay; looking through them takes a tenth of a start.
    gc.set_threshold(YOUNG)
    given = sys.argv[1:] if words is None else words
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        given = ["chat", *given]
    mindshift(given, prog_name="mindshift")


if __name__ == "__main__":
    main()
