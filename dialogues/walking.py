"""Walking the map: along an arrow, back, aside and home. The only place where a conversation's frame is replaced."""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Choice, Conversation, Frame, Phrase, Say, Shape, Step
from dialogues.desk import Desk
from dialogues.map import FIRST, FROM_ANYWHERE, MACHINES, MENU, PASSING, RENEWED, open_at, split, state
from dialogues.table import RETURN, Ask, State

MOST_BUTTONS = 5
RULER = tuple(str(number) for number in range(11))
_SHAPES = {Ask.RULER: Shape.RULER, Ask.TICKS: Shape.TICKS, Ask.DAYS: Shape.NUMBERS}
SET_ASIDE = 20  # frames that wait; beyond this the oldest is let go, its answers are kept as reflections anyway


def open_state(desk: Desk) -> State:
    """Return the state the leader is in. Raises KeyError when the tables no longer hold it."""
    found = open_at(desk.frame, desk.repertoire)
    if found is None:
        raise KeyError(desk.frame.state)
    return found


def choices_of(desk: Desk) -> tuple[Choice, ...]:
    """Return the buttons of the open question, without the ways out."""
    at = open_state(desk)
    own = tuple(Choice(id_, id_) for id_ in at.choices)
    offered = at.offer(desk) if at.offer else ()
    if at.ask == Ask.RULER:
        return (*(Choice(number, "rate") for number in RULER), *own)
    return (*offered, *own)


def ask(desk: Desk) -> Say:
    """Return what is to be answered now: a proposal, or the open question."""
    question = asked(desk)
    return _proposal(desk, question) if desk.frame.proposed else question


def asked(desk: Desk) -> Say:
    """Return the open question with its buttons and ways out, whatever is proposed in between."""
    at = open_state(desk)
    say = Say(at.again) if desk.again and at.again else at.say(desk)
    choices = choices_of(desk)
    if at.ask == Ask.TICKS:
        choices = (*choices, Choice("done", "done"))
    if at.skip:
        choices = (*choices, Choice("skip", "skip"))
    if at.row:
        choices = (*choices, Choice("back", "back"), Choice("stop", "stop"))
    elif at.later and (at.ask != Ask.CHOICE or len(choices) < MOST_BUTTONS):
        choices = (*choices, Choice("later", "later"))
    shape = Shape.ROW if at.row else _SHAPES.get(at.ask, Shape.CHOICES)
    echo = desk.echo if at.echo else ""
    return replace(say, choices=choices, shape=shape, nonce=desk.frame.nonce, echo=echo, ticked=desk.frame.ticks)


def _proposal(desk: Desk, question: Say) -> Say:
    found = next((choice for choice in question.choices if choice.id == desk.frame.proposed), None)
    label = found.label if found and found.label else Phrase(f"{question.key}.choices.{desk.frame.proposed}")
    return Say(
        "common.proposal",
        {"text": desk.frame.proposal, "label": label},
        (Choice("propose_yes", "yes"), Choice("propose_no", "no")),
        Shape.CHOICES,
        desk.frame.nonce,
    )


def go(desk: Desk, move: str) -> str:
    """
    Take the arrow *move* from the open question and return its target as the table writes it.

    Raises:
        MoveNotPossible: the table has no such arrow; nothing was changed.
    """
    frame = desk.frame
    target = MACHINES.step(frame.route, frame.state, move)
    desk.walked.append((frame.route, frame.state, move))
    steps = (*frame.steps, Step(frame.route, frame.state, dict(desk.sets)))
    desk.sets = {}
    if target == RETURN:
        come_back(desk)
        return target
    route, name = split(target, frame.route)
    if f"{route}.{name}" == MENU:
        go_home(desk)
        return target
    contact = frame.contact if frame.contact and frame.route != "home" else desk.count("contact")
    frame = replace(desk.frame, steps=steps, contact=contact)
    _arrive(desk, frame, route, name)
    return target


def _arrive(desk: Desk, frame: Frame, route: str, name: str) -> None:
    desk.frame = replace(
        frame,
        route=route,
        state=name,
        nonce=_nonce(desk),
        ticks=(),
        proposed="",
        proposal="",
        echo=desk.echo or frame.echo,
    )


