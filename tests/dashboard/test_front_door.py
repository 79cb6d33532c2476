"""Coming in: the code, the passage, the second factor, in the order in which people do it."""

import pytest

from tests.dashboard import sample


@pytest.mark.asyncio
async def test_a_coach_comes_in_by_the_link_and_the_second_factor(running):
    browser = await running.coach()
    page = await browser.get("/coach")
    assert page.status_code == 200
    assert "Anne" in page.text


@pytest.mark.asyncio
async def test_a_leader_comes_in_by_the_link_alone(running):
    browser = await running.leader()
    assert (await browser.get("/journey")).status_code == 200


@pytest.mark.asyncio
async def test_web_7_before_the_second_factor_a_coach_gets_no_content(running):
    browser = await running.browser()
    asked = await browser.in_by_link("coach", sample.CATO.person)
    assert "zes cijfers" in asked.text
    assert (await browser.get("/coach")).headers["location"] == "/second"
