"""
One contact in a phase: a question or two, the importance ruler, then two or three cards to choose from.

Ask, offer, ask (elicit-provide-elicit); the ruler is asked "why not lower" before "what would one point more take"
(Miller & Rollnick). Cards with an ethics label come last, after a tick list, at most one in a contact and never twice in
a row; which cards those are stands in the content.
"""

from __future__ import annotations

import re

from dialogues import offering
from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Mark, Phase, Phrase, Say, Value, Whose, Wording
from dialogues.desk import Desk
from dialogues.repertoire import Card
from dialogues.routes.asking import choose, keep_answer, picks, rate, tick, write
from dialogues.table import Reply, Route, table, variants

ARROWS = table("""
    # from            move         to
    question          again        question
    question          weigh        importance        # phases 1 and 2
    question          offer        offer
    importance        why          importance_why
    importance_why    more         importance_more
    importance_why    offer        offer
    importance_more   offer        offer
    offer             plan         plan.when         # a change plan, from phase 3
    offer             light        plan.light        # look, ask or wait, in phases 1 and 2
    offer             wait         plan.light_what   # the card that waits
    offer             kinds        kinds             # a card with kinds: feedback
    offer             openly       openly            # about others: would I tell them?
    offer             ticks        ticks             # a card with an ethics label
    offer             other        offer
    offer             none         mark.ask
    offer             leave        return
    kinds             plan         plan.when
    kinds             openly       openly
    openly            plan         plan.when
    openly            light        plan.light
    openly            wait         plan.light_what
    openly            not_yet      offer
    ticks             promise      promise           # own thinking: a self-chosen promise
    ticks             plan         plan.when
    ticks             light        plan.light
    ticks             lighter      lighter           # a box stayed open
    lighter           plan         plan.when
    lighter           light        plan.light
    lighter           wait         plan.light_what
    lighter           kinds        kinds
    lighter           openly       openly
    lighter           none         mark.ask
    lighter           leave        return
    promise           plan         plan.when
    promise           light        plan.light
""")

TICKS = ("purpose", "aloud", "free", "lighter_tried")
WORKED_BEFORE = "worked_before"
WAIT = "wait"  # the one card that is a light plan already
SHORT_CONTACT = 4  # a contact that already took this many answers goes straight to the cards
_NUMBER_FIRST = re.compile(r"(\d{1,2})\s*[,.:;)]")
LIGHT_PHASES = (Phase.NOT_WANTING, Phase.NOT_YET_WANTING)


# -- the question ------------------------------------------------------------------------------------------------


def _next_question(desk: Desk) -> str:
    """Return the question of this phase that was asked longest ago, or never; the order of the pool decides ties."""
    journey = desk.journey
    asked = journey.asked if journey else {}
    pool = desk.repertoire.questions[desk.phase]
    before = desk.frame.kept.get(_asked_slot(desk))
    if before in pool:
        return before
    if desk.get("acting") == "not_yet" and "in_the_way" in pool and "in_the_way" not in desk.names("questions"):
        return "in_the_way"
    fresh = [id_ for id_ in pool if id_ not in desk.names("questions") and id_ != "in_the_way"] or list(pool)
    return min(
        fresh, key=lambda id_: asked[f"p{desk.phase}.{id_}"].timestamp() if f"p{desk.phase}.{id_}" in asked else 0
    )


def _asked_slot(desk: Desk) -> str:
    """Return where this contact remembers which question it asked here, so that going back asks the same one."""
    return f"asked.p{desk.phase}.{len(desk.names('questions'))}"


def _say_question(desk: Desk) -> Say:
    if _after_relapse(desk):
        return Say("contact.worked_before")
    question = Phrase(f"questions.p{desk.phase}.{_next_question(desk)}.{desk.whose}")
    if desk.names("questions"):
        return Say("contact.question", {"question": question})
    reason = desk.quote(Mark.REASON)
    values: dict[str, Value] = {
        "opening": Phrase(f"phases.p{desk.phase}.opening.{desk.whose}"),
        "question": question,
        "obliged": _obliged(desk),
        "reason": reason.text if reason else "",
        "on": reason.said if reason else "",
    }
    return Say("contact.first_question", values)


