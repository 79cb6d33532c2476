"""
Meeting the guide: the language, what this is and is not, and the leader's "akkoord".

Before that word nothing is kept but an id, the language and the fact that consent was asked.
"""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Say
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from      move      to
    language    nl        notice
    language    en        notice
    notice      agree     home.menu
    notice      more      details
    notice      decline   declined
    details     agree     home.menu
    details     decline   declined
    declined    again     notice
""")


def _language(desk: Desk, reply: Reply) -> str:
    desk.conversation = replace(desk.conversation, language=reply.choice)
    desk.say("meeting.about")
    return reply.choice


def _consent(desk: Desk, reply: Reply) -> str:
    if reply.choice == "agree":
        desk.conversation = replace(desk.conversation, consent=desk.now)
        desk.say("meeting.thanks")
    return reply.choice


ROUTE = Route(
    name="meeting",
    states={
        "language": choose("meeting.language", ("nl", "en"), _language, later=False),
        "notice": choose(
            "meeting.notice", ("agree", "more", "decline"), _consent, later=False, again="meeting.notice_again"
        ),
        "details": choose(
            "meeting.details",
            ("agree", "decline"),
            _consent,
            saying=lambda desk: Say("meeting.details", {"months": desk.months}),
            later=False,
        ),
        "declined": choose("meeting.declined", ("again",), later=False),
    },
    arrows=ARROWS,
)
