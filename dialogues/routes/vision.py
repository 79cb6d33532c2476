"""
The vision dialogue: seven stations (Simons, *Leidinggeven aan leren*, Tabel 7), one a contact, alone and together in turn.

At a station a leader answers a question, fills in a scan, works on the draft of the vision, or fills in the vision
deployment matrix (Kim; Jutten, 2015). The draft grows, and every older version is kept. She can leave at any station and
come back after months. Which tools belong to which station stands in the content.
"""

from __future__ import annotations

from dialogues import matrix, scanning
from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Phrase, Reflection, Say, Value, Vision
from dialogues.desk import Desk
from dialogues.models import Model, Station
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from     move      to
    hall       go        station
    hall       pick      pick
    hall       draft     draft
    hall       matrix    matrix
    pick       pick      station
    station    question  question
    station    scan      scan.start
    station    draft     draft
    station    matrix    matrix
    station    close     outcome
    question   said      station
    draft      said      station
    draft      hall      return      # the draft was looked at from the hall
    matrix     fill      cell
    matrix     done      return
    matrix     station   station
    cell       said      cell        # the next one
    cell       rest      matrix      # five were filled in, or none is left
    outcome    said      return
""")

STATIONS = 7
CELLS_AT_ONCE = 5


def _vision(desk: Desk) -> Vision:
    return desk.conversation.vision or Vision(desk.now)


def _put(desk: Desk, vision: Vision) -> None:
    desk.conversation = replace(desk.conversation, vision=vision)


def _station(desk: Desk) -> Station:
    """Return the station of this contact: the one chosen, or where the leader is."""
    number = desk.number("station_number") or _vision(desk).station
    return desk.repertoire.stations[number - 1]


def _draft(desk: Desk) -> Reflection | None:
    id_ = _vision(desk).draft
    return desk.find(id_) if id_ else None


# -- the hall ----------------------------------------------------------------------------------------------------


def _say_hall(desk: Desk) -> Say:
    vision, draft = _vision(desk), _draft(desk)
    station = desk.repertoire.stations[vision.station - 1]
    values: dict[str, Value] = {
        "number": station.number,
        "name": Phrase(f"vision.stations.s{station.number}.name"),
        "work": Phrase(f"vision.work.{station.work}"),
        "done": len(vision.done),
        "first": not vision.done and not vision.asked and not vision.draft,
        "draft": draft.text if draft else "",
        "cells": len(vision.cells),
    }
    return Say("vision.hall", values)


def _hall(desk: Desk, reply: Reply) -> str:
    _put(desk, _vision(desk))
    desk.sets["station_number"] = _vision(desk).station
    desk.sets["from_hall"] = "yes" if reply.choice in ("draft", "matrix") else ""
    return reply.choice


def _pick_buttons(_desk: Desk) -> tuple[Choice, ...]:
    numbers = [str(number) for number in range(1, STATIONS + 1)]
    return tuple(Choice(f"s{number}", "pick", Phrase("compass.number", {"number": number})) for number in numbers)


def _say_pick(desk: Desk) -> Say:
    done = _vision(desk).done
    stations: tuple[Value, ...] = tuple(
        {
            "number": station.number,
            "name": Phrase(f"vision.stations.s{station.number}.name"),
            "work": Phrase(f"vision.work.{station.work}"),
            "done": done.get(f"s{station.number}", ""),
        }
        for station in desk.repertoire.stations
    )
    return Say("vision.pick", {"stations": stations})


def _pick(desk: Desk, reply: Reply) -> str:
    desk.sets["station_number"] = int(reply.choice.removeprefix("s"))
    _put(desk, _vision(desk))
    return "pick"


# -- one station -------------------------------------------------------------------------------------------------


def _tools(desk: Desk) -> list[tuple[Model, str]]:
    """Return all questions of this station, in order; what the content no longer holds is passed over."""
    known = desk.repertoire.models
    found: list[tuple[Model, str]] = []
    for tool in _station(desk).tools:
        id_, _, element = tool.partition(".")
        if id_ in known:
            found += [(known[id_], one) for one in known[id_].elements if element in ("", one)]
    return found


def _questions(desk: Desk) -> list[tuple[Model, str]]:
    """Return the questions of this station that were not given yet."""
    asked = _vision(desk).asked
    return [(model, element) for model, element in _tools(desk) if f"{model.id}.{element}" not in asked]


def _scans(desk: Desk) -> list[str]:
    """Return the scans of this station, those not filled in yet first."""
    ids = list(_station(desk).scans)
    return sorted(ids, key=lambda id_: bool(scanning.finished(desk.conversation, id_)))


def _station_buttons(desk: Desk) -> tuple[Choice, ...]:
    station = _station(desk)
    ids = ["question"] if _questions(desk) else []
    ids += ["scan"] if station.scans else []
    ids.append("draft")
    ids += ["matrix"] if station.matrix else []
    ids.append("close")
    return tuple(Choice(id_, id_, Phrase(f"vision.buttons.{id_}")) for id_ in ids)


def _say_station(desk: Desk) -> Say:
    station = _station(desk)
    scans = _scans(desk)
    values: dict[str, Value] = {
        "number": station.number,
        "name": Phrase(f"vision.stations.s{station.number}.name"),
        "about": Phrase(f"vision.stations.s{station.number}.about"),
        "work": Phrase(f"vision.work.{station.work}"),
        "again": bool(desk.get("at_station")),
        "scan": desk.repertoire.models[scans[0]].words("title") if scans else "",
    }
    return Say("vision.station", values)


def _hear_station(desk: Desk, reply: Reply) -> str:
    desk.sets["at_station"] = desk.sets["station"] = str(_station(desk).number)
    desk.sets["from_hall"] = ""
    if reply.choice == "scan":
        desk.sets["model"] = _scans(desk)[0]
    return reply.choice


def _asked_slot(desk: Desk) -> str:
    """Return where this contact remembers which question it asks here, so that going back asks the same one."""
    return f"vision.{_station(desk).number}.{len(desk.names('answered_here'))}"


def _question_now(desk: Desk) -> tuple[Model, str]:
    model, _, element = desk.frame.kept.get(_asked_slot(desk), "").partition(".")
    known = desk.repertoire.models
    if model in known and element in known[model].elements:
        return known[model], element
    return (_questions(desk) or _tools(desk)[-1:])[0]


def _say_question(desk: Desk) -> Say:
    model, element = _question_now(desk)
    desk.frame = replace(desk.frame, kept={**desk.frame.kept, _asked_slot(desk): f"{model.id}.{element}"})
    return Say("vision.question", {"title": model.words("title"), "question": model.of(element, "question")})


def _question(desk: Desk, reply: Reply) -> str:
    model, element = _question_now(desk)
    id_ = f"{model.id}.{element}"
    desk.sets["answered_here"] = (*desk.names("answered_here"), id_)
    keep_answer(desk, reply, "answer", Kind.VISION, slot=id_, model=id_)
    vision = _vision(desk)
    _put(desk, replace(vision, asked=tuple(dict.fromkeys((*vision.asked, id_)))))
    return "said"


def _say_draft(desk: Desk) -> Say:
    draft = _draft(desk)
    if draft is None:
        return Say("vision.draft")
    on = draft.history[-1].until if draft.history else draft.said
    values: dict[str, Value] = {
        "text": draft.text,
        "on": on,
        "today": desk.today,
        "versions": len(draft.history) + 1,
        "id": draft.id,
    }
    return Say("vision.draft_again", values)


def _hear_draft(desk: Desk, reply: Reply) -> str:
    if not reply.skipped:
        draft = _draft(desk)
        if draft is None:
            draft = desk.keep(
                Kind.VISION, reply.text, "draft", question=reply.asked, source=reply.source, model="draft"
            )
            _put(desk, replace(_vision(desk), draft=draft.id))
        else:
            desk.correct(draft, reply.text)
        desk.say("vision.draft_kept", versions=len(desk.kept[draft.id].history) + 1)
    return "hall" if desk.get("from_hall") else "said"


def _say_outcome(desk: Desk) -> Say:
    station = _station(desk)
    return Say(
        "vision.outcome",
        {
            "number": station.number,
            "name": Phrase(f"vision.stations.s{station.number}.name"),
            "work": Phrase(f"vision.work.{station.work}"),
        },
    )


def _outcome(desk: Desk, reply: Reply) -> str:
    station, vision = _station(desk), _vision(desk)
    keep_answer(
        desk, reply, "answer", Kind.VISION, slot=f"outcome.{station.number}", model=f"station.s{station.number}"
    )
    done = {**vision.done, f"s{station.number}": desk.now}
    # She may look back at a station, or go ahead; what comes next is always the first one that is open.
    following = next((number for number in range(1, STATIONS + 1) if f"s{number}" not in done), STATIONS)
    _put(desk, replace(vision, done=done, station=following))
    if len(done) == STATIONS:
        desk.say("vision.all_done")
        return "said"
    name = Phrase(f"vision.stations.s{following}.name")
    work = Phrase(f"vision.work.{desk.repertoire.stations[following - 1].work}")
    desk.say("vision.closed", number=station.number, next=following, name=name, work=work)
    return "said"


# -- the matrix --------------------------------------------------------------------------------------------------


def _written(desk: Desk) -> dict[str, str]:
    return matrix.texts(_vision(desk).cells, desk.find)


def _say_matrix(desk: Desk) -> Say:
    values = matrix.overview(_written(desk))
    filled = bool(_written(desk))
    return Say(
        "vision.matrix" if filled else "vision.matrix_empty", values, picture=matrix.picture(values) if filled else None
    )


def _matrix_buttons(desk: Desk) -> tuple[Choice, ...]:
    ids = ("fill", "done") if _open_cells(desk) else ("done",)
    return tuple(Choice(id_, id_, None if id_ == "done" else Phrase(f"vision.buttons.{id_}")) for id_ in ids)


def _matrix(desk: Desk, reply: Reply) -> str:
    desk.sets["cells_now"] = ()
    _put(desk, _vision(desk))
    if reply.choice == "done" and desk.get("station") and not desk.get("from_hall"):
        return "station"
    return reply.choice


def _open_cells(desk: Desk) -> list[str]:
    """Return the empty cells in the order of the procedure, those passed over in this contact left out."""
    passed = desk.names("cells_now")
    return [cell for cell in matrix.ORDER if cell not in _vision(desk).cells and cell not in passed]


def _cell_now(desk: Desk) -> str:
    before = desk.frame.kept.get(f"cell.{len(desk.names('cells_now'))}.{desk.number('cell_round') or 0}", "")
    return before or next(iter(_open_cells(desk)), matrix.ORDER[-1])


def _say_cell(desk: Desk) -> Say:
    return Say("vision.cell", matrix.question(_written(desk), _cell_now(desk)))


def _cell(desk: Desk, reply: Reply) -> str:
    cell = _cell_now(desk)
    slot = f"cell.{len(desk.names('cells_now'))}.{desk.number('cell_round') or 0}"
    desk.frame = replace(desk.frame, kept={**desk.frame.kept, slot: cell})
    if not reply.skipped:
        kept = desk.keep(Kind.VISION, reply.text, cell, question=reply.asked, source=reply.source, model=f"cell.{cell}")
        _put(desk, replace(_vision(desk), cells={**_vision(desk).cells, cell: kept.id}))
    desk.sets["cells_now"] = (*desk.names("cells_now"), cell)
    rests = len(desk.names("cells_now")) >= CELLS_AT_ONCE or not _open_cells(desk)
    if rests:
        desk.sets["cell_round"] = (desk.number("cell_round") or 0) + 1
    return "rest" if rests else "said"


ROUTE = Route(
    name="vision",
    states={
        "hall": choose("vision.hall", ("go", "pick", "draft", "matrix"), _hall, saying=_say_hall, echo=False),
        "pick": choose("vision.pick", (), _pick, saying=_say_pick, offer=_pick_buttons, echo=False, row=True),
        "station": choose("vision.station", (), _hear_station, saying=_say_station, offer=_station_buttons, echo=False),
        "question": write("vision.question", _question, saying=_say_question, skip=True, echo=False),
        "draft": write(
            "vision.draft",
            _hear_draft,
            saying=_say_draft,
            keys=("vision.draft", "vision.draft_again"),
            skip=True,
            echo=False,
        ),
        "outcome": write(
            "vision.outcome",
            _outcome,
            saying=_say_outcome,
            skip=True,
            echo=False,
        ),
        "matrix": choose(
            "vision.matrix",
            (),
            _matrix,
            saying=_say_matrix,
            keys=("vision.matrix", "vision.matrix_empty"),
            offer=_matrix_buttons,
            echo=False,
        ),
        "cell": write("vision.cell", _cell, saying=_say_cell, skip=True, echo=False),
    },
    arrows=ARROWS,
)
