"""Starting a journey: whose mindshift, what about, and the from-to sentence in the leader's own words."""

from __future__ import annotations

from dialogues import leads, names
from dialogues.changing import replace
from dialogues.conversation import Choice, Journey, Phrase, Say, Whose
from dialogues.desk import Desk
from dialogues.routes.asking import choose, keep_answer, kept_as, per_whose, picks, write
from dialogues.table import Hearing, Reply, Route, table, variants

ARROWS = table("""
    # from     move       to
    whose      topic      topic
    whose      sentence   from         # the leader already wrote what it is about
    whose      who        who          # a colleague
    who        name       who          # that looked like a full name
    who        topic      topic
    who        sentence   from
    topic      mindsets   mindsets
    topic      pairs      pairs
    topic      factors    factors
    topic      said       from         # own words
    mindsets   pick       fit
    mindsets   said       from
    pairs      pick       fit
    pairs      more       pairs
    pairs      said       from
    factors    pick       factor
    factors    more       factors
    factors    said       from
    fit        yes        diagnosis.willing
    fit        own        from
    factor     said       from         # the question of that factor
    from       said       to
    from       again      sentence     # the end was said already
    to         said       sentence
    sentence   yes        diagnosis.willing
    sentence   from       from
    sentence   to         to
""")

PER_PAGE = 4  # with "more" that makes five buttons


def _whose(desk: Desk, reply: Reply) -> str:
    desk.sets["whose"] = reply.choice
    desk.sets["journey"] = ""  # a new one has no id yet, and is not the one this contact began with
    if desk.get("thought"):
        desk.sets["topic"] = desk.get("thought")
    if reply.choice == Whose.COLLEAGUE:
        return "who"
    return _topic_known(desk)


def _topic_known(desk: Desk) -> str:
    return "sentence" if desk.get("topic") else "topic"


def _who(desk: Desk, reply: Reply) -> str:
    if names.looks_full(reply.text, alone=True):
        desk.say("journey.role_please")
        # The name goes no further than this turn: it is not repeated, not kept, and not asked about twice.
        desk.echo = ""
        desk.sets.clear()
        desk.frame = replace(desk.frame, kept={**desk.frame.kept, "names": "said"})
        return "name"
    desk.sets["who"] = reply.text
    return _topic_known(desk)


def _own_topic(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "topic")
    return "said"


def _topic(desk: Desk, reply: Reply) -> str:
    return reply.choice or _own_topic(desk, reply)


def _page(desk: Desk, kind: str, ids: tuple[str, ...]) -> tuple[Choice, ...]:
    if len(ids) <= PER_PAGE + 1:
        return picks("", ids, f"topics.{kind}.{{}}.label")
    start = (desk.number("page") or 0) % len(ids)
    return (*picks("", ids[start : start + PER_PAGE], f"topics.{kind}.{{}}.label"), Choice("more", "more"))


def _browse(kind: str) -> Hearing:
    def hear(desk: Desk, reply: Reply) -> str:
        if not reply.choice:
            return _own_topic(desk, reply)
        if reply.choice == "more":
            page = (desk.number("page") or 0) + PER_PAGE
            desk.sets["page"] = page if page < len(getattr(desk.repertoire, kind)) else 0
            return "more"
        desk.sets["pick"] = f"topics.{kind}.{reply.choice}"
        desk.sets["topic"] = Phrase(f"topics.{kind}.{reply.choice}.label")
        return "pick"

    return hear


def _say_fit(desk: Desk) -> Say:
    pick = desk.get("pick")
    return Say(f"journey.fit.{desk.whose}", {"from_": Phrase(f"{pick}.from"), "to": Phrase(f"{pick}.to")})


def _fit(desk: Desk, reply: Reply) -> str:
    if reply.choice == "yes":
        desk.sets["from_"] = Phrase(f"{desk.get('pick')}.from")
        desk.sets["to"] = Phrase(f"{desk.get('pick')}.to")
        _begin(desk)
    return reply.choice


def _say_from(desk: Desk) -> Say:
    return Say(f"journey.from.{desk.whose}", {"topic": desk.wording("topic"), "who": desk.get("who")})


def _from(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "from_")
    desk.sets["from_"] = leads.without_from(reply.text, desk.whose)
    return "again" if desk.wording("to") else "said"


def _to(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "to")
    desk.sets["to"] = leads.without_to(reply.text, desk.whose)
    return "said"


def _sentence(desk: Desk, reply: Reply) -> str:
    if reply.choice == "yes":
        _begin(desk)
    return reply.choice


def _begin(desk: Desk) -> None:
    id_ = desk.name("journey", "j")
    desk.sets["journey"] = id_
    older = desk.find_journey(id_)
    journey = Journey(
        id=id_,
        whose=Whose(desk.get("whose")),
        topic=desk.wording("topic"),
        from_=desk.wording("from_"),
        to=desk.wording("to"),
        who=desk.get("who"),
        begun=older.begun if older else desk.now,
    )
    desk.put_journey(journey)
    for slot, kept in desk.frame.kept.items():
        if slot.startswith(("journey.", "thought.", "wicked.belief")):
            desk.belongs(kept, id_)


def _sentence_words(desk: Desk) -> Say:
    words = {"from_": desk.wording("from_"), "to": desk.wording("to")}
    return Say(f"journey.sentence.{desk.whose}", words)


ROUTE = Route(
    name="journey",
    states={
        "whose": choose("journey.whose", ("own", "colleague", "team"), _whose),
        "who": write("journey.who", _who),
        "topic": choose(
            "journey.topic",
            ("mindsets", "pairs", "factors"),
            _topic,
            saying=per_whose("journey.topic"),
            keys=variants("journey.topic"),
            text=True,
            echo=False,
        ),
        "mindsets": choose(
            "journey.mindsets",
            (),
            _browse("mindsets"),
            offer=lambda desk: _page(desk, "mindsets", desk.repertoire.mindsets),
            text=True,
        ),
        "pairs": choose(
            "journey.pairs",
            (),
            _browse("pairs"),
            offer=lambda desk: _page(desk, "pairs", desk.repertoire.pairs),
            text=True,
        ),
        "factors": choose(
            "journey.factors",
            (),
            _browse("factors"),
            offer=lambda desk: _page(desk, "factors", desk.repertoire.factors),
            text=True,
        ),
        "factor": write(
            "journey.factor",
            kept_as("factor"),
            saying=lambda desk: Say("journey.factor", {"ask": Phrase(f"{desk.get('pick')}.ask")}),
            skip=True,
        ),
        "fit": choose("journey.fit", ("yes", "own"), _fit, saying=_say_fit, keys=variants("journey.fit")),
        "from": write(
            "journey.from",
            _from,
            saying=_say_from,
            keys=variants("journey.from"),
            echo=False,
        ),
        "to": write("journey.to", _to, saying=per_whose("journey.to"), keys=variants("journey.to")),
        "sentence": choose(
            "journey.sentence",
            ("yes", "from", "to"),
            _sentence,
            saying=_sentence_words,
            keys=variants("journey.sentence"),
            echo=False,
        ),
    },
    arrows=ARROWS,
)
