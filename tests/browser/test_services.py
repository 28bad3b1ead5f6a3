"""Services: registered, seen, pinged, changed and deleted, all by click."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled


@pytest.fixture
def fit(site, service):
    return site.service(service.url)


def _box(scope, name):
    return scope.get_by_role("textbox", name=name, exact=True)


def test_a_service_is_registered_pinged_changed_and_deleted(page, site, service):
    name = f"lc-{uuid.uuid4().hex[:8]}"
    page.goto("/services")
    page.get_by_role("button", name="New service").click()
    _box(page, "Name").fill(name)
    _box(page, "URL").fill(service.url)
    _box(page, "Description").fill("Fits <b>light curves</b>.")
    page.get_by_role("combobox", name="Analysis type").select_option("lightcurve_fitting")
    page.get_by_role("combobox", name="Authentication").select_option("header_token")
    page.get_by_label("Value of the header").fill("Bearer secret-of-the-test")
    page.get_by_role("checkbox", name="photometry").check()
    page.get_by_role("checkbox", name="redshift").uncheck()
    page.get_by_role("button", name="Add a parameter").click()
    _box(page, "Key, parameter 1").fill("n_walkers")
    _box(page, "Default, parameter 1").fill("0")
    page.get_by_role("button", name="Save service").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    service_id = int(page.url.rpartition("/")[2])
    stored = site.data("GET", f"/api/analysis_service/{service_id}")
    assert stored["input_data_types"] == ["photometry"]
    assert stored["optional_analysis_parameters"] == '{"n_walkers":{"type":"number","default":0}}'
    assert stored["authentication_type"] == "header_token"
    assert "secret-of-the-test" not in page.content()

    page.get_by_role("button", name="Ping").click()
    expect(page.get_by_role("region", name="Is it there?")).to_contain_text("HTTP 200")

    page.get_by_role("button", name="Edit").click()
    _box(page, "Description").fill("Changed.")
    page.get_by_role("button", name="Save service").click()
    expect(page.get_by_text("Changed.")).to_be_visible()
    assert site.data("GET", f"/api/analysis_service/{service_id}")["authentication_type"] == "header_token"

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete service").click()
    expect(page).to_have_url(re.compile("/services$"))
    expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_what_is_wrong_with_a_service_is_said_and_nothing_typed_is_lost(page):
    page.watched.expect_status(400)
    page.goto("/services")
    page.get_by_role("button", name="New service").click()
    _box(page, "Name").fill("half a service")
    _box(page, "URL").fill("not a url")
    page.get_by_role("button", name="Save service").click()
    expect(page.get_by_role("alert")).to_contain_text("a valid `url` is required to add an Analysis Service.")
    page.reload()
    expect(_box(page, "Name")).to_have_value("half a service")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="New service").click()
    expect(_box(page, "Name")).to_have_value("")


def test_a_service_that_is_not_there_is_said_to_be_so(page, site):
    record = site.service("http://127.0.0.1:9/analysis")
    page.goto(f"/services/{record['id']}")
    page.get_by_role("button", name="Ping").click()
    expect(page.get_by_role("region", name="Is it there?")).to_contain_text("No answer")


def test_the_table_shows_how_services_do(page, site, source, fit):
    site.ended(site.start(source, fit["id"]))
    page.goto("/services")
    settled(page)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=fit["display_name"]))
    expect(row).to_contain_text("in service")
    expect(row.get_by_role("img", name="1 completed")).to_be_visible()


def test_a_limit_a_secret_shown_once_and_trust(page, site, fit):
    page.goto(f"/services/{fit['id']}")
    page.get_by_label("Analyses at a time").fill("3")
    page.get_by_role("button", name="Save limit").click()
    expect(page.get_by_role("region", name="Health")).to_contain_text("of at most 3")
    page.get_by_role("button", name="New signing secret").click()
    page.get_by_role("button", name="Make the secret").click()
    dialog = page.get_by_role("dialog", name="The signing secret")
    expect(dialog).to_contain_text("whsec_")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_text("whsec_")).to_have_count(0)


def test_trust_is_seen_by_everybody_and_decided_by_administrators(page, open_page, astronomer, fit):
    page.goto(f"/services/{fit['id']}")
    about = page.get_by_role("region", name="About the service")
    expect(about).to_contain_text("is handed none")
    expect(page.get_by_text("It is not trusted")).to_be_visible()
    page.get_by_role("button", name="Trust it with keys").click()
    expect(page.get_by_text("It is trusted")).to_be_visible()
    expect(about).to_contain_text("trusted with them")
    theirs = open_page(astronomer.token)
    theirs.goto(f"/services/{fit['id']}")
    expect(theirs.get_by_role("region", name="About the service")).to_contain_text("trusted with them")
    expect(theirs.get_by_role("button", name=re.compile("^Trust it"))).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Trust it no longer").click()
    expect(about).to_contain_text("is handed none")


def test_the_question_before_a_deletion_counts_what_goes(page, site, source, fit, service):
    done = site.start(source, fit["id"])
    site.ended(done)
    site.collected(done)
    service.result = None
    site.start(source, fit["id"])
    path = f"/api/analysis_service/{fit['id']}"
    site.data("POST", f"{path}/default_analysis", {"source_filter": {"classifications": [{"name": "no such class"}]}})
    counted = site.data("GET", f"{path}/removal")
    page.goto(f"/services/{fit['id']}")
    page.get_by_role("button", name="Delete").click()
    lines = page.get_by_role("alertdialog").get_by_role("listitem")
    expect(lines).to_have_text(
        [
            "2 analyses, 1 of them still going on",
            re.compile(f"^{counted['products']} products: results, plots"),
            "1 default analysis",
        ]
    )
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_default_analyses_are_made_changed_and_removed(page, site, fit):
    page.goto(f"/services/{fit['id']}")
    panel = page.get_by_role("region", name="Default analyses")
    panel.get_by_role("button", name="New default analysis").click()
    _box(panel, "Class").fill("Ia, Ib")
    panel.get_by_role("spinbutton", name="At most, a day").fill("5")
    panel.get_by_role("button", name="Save default analysis").click()
    expect(panel).to_contain_text("classified as Ia (at least 0.9) or Ib (at least 0.9)")
    expect(panel).to_contain_text("0 of 5 today")
    panel.get_by_role("button", name="Change").click()
    page.watched.expect_status(400)
    panel.get_by_role("spinbutton", name="At most, a day").fill("5000")
    panel.get_by_role("button", name="Save default analysis").click()
    expect(panel.get_by_role("alert")).to_contain_text("Must be between 1 and 1000")
    panel.get_by_role("spinbutton", name="At most, a day").fill("7")
    panel.get_by_role("button", name="Save default analysis").click()
    expect(panel).to_contain_text("0 of 7 today")
    panel.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove default analysis").click()
    expect(panel).to_contain_text("None")


def test_what_failed_is_started_again(page, site, source, fit, service):
    good = service.result
    service.result = {"status": "failure", "message": "out of memory"}
    site.ended(site.start(source, fit["id"]))
    service.result = good
    page.goto(f"/services/{fit['id']}")
    page.get_by_role("button", name="Retry what failed").click()
    page.get_by_role("link", name="a batch").click()
    expect(page.get_by_role("table", name="Runs").get_by_role("status")).to_have_text("completed", timeout=30_000)


def test_who_may_not_manage_services_sees_no_button_for_it(open_page, astronomer, fit):
    page = open_page(astronomer.token)
    page.goto("/services")
    settled(page)
    expect(page.get_by_role("button", name="New service")).to_have_count(0)
    page.get_by_role("link", name=fit["display_name"]).click()
    settled(page)
    for name in ("Edit", "Delete", "Save limit", "New signing secret"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("button", name="Ping")).to_be_visible()
