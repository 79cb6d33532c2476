"""
A leader and her coaches: meeting one, sharing a piece, seeing who read what, taking it back, and notes that come back.

The default is to share nothing. She sees exactly what the coach will see before she shares it, and taking it back takes no
more taps than giving it. Every arrow stands here; what is said and done stands in `coach_meeting.py`, `coach_sharing.py`,
`coach_given.py` and `coach_notes.py`.
"""

from __future__ import annotations

from dialogues.routes import coach_given, coach_meeting, coach_notes, coach_sharing
from dialogues.table import Route, table

ARROWS = table("""
    # from     move       to
    meet       accept     name
    meet       decline    return
    name       said       return
    what       pick       which       # a reflection; several coaches
    what       one        level       # a reflection; one coach
    what       list       list
    which      pick       level
    which      nothing    return
    level      summary    preview
    level      sentence   sentence
    level      piece      preview
    level      journey    until
    level      nothing    return
    sentence   pick       preview
    until      pick       preview
    preview    share      return
    preview    change     level
    preview    nothing    return
    list       pick       one
    list       more       list
    one        withdraw   return
    one        stays      list
    coaches    pick       leave
    leave      end        return
    leave      stays      return
    note       read       answer
    note       save       return
    note       not_now    return
    answer     said       return
""")

ROUTE = Route(
    name="coach",
    states={
        **coach_meeting.STATES,
        **coach_sharing.STATES,
        **coach_given.STATES,
        **coach_notes.STATES,
    },
    arrows=ARROWS,
)
