"""What `./run check` says about documents and diagrams."""

from app.docs import faults
from app.graph import page
from dialogues.routes.asking import choose, write
from dialogues.table import Route, table

ROUTE = Route(
    "walk",
    {"start": choose("walk.start", ("on", "off")), "end": write("walk.end", lambda _desk, _reply: "said")},
    table("start on end\nstart off home.menu\nend said return"),
)


def test_every_arrow_is_drawn_and_no_other():
    drawn = page([ROUTE], {}, {})
    assert [line.strip() for line in drawn.splitlines() if "-->" in line] == [
        "s_start --> s_end: on",
        "s_start --> s_home__menu: off",
        "s_end --> s_return: said",
    ]
    assert 'state "home.menu" as s_home__menu' in drawn
    assert 'state "what was interrupted, or else the menu" as s_return' in drawn


def test_the_same_tables_give_the_same_page():
    assert page([ROUTE], {}, {}) == page([ROUTE], {}, {})


def test_what_can_be_said_anywhere_stands_in_tables():
    drawn = page([], {"erase": "erase.confirm"}, {"back": "the question before"})
    assert "| erase | erase.confirm |" in drawn
    assert "| back | the question before |" in drawn


def documents(folder, readme):
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "tour.md").write_text("# A tour\n\n## The first stop\n", encoding="utf-8")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return faults(folder, ["MINDSHIFT_DATA"], ["chat"])


def test_a_setting_or_command_that_is_not_explained_is_a_fault(tmp_path):
    assert documents(tmp_path, "# Nothing") == [
        "README.md: setting MINDSHIFT_DATA is not explained",
        "README.md: command ./run chat is not explained",
    ]
    assert documents(tmp_path, "`MINDSHIFT_DATA` `./run chat`") == []


def test_a_setting_that_does_not_exist_is_a_fault(tmp_path):
    found = documents(tmp_path, "`MINDSHIFT_DATA` `MINDSHIFT_DATE` `./run chat`")
    assert found == ["README.md: MINDSHIFT_DATE is not a setting"]


def test_a_link_that_leads_nowhere_is_a_fault(tmp_path):
    good = "MINDSHIFT_DATA ./run chat [a](docs/tour.md) [b](docs/tour.md#the-first-stop) [c](https://example.org)"
    assert documents(tmp_path, good) == []
    assert documents(tmp_path, good + " [d](docs/gone.md) [e](docs/tour.md#second)") == [
        "README.md: the link to docs/gone.md leads nowhere",
        "README.md: the link to docs/tour.md#second leads to a heading that is not there",
    ]