def _obliged(desk: Desk) -> bool:
    """Return whether somebody else wants this of the leader, and she is not there yet herself."""
    journey = desk.journey
    return bool(journey and journey.obliged and journey.whose == Whose.OWN and desk.phase == Phase.NOT_YET_WANTING)


def _after_relapse(desk: Desk) -> bool:
    """Return whether the leader just came back to this phase: then first what worked before."""
    return bool(desk.get("back")) and not desk.names("questions")


def _question(desk: Desk, reply: Reply) -> str:
    asked = WORKED_BEFORE if _after_relapse(desk) else _next_question(desk)
    desk.frame = replace(desk.frame, kept={**desk.frame.kept, _asked_slot(desk): asked})
    desk.sets["questions"] = (*desk.names("questions"), asked)
    journey = desk.journey
    if journey:
        desk.put_journey(replace(journey, asked={**journey.asked, f"p{desk.phase}.{asked}": desk.now}))
    keep_answer(desk, reply, "answer", slot=asked)
    early = len(desk.frame.steps) < SHORT_CONTACT and len(desk.names("questions")) < 2  # noqa: PLR2004 - one more
    if early and not reply.skipped:
        return "again"
    _point_deeper(desk)
    return "weigh" if desk.phase in LIGHT_PHASES else "offer"


def _point_deeper(desk: Desk) -> None:
    """Say once in a journey, in the phases that have one, which model leads deeper; it is never begun by itself."""
    journey, id_ = desk.journey, desk.repertoire.deeper.get(desk.phase, "")
    model = desk.repertoire.models.get(id_)
    slot = f"deeper.{id_}"
    if journey is None or model is None or slot in journey.asked:
        return
    desk.put_journey(replace(journey, asked={**journey.asked, slot: desk.now}))
    desk.say("contact.deeper", title=model.words("title"), code=model.code)


# -- how important is it -----------------------------------------------------------------------------------------


def follow_up(key: str, number: int) -> Say:
    """Return the question after a ruler: first why not lower, so that the leader's own reasons come first."""
    if number == 0:
        return Say(f"{key}.zero")
    if number == 10:  # noqa: PLR2004 - the end of the ruler
        return Say(f"{key}.ten")
    return Say(f"{key}.lower", {"number": number, "lower": max(number - 2, 0)})


def _importance(desk: Desk, reply: Reply) -> str:
    desk.sets["importance"] = reply.number or 0
    desk.keep(Kind.RULER, str(reply.number), question=reply.asked, number=reply.number)
    return "why"


def _importance_why(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "importance_why")
    number = desk.number("importance") or 0
    return "more" if 0 < number < 10 and not reply.skipped else "offer"  # noqa: PLR2004


def _importance_more(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "importance_more")
    return "offer"


# -- the cards ---------------------------------------------------------------------------------------------------


