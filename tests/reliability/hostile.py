"""Texts meant to hurt, and random updates of every shape that the Bot API knows, with such texts in every field."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import Any

from tests.bot.fake_bot_api import BOT, membership
from tests.bot.test_hear import MEDIA

TEMPLATES = (
    "{{7*7}}",
    "{{ 7 * 7 }}",
    "{% for x in range(7*7) %}x{% endfor %}",
    "{# weg #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__.__mro__}",
    "{text!r}",
    "%s %d %(text)s",
    "$(id) `id`",
    "{{ self.__init__.__globals__ }}",
)
MARKUP = (
    "*vet* _schuin_ `code` [link](tg://user?id=1)",
    "<b>vet</b> <script>alert(1)</script> &amp; &lt;",
    "_ * [ ] ( ) ~ ` > # + - = | { } . !",
    "**dubbel** ~~door~~ ||verborgen|| ```python\nx\n```",
    "@iemand #los /commando https://example.org",
)
SIGNS = (
    "\x00 nul \x00",
    "\ud800 half",
    "half \udfff",
    "regel\u2028scheiding\u2029einde",
    "\ufeffmerk vooraan",
    "\u202egnissap rethcer",
    "\u200b\u200d\u2060 onzichtbaar",
    "e" + "\u0301" * 200,
    "👩‍👩‍👧‍👦🏳️‍🌈🇳🇱" * 20,
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "א עברית عربى",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "  \n\t  ",
    "a" * 4096,
    "woord " * 1500,
    "/",
    "/zoek " + "x" * 4000,
    "/start@gids_bot hallo",
    "ja",
    "1",
    "stop",
)
TEXTS = (*TEMPLATES, *MARKUP, *SIGNS)

PAYLOADS = (
    "",
    ":",
    "1:ja",
    "care:go_on",
    "x" * 64,
    "999999999999999999999:yes",
    "\x00:\x00",
    "{{7*7}}:{{7*7}}",
    "nl",
    "-:-",
)
LATER = 10**7
NUMBERS = (0, 1, -1, 2**31, 2**53, -(2**52))


def text_of(dice: Random) -> str:
    text = dice.choice(TEXTS)
    if dice.random() < 0.2:
        text = f"{text} {dice.choice(TEXTS)}"[:4096]
    return text


class Shapes:
    """Random updates. The same seed gives the same ones."""

    def __init__(self, seed: int, people: int = 20) -> None:
        self.dice = Random(seed)
        self.numbers = count(1)
        self.people = range(1, people + 1)

    def update(self) -> dict[str, Any]:
        kind = self.dice.choices(
            ("message", "media", "edited_message", "callback_query", "my_chat_member", "group", "other"),
            (40, 12, 10, 25, 3, 5, 5),
        )[0]
        return {"update_id": next(self.numbers), **getattr(self, f"_{kind}")()}

    def person(self) -> dict[str, Any]:
        return {
            "id": self.dice.choice(self.people),
            "is_bot": False,
            "first_name": text_of(self.dice)[:64] or "x",
            "last_name": text_of(self.dice)[:64],
            "username": "x" * 32,
            "language_code": self.dice.choice(("nl", "en", "fr", "zh-hans", "", "{{7*7}}")),
        }

    def base(self, **content: Any) -> dict[str, Any]:
        person = self.person()
        chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        # Most messages are newer than all that was said to this person; some have a number of long ago, or a huge one.
        number = LATER + next(self.numbers) if self.dice.random() < 0.8 else self.dice.choice(NUMBERS)
        return {
            "message_id": abs(number),
            "date": self.dice.choice((1, 2**31 - 1)),
            "chat": chat,
            "from": person,
            **content,
        }

    def _message(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.dice.random() < 0.1:
            more["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": text_of(self.dice)[:64]}
        if self.dice.random() < 0.1:
            more["reply_to_message"] = self.base(text=text_of(self.dice))
        if self.dice.random() < 0.2:
            more["entities"] = [{"type": "bold", "offset": self.dice.choice((0, 5, 9999)), "length": 3}]
        return {"message": self.base(text=text_of(self.dice), **more)}

    def _media(self) -> dict[str, Any]:
        what = self.dice.choice(sorted(MEDIA))
        more = {"caption": text_of(self.dice)[:1024]} if self.dice.random() < 0.4 else {}
        return {"message": self.base(**{what: MEDIA[what]}, **more)}

    def _edited_message(self) -> dict[str, Any]:
        return {"edited_message": self.base(text=text_of(self.dice), edit_date=2)}

    def _callback_query(self) -> dict[str, Any]:
        query = {
            "id": str(next(self.numbers)),
            "from": self.person(),
            "chat_instance": text_of(self.dice)[:20],
            "data": self.dice.choice(
                (*PAYLOADS, f"{self.dice.randrange(9)}:{self.dice.choice(('yes', 'later', 'nl'))}")
            ),
        }
        if self.dice.random() < 0.9:
            query["message"] = {**self.base(text="?"), "from": BOT}
            query["from"] = {**query["from"], "id": query["message"]["chat"]["id"]}
        return {"callback_query": query}

    def _my_chat_member(self) -> dict[str, Any]:
        before, after = self.dice.choice((("member", "kicked"), ("kicked", "member"), ("left", "member")))
        return {"my_chat_member": membership(self.dice.choice(self.people), before, after)}

    def _group(self) -> dict[str, Any]:
        group = {"id": -self.dice.choice((5, 6)), "type": "supergroup", "title": text_of(self.dice)[:128] or "x"}
        return {"message": {**self.base(text=self.dice.choice((text_of(self.dice), "/start"))), "chat": group}}

    def _other(self) -> dict[str, Any]:
        person, channel = self.person(), {"id": -9, "type": "channel", "title": "k"}
        return self.dice.choice((
            {"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "x"}},
            {"inline_query": {"id": "1", "from": person, "query": text_of(self.dice)[:256], "offset": ""}},
            {"poll_answer": {"poll_id": "1", "user": person, "option_ids": [], "option_persistent_ids": []}},
            {"something_new": {"text": text_of(self.dice)}},
            {},
        ))  # fmt: skip
