"""
Measures how fast the whole is: `python -m benchmarks [--rounds 5] [--quick] [--write] [NAMES…]`.

Rounds are interleaved, each bot once per round, because a shared machine drifts from minute to minute: only figures
of one run may be compared. The measuring side runs on one core and the bot on another, where the system allows that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from benchmarks import dashboard, figures, path, save, stall, turn

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing to measure, and the minutes it takes: a fixed part, and a part per round; quick ones take a tenth."""

    module: ModuleType
    fixed: float
    per_round: float


MEASUREMENTS = {
    "path": Measurement(path, 0.2, 0.9),
    "stall": Measurement(stall, 0.8, 2.3),
    "save": Measurement(save, 1.0, 0.4),
    "turn": Measurement(turn, 0.0, 0.15),
    "dashboard": Measurement(dashboard, 3.0, 5.0),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="How often each is measured.")
@click.option("--quick", is_flag=True, help="Small sizes, to see that it works; no figures to keep.")
@click.option("--write", is_flag=True, help="Put the tables into docs/performance.md.")
def main(names: Sequence[str], rounds: int, *, quick: bool, write: bool) -> None:
    """
    Measure NAMES, by default everything: path (a whole update, against others), stall (the event loop at 20 updates a
    second), save (keeping a reflection), turn (what a turn itself costs, and a start), dashboard (the pages of a coach).
    """
    chosen = [name for name in MEASUREMENTS if name in (names or MEASUREMENTS)]
    if write and quick:
        raise click.UsageError("quick figures are not for keeping; leave out --quick or --write")
    minutes = sum(MEASUREMENTS[name].fixed + rounds * MEASUREMENTS[name].per_round for name in chosen)
    console = Console(stderr=True)
    console.print(f"{', '.join(chosen)}: {rounds} rounds, about {minutes / (10 if quick else 1):.0f} minutes")
    for name in chosen:
        for table in _measured(name, rounds, console, quick=quick):
            click.echo(f"\n{table.name}\n\n{figures.markdown(table)}")
            if write:
                figures.write(table, DOCUMENT)


def _measured(name: str, rounds: int, console: Console, *, quick: bool) -> list[figures.Table]:
    module = MEASUREMENTS[name].module
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(name, total=module.steps(rounds, quick=quick))

        def step(what: str) -> None:
            progress.update(task, advance=1, description=f"{name}: {what}")

        measure: Callable[..., list[figures.Table]] = module.measure
        return measure(rounds, step, quick=quick)


if __name__ == "__main__":
    sys.exit(main())
