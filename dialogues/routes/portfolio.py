"""
Making a portfolio: which themes, which pieces, what is seen of it in school, and a look before it is made.

What a coach stated for it comes first: only what she accepts goes in. What can go in, and what is proposed, stands in
`dialogues/portfolio.py`. Nothing of the choice is kept but what she writes.
"""

from __future__ import annotations

from dialogues import statements
from dialogues.changing import replace
from dialogues.coaching import Statement
from dialogues.conversation import Choice, Kind, Say, Value
from dialogues.desk import Desk
from dialogues.portfolio import Part, Piece, Portfolio, Theme, compose, themes
from dialogues.portfolio_words import piece_box, portfolio_words, theme_box
from dialogues.ports import Page
from dialogues.routes.asking import choose, keep_answer, tick, write
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from      move     to
    statement   more     statement    # another one waits
    statement   on       themes
    themes      pick     pieces
    themes      none     return
    pieces      next     pieces       # the next theme
    pieces      effect   effect       # nothing is said yet of what is seen in school
    pieces      look     preview
    effect      next     pieces
    effect      look     preview
    preview     make     return
    preview     change   themes
    preview     nothing  return
""")

BOXES = 10
"""Themes or pieces to choose from in one message; on her own page she chooses from all of them."""


def found(desk: Desk) -> tuple[Theme, ...]:
    """Return the themes there are, with what was written in this turn."""
    known = {kept.id: kept for kept in desk.journal} | desk.kept
    return themes(Page(desk.conversation, tuple(known.values())))


# -- statements --------------------------------------------------------------------------------------------------


def _statement_now(desk: Desk) -> Statement | None:
    return next(iter(statements.waiting(desk.conversation)), None)


def _say_statement(desk: Desk) -> Say:
    statement = _statement_now(desk)
    coach = next((link for link in desk.conversation.links if statement and link.coach == statement.coach), None)
    journey = desk.find_journey(statement.about) if statement else None
    values: dict[str, Value] = {
        "text": statement.text if statement else "",
        "name": coach.name if coach else "",
        "organisation": coach.organisation if coach else "",
        "to": journey.to if journey else "",
    }
    return Say("portfolio.statement", values)


def _statement(desk: Desk, reply: Reply) -> str:
    statement = _statement_now(desk)
    if statement:
        accepted = reply.choice == "yes"
        desk.conversation = statements.answered(desk.conversation, statement.id, desk.now, accepted=accepted)
        desk.say("portfolio.accepted" if accepted else "portfolio.refused")
    return "more" if statements.waiting(desk.conversation) else "on"


# -- themes and pieces -------------------------------------------------------------------------------------------


def _theme_boxes(desk: Desk) -> tuple[Choice, ...]:
    return tuple(Choice(theme.id, "tick", theme_box(theme)) for theme in found(desk)[:BOXES])


def _say_themes(desk: Desk) -> Say:
    shown = found(desk)[:BOXES]
    more = len(found(desk)) > BOXES
    return Say("portfolio.themes", {"items": tuple(theme_box(theme) for theme in shown), "more": more})


def _themes(desk: Desk, reply: Reply) -> str:
    if not reply.ticks:
        desk.say("portfolio.nothing_chosen")
        return "none"
    desk.sets["chosen"] = reply.ticks
    desk.sets["left"] = reply.ticks
    return "pick"


def _theme(desk: Desk) -> Theme | None:
    """Return the theme whose pieces are chosen now: the first one left."""
    left = desk.names("left")
    return next((theme for theme in found(desk) if left and theme.id == left[0]), None)


def _shown(theme: Theme) -> tuple[Piece, ...]:
    """Return the pieces of *theme* to choose from here: those that are proposed, then the newest, in order of time."""
    first = sorted(theme.pieces, key=lambda piece: (piece.usual, piece.on), reverse=True)[:BOXES]
    return tuple(piece for piece in theme.pieces if piece in first)


def _piece_boxes(desk: Desk) -> tuple[Choice, ...]:
    theme = _theme(desk)
    return tuple(Choice(one.id, "tick", piece_box(one, desk.repertoire)) for one in _shown(theme)) if theme else ()


def _say_pieces(desk: Desk) -> Say:
    theme = _theme(desk)
    if theme is None:
        return Say("portfolio.pieces", {"items": (), "topic": "", "others": False, "more": False})
    shown = _shown(theme)
    _propose(desk, theme, shown)
    return Say(
        "portfolio.pieces",
        {
            "items": tuple(piece_box(piece, desk.repertoire) for piece in shown),
            "topic": theme.topic,
            "others": theme.others,
            "more": len(theme.pieces) > len(shown),
        },
    )


def _propose(desk: Desk, theme: Theme, shown: tuple[Piece, ...]) -> None:
    """Tick what is proposed, once for each time this question is asked."""
    slot = f"proposed.{theme.id}"
    if desk.frame.kept.get(slot) != desk.frame.nonce:
        usual = tuple(piece.id for piece in shown if piece.usual)
        desk.frame = replace(desk.frame, ticks=usual, kept={**desk.frame.kept, slot: desk.frame.nonce})


def _pieces(desk: Desk, reply: Reply) -> str:
    theme = _theme(desk)
    if theme is None:
        return "look"
    desk.sets[f"in.{theme.id}"] = reply.ticks
    if theme.journeys and not any(piece.part is Part.EFFECT for piece in theme.pieces):
        desk.sets["journey"] = theme.journeys[-1].id
        return "effect"
    return _onward(desk)


def _say_effect(desk: Desk) -> Say:
    theme = _theme(desk)
    return Say("portfolio.effect", {"topic": theme.topic if theme else ""})


def _effect(desk: Desk, reply: Reply) -> str:
    theme = _theme(desk)
    if theme:
        keep_answer(desk, reply, "effect", Kind.EFFECT, slot=theme.id)
        written = () if reply.skipped else (desk.name(f"portfolio.effect.{theme.id}", "r"),)
        desk.sets[f"in.{theme.id}"] = (*desk.names(f"in.{theme.id}"), *written)
    return _onward(desk)


def _onward(desk: Desk) -> str:
    left = desk.names("left")[1:]
    desk.sets["left"] = left
    return "next" if left else "look"


# -- a look before it is made ------------------------------------------------------------------------------------


def composed(desk: Desk) -> Portfolio:
    """Return the portfolio as it was chosen in this contact."""
    known = {kept.id: kept for kept in desk.journal} | desk.kept
    chosen = {theme: desk.names(f"in.{theme}") for theme in desk.names("chosen")}
    return compose(Page(desk.conversation, tuple(known.values())), chosen, desk.now)


def _say_preview(desk: Desk) -> Say:
    return Say("portfolio.preview", portfolio_words(composed(desk), desk.repertoire))


def _preview(desk: Desk, reply: Reply) -> str:
    if reply.choice == "make":
        desk.portfolio = composed(desk)
        desk.lines.insert(0, Say("portfolio.here"))
    elif reply.choice == "nothing":
        desk.say("portfolio.not_made")
    return reply.choice


ROUTE = Route(
    name="portfolio",
    states={
        "statement": choose("portfolio.statement", ("yes", "no"), _statement, saying=_say_statement, echo=False),
        "themes": tick("portfolio.themes", _themes, _theme_boxes, saying=_say_themes),
        "pieces": tick("portfolio.pieces", _pieces, _piece_boxes, saying=_say_pieces),
        "effect": write("portfolio.effect", _effect, saying=_say_effect, skip=True, echo=False),
        "preview": choose(
            "portfolio.preview", ("make", "change", "nothing"), _preview, saying=_say_preview, echo=False
        ),
    },
    arrows=ARROWS,
)
