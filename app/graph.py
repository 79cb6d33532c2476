"""
Draws the routes as diagrams for `docs/routes.md`, from the same tables that the engine walks.

Nothing here knows what a route is about. Nothing is drawn by hand, so a diagram cannot say what the engine does not do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dialogues.table import RETURN, Tabled

_HEAD = """\
# The routes

Every state in which the guide waits for an answer, and every arrow between them.
This page is drawn by `./run graph` from the tables in `dialogues/routes/`, and of teams in `dialogues/team/`; change it
there.
A name with a dot lies in another route.
"""
_OUTSIDE = "what was interrupted, or else the menu"


def page(routes: Iterable[Tabled], from_anywhere: Mapping[str, str], everywhere: Mapping[str, str]) -> str:
    """
    Return all *routes* as one Markdown page with a Mermaid diagram each.

    Args:
        from_anywhere: commands, and moments that came due, with the state they begin at.
        everywhere: the moves that every open question understands, with where they lead.
    """
    parts = [
        _HEAD,
        _table("From anywhere", "command", "begins at", from_anywhere),
        _table("Everywhere", "move", "leads to", everywhere),
    ]
    return "\n".join([*parts, *(_section(route) for route in routes)])


def _table(title: str, left: str, right: str, rows: Mapping[str, str]) -> str:
    lines = "\n".join(f"| {one} | {other} |" for one, other in rows.items())
    return f"## {title}\n\n| {left} | {right} |\n| --- | --- |\n{lines}\n"


def _section(route: Tabled) -> str:
    drawing = "\n".join(_drawing(route))
    return f"## {route.name}\n\n```mermaid\n{drawing}\n```\n"


def _drawing(route: Tabled) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    targets = {arrow.target for arrow in route.arrows} - set(route.states)
    for state in (*route.states, *sorted(targets)):
        yield f'    state "{_OUTSIDE if state == RETURN else state}" as {_id(state)}'
    for arrow in route.arrows:
        yield f"    {_id(arrow.source)} --> {_id(arrow.target)}: {arrow.move}"


def _id(state: str) -> str:
    """Return *state* as a name Mermaid takes: it knows no dots, and has words of its own."""
    return "s_" + state.replace(".", "__")
