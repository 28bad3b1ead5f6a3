"""Starting an analysis from the page of a source."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled

DECLARED = {
    "model": {"type": "string", "enum": ["salt3", "salt2"]},
    "seed": {"type": "number", "default": 0},
    "fix_z": ["True", "False"],
    "note": {"type": "string"},
    "cube": {"type": "file"},
}


@pytest.fixture
def fit(site, service):
    return site.service(service.url, optional_analysis_parameters=DECLARED)


@pytest.fixture
def form(page, source, fit):
    return _form(page, source, fit)


def _form(page, source, fit):
    page.goto(f"/sources/{source}")
    settled(page)
    page.get_by_role("button", name="Start an analysis").click()
    page.get_by_role("combobox", name="Service").select_option(label=fit["name"])
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    return page.get_by_role("region", name="Analyses")


def _runs(site, source):
    return site.data("GET", f"/api/obj/{source}/analysis")


def test_a_run_started_by_a_click_is_followed_to_its_end(page, fit, form):
    form.get_by_role("combobox", name="model").select_option(label="salt2")
    form.get_by_role("button", name="Run", exact=True).click()
    state = form.get_by_role("listitem").first.get_by_role("status")
    expect(state).to_have_text("completed", timeout=30_000)
    form.get_by_role("listitem").first.get_by_role("link", name=fit["name"]).click()
    expect(page).to_have_url(re.compile(r"/analyses/\d+$"))
    expect(page.get_by_role("img", name=re.compile("^Corner plot"))).to_be_visible(timeout=30_000)


def test_controls_are_of_the_declared_kinds_and_values_are_sent_as_what_they_are(page, site, source, service, form):
    form.get_by_role("combobox", name="model").select_option(label="salt2")
    expect(form.get_by_role("spinbutton", name="seed")).to_have_value("0")
    form.get_by_role("checkbox", name="fix_z").check()
    form.get_by_role("textbox", name="note").fill("first look")
    form.get_by_label("cube").set_input_files({"name": "c.fits", "mimeType": "image/fits", "buffer": b"\x00\xff"})
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("listitem").first.get_by_role("status")).to_have_text("completed", timeout=30_000)
    sent = service.received[-1].document["inputs"]["analysis_parameters"]
    assert {**sent, "cube": None} == {"model": "salt2", "seed": 0, "fix_z": "True", "note": "first look", "cube": None}
    assert sent["cube"] == "data:image/fits;name=c.fits;base64,AP8="


def test_a_double_click_starts_one_run(page, site, source, form):
    form.get_by_role("combobox", name="model").select_option(label="salt3")
    form.get_by_role("button", name="Run", exact=True).dblclick()
    expect(form.get_by_role("listitem")).to_have_count(1)
    assert len(_runs(site, source)) == 1


def test_a_start_that_may_not_have_arrived_goes_again_under_its_key(page, site, source, form):
    keys = []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 1 else route.continue_()

    page.route(re.compile(r"/api/obj/[^/]+/analysis/\d+$"), lose)
    form.get_by_role("combobox", name="model").select_option(label="salt3")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("could not be reached")
    expect(form.get_by_role("button", name="Run", exact=True)).to_be_visible()
    form.get_by_role("button", name="Try again").click()
    expect(form.get_by_role("listitem")).to_have_count(1)
    assert len(set(keys)) == 1
    page.watched.complaints[:] = [one for one in page.watched.complaints if "ERR_FAILED" not in one]


def test_what_the_server_refuses_stands_there_word_for_word(page, source, form):
    page.watched.expect_status(403, 500)
    refusal = {"status": "error", "message": "Could not access Analysis Service ID: 7.", "data": {}}
    page.route(re.compile(r"/api/obj/[^/]+/analysis/\d+$"), lambda route: route.fulfill(status=403, json=refusal))
    form.get_by_role("combobox", name="model").select_option(label="salt3")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("Could not access Analysis Service ID: 7.")
    page.unroute_all()
    fault = {"status": "error", "message": "Internal error.", "data": {}}
    headers = {"X-Request-Id": "req-42"}
    page.route(
        re.compile(r"/api/obj/[^/]+/analysis/\d+$"),
        lambda route: route.fulfill(status=500, json=fault, headers=headers),
    )
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("req-42")


def test_what_is_required_is_asked_for_before_anything_is_sent(page, site, source, service):
    declared = {"redshift": {"type": "number", "required": True}}
    form = _form(page, source, site.service(service.url, optional_analysis_parameters=declared))
    field = form.get_by_role("spinbutton", name="redshift")
    if not field.evaluate("field => field.required"):
        pytest.skip("nothing is declared as required this way")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_text("redshift is required.")).to_be_visible()
    assert _runs(site, source) == []


def test_the_preview_shows_what_would_be_sent_and_starts_nothing(page, site, source, form):
    form.get_by_role("combobox", name="model").select_option(label="salt3")
    form.get_by_role("button", name="Preview what is sent").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("photometry: 3 rows")
    expect(dialog).to_contain_text('"model": "salt3"')
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert _runs(site, source) == []


def test_filters_and_groups_are_sent_and_the_last_values_come_back(page, site, source, service, form):
    form.get_by_role("combobox", name="model").select_option(label="salt2")
    form.get_by_role("spinbutton", name="seed").fill("11")
    form.get_by_text("Data, sharing and display").click()
    form.get_by_role("checkbox", name="ztfg").check()
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("listitem").first.get_by_role("status")).to_have_text("completed", timeout=30_000)
    [run] = _runs(site, source)
    assert run["input_filters"] == {"photometry": {"filters": ["ztfg"], "instruments": None}} or run[
        "input_filters"
    ] == {"photometry": {"filters": ["ztfg"]}}
    form.get_by_role("spinbutton", name="seed").fill("5")
    form.get_by_role("button", name="Values of the last run").click()
    expect(form.get_by_role("spinbutton", name="seed")).to_have_value("11")


def test_a_completed_run_shows_its_numbers_with_errors(page, form):
    form.get_by_role("combobox", name="model").select_option(label="salt3")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("listitem").first).to_contain_text("\N{MINUS SIGN}0.31 ± 0.11", timeout=30_000)


def test_who_may_only_look_cannot_start(open_page, viewer, source):
    page = open_page(viewer.token)
    page.goto(f"/sources/{source}")
    settled(page)
    for name in ("Start an analysis", "Edit summary", "Clear summary", "Summarize", "Post comment", "Classify"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("heading", name="Add data")).to_have_count(0)