def _card_words(desk: Desk, ids: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(_words_of(desk.repertoire.card(id_)) for id_ in ids)


def _words_of(card: Card) -> dict[str, Value]:
    return {
        "short": Phrase(f"cards.{card.id}.short"),
        "meaning": Phrase(f"cards.{card.id}.{'offered_as' if card.label else 'meaning'}"),
        "why": Phrase(f"cards.{card.id}.{'only_when' if card.label else 'why'}"),
        "label": Phrase(f"contact.label.{card.label}") if card.label else "",
    }


def chosen(desk: Desk) -> Wording:
    """Return what the leader chose to do: the card, or an idea of her own."""
    return Phrase(f"cards.{desk.get('card')}.short") if desk.get("card") else desk.get("idea")


def _say_offer(desk: Desk) -> Say:
    shown = offering.page(desk)
    if not shown:
        return Say("contact.no_cards")
    key = "contact.offer_labelled" if desk.repertoire.card(shown[0]).label else "contact.offer"
    values: dict[str, Value] = {
        "cards": _card_words(desk, shown),
        "count": len(shown),
        "first": not desk.number("offer_page"),
        "way": _way(desk) if any(id_ in offering.preferred(desk) for id_ in shown) else "",
    }
    return Say(key, values)


def _way(desk: Desk) -> Phrase | str:
    """Return how the leader prefers to learn, in words, so that she can see what put cards first."""
    model = desk.repertoire.models.get(desk.repertoire.preferences)
    preference = desk.conversation.preference
    return model.of(preference, "term") if model and preference in model.elements else ""


def _offer_buttons(desk: Desk) -> tuple[Choice, ...]:
    shown, rest = offering.page_and_rest(desk)
    picks = tuple(Choice(id_, "pick", Phrase(f"cards.{id_}.short")) for id_ in shown)
    other = (Choice("other", "other"),) if rest else ()
    return (*picks, *other, Choice("none", "none"))


def _pass_over(desk: Desk, ids: tuple[str, ...]) -> None:
    journey = desk.journey
    fresh = [id_ for id_ in ids if offering.passed_slot(id_) not in desk.frame.kept]
    if journey and fresh:
        refused = {**journey.refused, **{id_: journey.refused.get(id_, 0) + 1 for id_ in fresh}}
        desk.put_journey(replace(journey, refused=refused))
        kept = {**desk.frame.kept, **{offering.passed_slot(id_): id_ for id_ in fresh}}
        desk.frame = replace(desk.frame, kept=kept)


def _offer(desk: Desk, reply: Reply) -> str:
    if reply.choice == "other":
        shown = offering.page(desk)
        desk.sets["offered"] = (*desk.names("offered"), *shown)
        desk.sets["offer_page"] = (desk.number("offer_page") or 0) + 1
        _pass_over(desk, shown)
        return "other"
    if reply.choice == "none":
        return _without_card(desk)
    return take(desk, reply.choice) if reply.choice else _own_idea(desk, reply)


def _own_idea(desk: Desk, reply: Reply) -> str:
    """Take a typed idea as the plan; one that begins with a number ("1, but shorter") chooses that card as well."""
    keep_answer(desk, reply, "idea")
    number = _NUMBER_FIRST.match(reply.text)
    shown = offering.page(desk)
    if number and 1 <= int(number[1]) <= len(shown):
        return take(desk, shown[int(number[1]) - 1])
    desk.sets["card"] = ""
    return _openly_or_plan(desk)


def _without_card(desk: Desk) -> str:
    desk.say("contact.no_plan")
    return "none" if desk.get("written") else "leave"


def take(desk: Desk, id_: str) -> str:
    """Choose the card *id_* and return the move that goes on with it."""
    desk.sets["card"] = id_
    card = desk.repertoire.card(id_)
    if card.label:
        return "ticks"
    if card.choices:
        return "kinds"
    return _openly_or_plan(desk)


def _openly_or_plan(desk: Desk) -> str:
    return _plan_or_light(desk) if desk.whose == Whose.OWN else "openly"


def _plan_or_light(desk: Desk) -> str:
    if desk.phase not in LIGHT_PHASES:
        return "plan"
    if desk.get("card") == WAIT:
        desk.sets["light_kind"] = "wait"
        return "wait"
    desk.sets["light_kind"] = ""
    return "light"


def _kinds_of(desk: Desk) -> tuple[str, ...]:
    return desk.card.choices if desk.card else ()


def _kinds_buttons(desk: Desk) -> tuple[Choice, ...]:
    return picks("", _kinds_of(desk), f"cards.{desk.get('card')}.kinds.{{}}.short")


def _say_kinds(desk: Desk) -> Say:
    key = f"cards.{desk.get('card')}.kinds"
    words: tuple[Value, ...] = tuple(
        {"short": Phrase(f"{key}.{kind}.short"), "meaning": Phrase(f"{key}.{kind}.meaning")} for kind in _kinds_of(desk)
    )
    return Say("contact.kinds", {"kinds": words})


def _kinds(desk: Desk, reply: Reply) -> str:
    desk.sets["kind_of_card"] = reply.choice
    return _openly_or_plan(desk)


def _openly(desk: Desk, reply: Reply) -> str:
    if reply.choice == "yes":
        return _plan_or_light(desk)
    desk.sets["offered"] = (*desk.names("offered"), desk.get("card"))
    desk.say("contact.not_openly")
    return "not_yet"


# -- the sharp cards ---------------------------------------------------------------------------------------------


def _tick_boxes(_desk: Desk) -> tuple[Choice, ...]:
    return tuple(Choice(id_, "tick", Phrase(f"contact.ticks.boxes.{id_}")) for id_ in TICKS)


def _say_ticks(desk: Desk) -> Say:
    card = desk.card
    items = tuple(Phrase(f"contact.ticks.boxes.{id_}") for id_ in TICKS)
    label = Phrase(f"contact.label.{card.label}") if card else ""
    return Say("contact.ticks", {"term": Phrase(f"cards.{desk.get('card')}.term"), "label": label, "items": items})


def _ticks(desk: Desk, reply: Reply) -> str:
    desk.sets["ticks"] = reply.ticks
    desk.sets["labelled_seen"] = desk.get("card")
    if desk.journey:
        desk.put_journey(replace(desk.journey, asked={**desk.journey.asked, offering.TICKED: desk.now}))
    open_boxes = [id_ for id_ in TICKS if id_ not in reply.ticks]
    if open_boxes:
        desk.sets["open_box"] = open_boxes[0] if "free" not in open_boxes else "free"
        desk.sets["card"] = ""
        return "lighter"
    return "promise" if desk.whose == Whose.OWN else _plan_or_light(desk)


def _say_lighter(desk: Desk) -> Say:
    cards = _card_words(desk, offering.lighter(desk))
    return Say("contact.lighter", {"cards": cards, "because": Phrase(f"contact.open_box.{desk.get('open_box')}")})


def _lighter_buttons(desk: Desk) -> tuple[Choice, ...]:
    picks = tuple(Choice(id_, "pick", Phrase(f"cards.{id_}.short")) for id_ in offering.lighter(desk))
    return (*picks, Choice("none", "none"))


def _lighter(desk: Desk, reply: Reply) -> str:
    return _without_card(desk) if reply.choice == "none" else take(desk, reply.choice)


def _promise(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "helper")
    return _plan_or_light(desk)


ROUTE = Route(
    name="contact",
    states={
        "question": write(
            "contact.question",
            _question,
            saying=_say_question,
            keys=("contact.question", "contact.first_question", "contact.worked_before"),
            skip=True,
        ),
        "importance": rate(
            "contact.importance",
            _importance,
            saying=lambda desk: Say(f"contact.importance.{desk.whose}"),
            keys=variants("contact.importance"),
        ),
        "importance_why": write(
            "contact.importance_why",
            _importance_why,
            saying=lambda desk: follow_up("contact.importance_why", desk.number("importance") or 0),
            keys=tuple(f"contact.importance_why.{end}" for end in ("zero", "lower", "ten")),
            skip=True,
        ),
        "importance_more": write(
            "contact.importance_more",
            _importance_more,
            saying=lambda desk: Say(
                "contact.importance_more",
                {"number": desk.number("importance") or 0, "more": (desk.number("importance") or 0) + 1},
            ),
            skip=True,
        ),
        "offer": choose(
            "contact.offer",
            (),
            _offer,
            saying=_say_offer,
            keys=("contact.offer", "contact.offer_labelled", "contact.no_cards"),
            offer=_offer_buttons,
            text=True,
        ),
        "kinds": choose("contact.kinds", (), _kinds, saying=_say_kinds, offer=_kinds_buttons),
        "openly": choose(
            "contact.openly",
            ("yes", "not_yet"),
            _openly,
            saying=lambda desk: Say(
                f"contact.openly.{desk.whose}",
                {"short": chosen(desk), "who": desk.journey.who if desk.journey else ""},
            ),
            keys=("contact.openly.colleague", "contact.openly.team"),
            echo=False,
        ),
        "ticks": tick("contact.ticks", _ticks, _tick_boxes, saying=_say_ticks),
        "lighter": choose("contact.lighter", (), _lighter, saying=_say_lighter, offer=_lighter_buttons),
        "promise": write("contact.promise", _promise),
    },
    arrows=ARROWS,
)
