"""The light curve on the page of a source."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import sky
from tests.browser.watched import settled


@pytest.fixture
def supernova(site):
    return _source(site, sky.supernova_like())


def _source(site, *batches):
    obj_id = site.source()
    for batch in batches:
        body = {"obj_id": obj_id, "instrument_id": site.instrument_id, "magsys": "ab", **batch}
        site.data("PUT", "/api/photometry", {**body, "group_ids": [site.public_group_id]})
    return obj_id


def _light_curve(page, obj_id, query=""):
    page.goto(f"/sources/{obj_id}{query}")
    settled(page)
    return page.get_by_role("region", name="Light curve")


def _ticks(region, axis):
    return [
        float(text.replace("\N{MINUS SIGN}", "-")) for text in region.locator(f".{axis}tick text").all_text_contents()
    ]


def _plot(region):
    return region.locator(".js-plotly-plot").evaluate(
        "plot => ({range: plot._fullLayout.yaxis.range, times: plot._fullLayout.xaxis.range,"
        " points: plot.data.reduce((sum, trace) => sum + trace.x.length, 0),"
        " names: plot.data.map(trace => trace.name), symbols: plot.data.map(trace => trace.marker?.symbol)})"
    )


def test_bright_is_above_faint_and_limits_do_not_set_the_range(page, supernova):
    region = _light_curve(page, supernova)
    expect(region.locator(".ytitle")).to_contain_text("mag")
    bottom, top = _plot(region)["range"]
    assert 20.6 > bottom > top > 16
    assert _plot(region)["times"][0] > 59_000
    ticks = _ticks(region, "y")
    assert min(ticks) > 16
    assert max(ticks) < 21


def test_limits_are_triangles_and_forced_photometry_is_hollow(page, supernova):
    plot = _plot(_light_curve(page, supernova))
    assert dict(zip(plot["names"], plot["symbols"], strict=True)) == {
        "ztfg": "circle",
        "ztfg limit": "triangle-down",
        "ztfr": "circle",
        "ztfr forced": "circle-open",
        "ztfr limit": "triangle-down",
    }


def test_flux_changes_the_url_which_restores_it_and_back_takes_it_back(page, supernova):
    region = _light_curve(page, supernova)
    region.get_by_role("button", name="Flux", exact=True).click()
    expect(region.locator(".ytitle")).to_contain_text("Jy")
    expect(page).to_have_url(re.compile("y=flux"))
    page.reload()
    expect(region.locator(".ytitle")).to_contain_text("Jy")
    bottom, top = _plot(region)["range"]
    assert bottom < 0 < top
    page.go_back()
    expect(region.locator(".ytitle")).to_contain_text("mag")
    region.get_by_role("button", name="Magnitude", exact=True).click()
    expect(region.locator(".ytitle")).to_contain_text("Apparent magnitude")


def test_the_legend_switches_filters_off_and_on(page, supernova):
    region = _light_curve(page, supernova)
    legend = region.get_by_role("list", name="Filters")
    assert legend.get_by_role("button").all_text_contents() == ["ztfg", "ztfr"]
    legend.get_by_role("button", name="ztfr").click()
    expect(legend.get_by_role("button", name="ztfr")).to_have_attribute("aria-pressed", "false")
    page.reload()
    settled(page)
    assert set(_plot(region)["names"]) == {"ztfg", "ztfg limit"}
    legend.get_by_role("button", name="ztfr").click()
    expect(region.locator(".scatterlayer .trace")).to_have_count(5)


def test_absolute_magnitudes_dates_and_days(page, supernova):
    region = _light_curve(page, supernova)
    region.get_by_role("button", name="Absolute magnitude").click()
    expect(region.locator(".ytitle")).to_contain_text("Absolute magnitude")
    assert max(_ticks(region, "y")) < -13
    region.get_by_role("button", name="Days since T0").click()
    expect(region.locator(".xtitle")).to_contain_text("Days since MJD")
    region.get_by_role("spinbutton", name="T0 (MJD)").fill("59300")
    page.keyboard.press("Enter")
    expect(region.locator(".xtitle")).to_contain_text("Days since MJD 59300.000")
    region.get_by_role("button", name="Date", exact=True).click()
    expect(region.locator(".xtick").filter(has_text="2021").first).to_be_visible()


def test_without_a_redshift_there_are_no_absolute_magnitudes(page, site):
    region = _light_curve(page, site.source(redshift=None))
    expect(region.get_by_role("button", name="Absolute magnitude")).to_have_count(0)


def test_a_drag_zooms_and_a_link_shows_the_same(page, open_page, site, supernova):
    region = _light_curve(page, supernova)
    box = region.locator(".nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"] + 200, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("times=.*heights="))
    other = open_page(site.token)
    other.goto(page.url)
    settled(other)
    assert _ticks(other.get_by_role("region", name="Light curve"), "y") == _ticks(region, "y")
    region.get_by_role("button", name="Whole light curve").click()
    expect(page).not_to_have_url(re.compile("times="))


def test_the_pointer_finds_everything_about_a_point(page, supernova):
    region = _light_curve(page, supernova)
    region.locator(".scatterlayer .trace .point").nth(3).hover(force=True)
    box = region.locator(".hoverlayer")
    for text in ("mag", "µJy", "MJD", "UTC", "ZTF camera", "S/N"):
        expect(box).to_contain_text(text)


def test_twelve_thousand_points_are_shown_in_a_sensible_range(page, source):
    answer = {"status": "success", "data": sky.light_curve_answer(sky.many(12_000)), "version": ""}
    page.route("**/light_curve", lambda route: route.fulfill(json=answer))
    region = _light_curve(page, source)
    expect(region).to_contain_text("12,000 points")
    plot = _plot(region)
    bottom, top = plot["range"]
    assert 19.5 > bottom > top > 15.5
    assert plot["points"] > 1000
    assert region.locator(".errorbar").count() == 0


def test_the_data_can_be_had_as_csv_picture_and_code(page, supernova):
    region = _light_curve(page, supernova)
    with page.expect_download() as file:
        region.get_by_role("link", name="CSV").click()
    assert file.value.suggested_filename == f"{supernova}_light_curve.csv"
    with page.expect_download() as picture:
        region.get_by_role("button", name="PNG").click()
    assert picture.value.suggested_filename == f"{supernova}_light_curve.png"
    region.get_by_role("button", name="As code").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"/api/sources/{supernova}/light_curve")
    expect(dialog).to_contain_text("requests.get(")


def test_a_source_without_photometry_says_what_to_do(page, site):
    obj_id = f"{site.source()}-new"
    site.data("POST", "/api/sources", {"id": obj_id, "ra": 10.0, "dec": -20.0})
    expect(_light_curve(page, obj_id)).to_contain_text("No photometry yet")


def test_a_fit_lies_over_the_points_with_residuals(page, site, service, supernova):
    fit = site.service(service.url)
    curve = [[59300 + day, 17.2 + 0.04 * day, 17.1 + 0.04 * day, 17.3 + 0.04 * day] for day in range(0, 60, 5)]
    service.result["analysis"] = {"model_lightcurve": {"ztfr": curve}, "model_name": "salt3"}
    runs = [site.start(supernova, fit["id"]) for _ in range(2)]
    for run in runs:
        site.ended(run)
    region = _light_curve(page, supernova)
    region.get_by_role("checkbox", name=f"{fit['name']}: salt3").first.check()
    expect(region.locator(".scatterlayer .js-line")).to_have_count(2)
    region.get_by_role("checkbox", name="Residuals").check()
    expect(region.locator(".y2title")).to_contain_text("Residual")
    region.get_by_role("checkbox", name=f"{fit['name']}: salt3").nth(1).check()
    region.get_by_role("checkbox", name="Side by side").check()
    expect(region.locator(".js-plotly-plot")).to_have_count(2)
    names = region.get_by_role("heading", level=3)
    expect(names).to_have_count(2)
    assert len({name.partition(", ")[2] for name in names.all_inner_texts()}) == 2, (
        "told apart by when they were started"
    )
    page.reload()
    expect(region.locator(".js-plotly-plot")).to_have_count(2)