def renew(desk: Desk) -> None:
    """Ask the open question anew: buttons of the message it stood in before lead nowhere."""
    desk.frame = replace(desk.frame, nonce=_nonce(desk), ticks=(), proposed="", proposal="")


def _nonce(desk: Desk) -> str:
    return str(desk.count("nonce"))


def home(desk: Desk) -> Frame:
    """Return a fresh place at the menu, or at the first question of all to somebody who has not agreed yet."""
    route, name = split(MENU if desk.conversation.consent else FIRST, "")
    return Frame(route, name, _nonce(desk))


def go_home(desk: Desk) -> None:
    """End the contact. What was answered is kept already."""
    desk.frame = home(desk)


def come_back(desk: Desk) -> None:
    """Return to the question that was interrupted, with its own buttons still valid, or else to the menu."""
    desk.echo = ""  # her last sentence belongs to what ends here
    while desk.conversation.waiting and not desk.conversation.waiting[-1].parked:
        *others, last = desk.conversation.waiting
        desk.conversation = replace(desk.conversation, waiting=tuple(others))
        if open_at(last, desk.repertoire):
            desk.frame = last
            recap(desk)
            return
        desk.say("errors.step_gone")
    desk.ended = True
    go_home(desk)


def beneath(conversation: Conversation) -> Conversation | None:
    """Return *conversation* with the question open that was interrupted and would return by itself, or None."""
    waiting = conversation.waiting
    if not waiting or waiting[-1].parked or state(waiting[-1].route, waiting[-1].state) is None:
        return None
    return replace(conversation, frame=waiting[-1], waiting=waiting[:-1])


def recap(desk: Desk) -> None:
    """Say in one line where we were, in the leader's own words when there are any and the question has not got them."""
    if desk.quiet or desk.frame.route in ("home", "meeting"):
        return
    if desk.frame.echo and open_state(desk).echo:
        desk.say("resume.recap", echo=desk.frame.echo)
    else:
        desk.say("resume.recap_plain")


def interrupt(desk: Desk, command: str) -> None:
    """Begin what *command* begins. The open question waits, and returns by itself, unless that route is `RENEWED`."""
    route, name = split(FROM_ANYWHERE[command], "")
    again = route in RENEWED
    if desk.frame.route != "home" and desk.frame.route not in PASSING and not (again and desk.frame.route == route):
        waiting = (*desk.conversation.waiting, replace(desk.frame, parked=False))
        desk.conversation = replace(desk.conversation, waiting=waiting[-SET_ASIDE:])
    if again:
        desk.let_go(lambda frame: frame.route == route)
    _arrive(desk, Frame("home", "menu", "", contact=desk.count("contact")), route, name)
    if desk.sets:
        desk.frame = replace(desk.frame, steps=(Step("home", "menu", dict(desk.sets)),))
        desk.sets = {}


def step_back(desk: Desk) -> bool:
    """Go one question back within this contact, past those the tables no longer hold; return whether there was one."""
    steps = desk.frame.steps
    while steps and state(steps[-1].route, steps[-1].state) is None:
        steps = steps[:-1]
    if not steps or steps[-1].route == "home":
        return False
    last = steps[-1]
    _arrive(desk, replace(desk.frame, steps=steps[:-1]), last.route, last.state)
    return True


def set_aside(desk: Desk) -> bool:
    """Keep the open question, and what it interrupted, for later and go home; return whether anything was kept."""
    worth = desk.frame.route not in PASSING or beneath(desk.conversation) is not None
    if desk.frame.route not in PASSING:
        waiting = (*desk.conversation.waiting, replace(desk.frame, parked=True))
        desk.conversation = replace(desk.conversation, waiting=waiting[-SET_ASIDE:])
    _park_all(desk)
    go_home(desk)
    return worth


def stop(desk: Desk) -> None:
    """End this contact and go home; what was interrupted before stays set aside."""
    _park_all(desk)
    go_home(desk)


def _park_all(desk: Desk) -> None:
    parked = tuple(replace(frame, parked=True) for frame in desk.conversation.waiting)
    desk.conversation = replace(desk.conversation, waiting=parked)
