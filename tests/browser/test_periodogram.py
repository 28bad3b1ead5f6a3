"""The periodogram of a source."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import sky
from tests.browser.watched import findings, settled


@pytest.fixture
def star(site):
    obj_id = site.source()
    body = {"obj_id": obj_id, "instrument_id": site.instrument_id, "magsys": "ab", **sky.variable()}
    site.data("PUT", "/api/photometry", {**body, "group_ids": [site.public_group_id]})
    return obj_id


def _peaks(page):
    return page.get_by_role("region", name="Periodogram").get_by_role("table")


def _best(page):
    return page.get_by_role("region", name="Periodogram").get_by_role("row").nth(1)


def _open(page, star, query=""):
    page.goto(f"/sources/{star}/periodogram{query}")
    expect(_peaks(page).get_by_role("columnheader", name="Period", exact=True)).to_be_visible(timeout=30_000)
    settled(page)


def test_a_known_period_is_found_zoomed_into_and_folded(page, star):
    _open(page, star)
    assert float(_best(page).get_by_role("button").inner_text()) == pytest.approx(sky.PERIOD_DAYS, rel=1e-3)
    assert 2 <= page.get_by_role("row").count() <= 11
    box = page.locator(".plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("min_period=.*max_period="))
    settled(page)
    assert float(_best(page).get_by_role("button").inner_text()) == pytest.approx(sky.PERIOD_DAYS, rel=1e-3)
    _best(page).click()
    expect(page).to_have_url(re.compile(r"period=0\.712"))
    folded = page.locator(".plot").nth(1)
    expect(folded.locator(".xtitle")).to_contain_text(re.compile("phase", re.IGNORECASE))
    bottom, top = folded.locator(".js-plotly-plot").evaluate("plot => plot._fullLayout.yaxis.range")
    assert bottom > top


def test_multiples_the_slider_and_a_link_to_exactly_this_view(page, open_page, site, star):
    _open(page, star)
    _best(page).click()
    page.get_by_role("button", name="2 \N{MULTIPLICATION SIGN}").click()
    expect(page).to_have_url(re.compile(r"period=1\.42"))
    page.get_by_role("button", name="1 \N{MULTIPLICATION SIGN}").click()
    expect(page).to_have_url(re.compile(r"period=0\.71"))
    before = page.url
    page.get_by_role("slider", name="Fine").focus()
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(before)
    other = open_page(site.token)
    other.goto(page.url)
    title = page.get_by_role("heading", name=re.compile("^Folded at")).inner_text()
    expect(other.get_by_role("heading", name=title)).to_be_visible(timeout=30_000)


def test_a_period_is_saved_as_an_annotation_again_and_again(page, site, star):
    _open(page, star)
    page.get_by_role("button", name="Save as annotation").click()
    expect(page.get_by_role("status").filter(has_text="Saved with 0.71")).to_be_visible()
    page.get_by_role("button", name="2 \N{MULTIPLICATION SIGN}").click()
    page.get_by_role("button", name="Save as annotation").click()
    expect(page.get_by_role("status").filter(has_text="Saved with 1.42")).to_be_visible()
    [annotation] = site.data("GET", f"/api/sources/{star}/annotations")
    assert annotation["data"]["period"] == pytest.approx(2 * sky.PERIOD_DAYS, rel=1e-3)


def test_method_terms_and_limits_compute_anew(page, star):
    _open(page, star, "?min_period=0.5&max_period=2")
    page.get_by_role("combobox", name="Terms").select_option(label="2")
    expect(page).to_have_url(re.compile("terms=2"))
    settled(page)
    page.get_by_role("combobox", name="Method").select_option(label="Box least squares")
    expect(page.get_by_role("combobox", name="Terms")).to_have_count(0)
    expect(_best(page)).to_be_visible(timeout=30_000)
    page.watched.expect_status(400)
    page.get_by_role("spinbutton", name="Shortest period (d)").fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("min_period")


def test_too_few_points_are_said_so(page, source):
    page.goto(f"/sources/{source}/periodogram")
    expect(page.get_by_role("region", name="Periodogram")).to_contain_text("at least 10 points")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, site, star, scheme):
    page = open_page(site.token, color_scheme=scheme, reduced_motion="reduce")
    _open(page, star)
    assert findings(page) == []
