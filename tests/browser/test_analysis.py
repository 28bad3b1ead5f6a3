"""The page of an analysis: live, whole, and in its author's hands."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.fit_service import b64, whole_result
from tests.browser.watched import settled


@pytest.fixture
def fit(site, service):
    """The record of the stand-in service."""
    return site.service(service.url, optional_analysis_parameters={"seed": {"type": "number"}})


@pytest.fixture
def completed(site, source, fit):
    """The id of an analysis that brought everything."""
    run = site.start(source, fit["id"], analysis_parameters={"seed": 0})
    assert site.ended(run)["status"] == "completed"
    return run


def _heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def _drawn(image):
    expect(image).to_be_visible(timeout=30_000)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_everything_that_came_back_is_shown(page, completed):
    page.goto(f"/analyses/{completed}")
    settled(page)
    expect(page.get_by_role("status")).to_have_text("completed")
    for name in ("Timeline", "Results", "Plots", "Corner plot", "Inputs as sent"):
        expect(_heading(page, name)).to_be_visible()
    results = page.get_by_role("table", name="Results")
    expect(results.get_by_role("row", name=re.compile("parameters.t0"))).to_contain_text(
        re.compile(r"59363\.4.*± 0\.05")
    )
    _drawn(page.get_by_role("img", name=re.compile("^Plot 1 of 1")))
    _drawn(page.get_by_role("img", name=re.compile("^Corner plot")))
    page.get_by_text("photometry").click()
    expect(page.get_by_role("region", name="photometry")).to_contain_text("mjd,flux,fluxerr")


def test_a_service_that_answers_503_twice_is_waited_for_in_words_and_seen_through(page, site, source, fit, service):
    service.refusals = 2
    run = site.start(source, fit["id"])
    page.goto(f"/analyses/{run}")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"answered 503.*next try", re.DOTALL))
    expect(page.get_by_role("status")).to_have_text("completed", timeout=60_000)
    timeline = page.get_by_role("region", name="Timeline")
    expect(timeline.get_by_text("503")).to_have_count(2)
    _drawn(page.get_by_role("img", name=re.compile("^Corner plot")))


def test_a_failure_says_what_the_service_said(page, site, source, fit, service):
    service.result = {"status": "failure", "message": "<b>no convergence</b>"}
    run = site.start(source, fit["id"])
    site.ended(run)
    page.goto(f"/analyses/{run}")
    expect(page.get_by_role("status")).to_have_text("failure")
    expect(page.get_by_text("<b>no convergence</b>").first).to_be_visible()


def test_what_users_and_services_write_is_text(page, site, source, fit, service):
    service.result["analysis"] = {"results": {"<img src=x onerror=alert(1)>": "<script>alert(2)</script>"}}
    run = site.start(source, fit["id"])
    site.ended(run)
    page.goto(f"/analyses/{run}")
    expect(page.get_by_role("table", name="Results")).to_contain_text("<script>alert(2)</script>")


def test_a_plot_that_cannot_be_read_says_why(page, site, source, fit, service):
    service.result["analysis"] = {**whole_result(), "plots": [{"format": "png", "data": b64(b"no picture")}]}
    run = site.start(source, fit["id"])
    site.ended(run)
    page.goto(f"/analyses/{run}")
    plots = page.get_by_role("region", name="Plots")
    expect(plots.get_by_role("alert")).to_be_visible()
    _drawn(page.get_by_role("img", name=re.compile("^Corner plot")))


def test_the_corner_plot_is_drawn_as_one_likes(page, completed):
    page.goto(f"/analyses/{completed}")
    page.get_by_role("button", name="Draw differently").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Parameters").fill("t0")
    dialog.get_by_label("Bins").fill("10")
    with page.expect_response(lambda response: "plot_kwargs" in response.url) as drawn:
        dialog.get_by_role("button", name="Draw").click()
    assert '"bins":10' in re.sub("%22", '"', drawn.value.url).replace("%3A", ":")
    _drawn(dialog.get_by_role("img"))
    page.watched.expect_status(400)
    dialog.get_by_label("Bins").fill("10000")
    dialog.get_by_role("button", name="Draw").click()
    expect(dialog.get_by_role("alert")).to_contain_text("bins must be")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_cancel_ends_a_run_and_retry_begins_another(page, site, source, fit, service):
    result, service.result = service.result, None
    run = site.start(source, fit["id"])
    page.goto(f"/analyses/{run}")
    expect(page.get_by_role("status")).to_have_text("pending", timeout=20_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_have_text("cancelled")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    service.result = result
    page.get_by_role("button", name="Retry").click()
    expect(page).not_to_have_url(re.compile(f"/analyses/{run}$"))
    expect(page.get_by_role("status")).to_have_text("completed", timeout=20_000)
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("cancelled")


def test_delete_asks_first(page, site, source, completed):
    page.goto(f"/analyses/{completed}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status")).to_have_text("completed")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete analysis").click()
    expect(page).to_have_url(re.compile(f"/sources/{source}$"))
    assert site.call("GET", f"/api/obj/analysis/{completed}").status_code == 403


def test_a_run_that_somebody_else_deletes_goes_from_every_page_that_shows_it(open_page, site, source, fit, service):
    service.result = None
    run = site.start(source, fit["id"])
    paths = (f"/analyses/{run}", f"/sources/{source}", f"/requests?objID={source}")
    page, beside, listed = tabs = [open_page(site.token) for _ in paths]
    for tab, path in zip(tabs, paths, strict=True):
        tab.goto(path)
        settled(tab)
        expect(tab.get_by_role("status").filter(has_text="pending")).to_be_visible(timeout=60_000)
    site.data("DELETE", f"/api/obj/analysis/{run}")
    expect(page.get_by_role("alert")).to_contain_text("was deleted", timeout=60_000)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(beside.get_by_text("Nothing has been run on this source yet")).to_be_visible(timeout=60_000)
    expect(listed.get_by_role("link", name=str(run))).to_have_count(0, timeout=60_000)


def test_another_run_with_changed_parameters(page, completed, service):
    page.goto(f"/analyses/{completed}")
    page.get_by_role("button", name="Change and run again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("spinbutton", name="seed")).to_have_value("0")
    dialog.get_by_role("spinbutton", name="seed").fill("7")
    dialog.get_by_role("textbox", name="Input filters").fill("{")
    dialog.get_by_role("button", name="Run again").click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be read as JSON")
    dialog.get_by_role("textbox", name="Input filters").fill("{}")
    dialog.get_by_role("button", name="Run again").click()
    expect(page).not_to_have_url(re.compile(f"/analyses/{completed}$"))
    expect(page.get_by_role("status")).to_have_text("completed", timeout=20_000)
    assert service.received[-1].document["inputs"]["analysis_parameters"] == {"seed": 7}


def test_who_may_only_look_sees_no_buttons_that_would_refuse(open_page, viewer, completed):
    page = open_page(viewer.token)
    page.goto(f"/analyses/{completed}")
    settled(page)
    expect(page.get_by_role("status")).to_have_text("completed")
    for name in ("Retry", "Cancel", "Delete", "Change and run again"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    _drawn(page.get_by_role("img", name=re.compile("^Corner plot")))


def test_an_analysis_that_cannot_be_reached_says_so(page):
    page.watched.expect_status(403)
    page.goto("/analyses/1")
    expect(page.get_by_role("alert")).to_contain_text("Cannot access this Analysis.")


def test_what_failed_has_its_request_id_and_works_on_trying_again(page, completed):
    page.watched.expect_status(500)
    broken = {"status": "error", "message": "Something went wrong on our side.", "data": {}}
    address = f"**/api/obj/analysis/{completed}/results"
    page.route(address, lambda route: route.fulfill(status=500, json=broken, headers={"X-Request-Id": "abc-123"}))
    page.goto(f"/analyses/{completed}")
    alert = page.get_by_role("region", name="Results").get_by_role("alert")
    expect(alert).to_contain_text("abc-123")
    page.unroute(address)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Results")).to_be_visible()
