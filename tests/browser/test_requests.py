"""Requests: counts that filter, runs to choose from, batches; every filter stands in the address."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled


@pytest.fixture
def outcomes(site, source, service):
    """A service of its own with two runs that completed and one that failed; its record."""
    fit = site.service(service.url)
    for _ in range(2):
        site.ended(site.start(source, fit["id"]))
    service.result = {"status": "failure", "message": "no convergence"}
    site.ended(site.start(source, fit["id"]))
    return fit


def _states(page):
    return page.get_by_role("table", name="Runs").get_by_role("status")


def test_tiles_hold_counts_and_filter(page, outcomes):
    page.goto(f"/requests?serviceID={outcomes['id']}")
    settled(page)
    expect(_states(page)).to_have_text(["failure", "completed", "completed"])
    page.get_by_role("button", name=re.compile(r"^\d+ failure$")).click()
    expect(page).to_have_url(re.compile("status=failure"))
    expect(_states(page)).to_have_text(["failure"])
    page.get_by_role("button", name=re.compile(r"^\d+ completed$")).click()
    expect(_states(page)).to_have_text(["completed", "completed"])
    page.go_back()
    expect(_states(page)).to_have_text(["failure"])
    page.go_back()
    expect(_states(page)).to_have_count(3)
    page.go_forward()
    expect(_states(page)).to_have_text(["failure"])
    page.reload()
    expect(_states(page)).to_have_text(["failure"])


def test_the_bars_follow_the_chosen_time(page, outcomes):
    page.goto("/requests")
    settled(page)
    for words, window in (("1 hour", "1h"), ("7 days", "7d"), ("30 days", "30d")):
        with page.expect_response(re.compile(rf"analysis_counts\?.*window={window}")) as asked:
            page.get_by_role("button", name=words).click()
        assert asked.value.ok
        expect(page.get_by_role("img", name=re.compile(r"^\d+ runs over time"))).to_be_visible()
        expect(page).to_have_url(re.compile(f"window={window}"))


def test_each_filter_is_a_step_that_back_takes_back(page, site, source, outcomes):
    page.goto("/requests")
    settled(page)
    page.get_by_role("combobox", name="Service").select_option(str(outcomes["id"]))
    expect(_states(page)).to_have_count(3)
    page.get_by_role("combobox", name="State").select_option("completed")
    expect(_states(page)).to_have_count(2)
    page.get_by_role("textbox", name="Object").fill("nothing-of-this-name")
    page.get_by_role("textbox", name="Object").press("Enter")
    expect(page.get_by_text("No run fits these filters.")).to_be_visible()
    page.go_back()
    expect(_states(page)).to_have_count(2)
    expect(page.get_by_role("textbox", name="Object")).to_have_value("")
    page.get_by_role("button", name="Show all").click()
    expect(page).to_have_url(re.compile("/requests$"))


def test_chosen_runs_are_retried_and_deleted_together(page, site, outcomes, service):
    service.result = {"status": "success", "message": "Fitted.", "analysis": {"results": {"z": 1}}}
    page.goto(f"/requests?serviceID={outcomes['id']}&status=failure")
    settled(page)
    page.get_by_role("checkbox", name=re.compile("^Choose ZTF")).check()
    page.get_by_role("button", name="Retry 1").click()
    page.goto(f"/requests?serviceID={outcomes['id']}")
    expect(page.get_by_role("table", name="Runs").get_by_text("completed")).to_have_count(3, timeout=20_000)
    page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("button", name="Delete 4").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete 4 analyses").click()
    expect(page.get_by_text("No run fits these filters.")).to_be_visible()
    assert site.data("GET", f"/api/analysis_runs?serviceID={outcomes['id']}") == []


def test_what_could_not_be_done_stays_chosen_and_is_said(page, outcomes):
    page.goto(f"/requests?serviceID={outcomes['id']}&status=failure")
    settled(page)
    page.watched.expect_status(400)
    refusal = {"status": "error", "message": "You have reached the maximum number of analyses for this object."}
    page.route("**/retry", lambda route: route.fulfill(status=400, json=refusal))
    page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("button", name="Retry 1").click()
    expect(page.get_by_role("alert")).to_contain_text("maximum number of analyses")
    expect(page.get_by_role("checkbox", name=re.compile("^Choose ZTF"))).to_be_checked()


def test_a_run_that_ends_is_seen_without_reload(page, site, source, service):
    result, service.result = service.result, None
    fit = site.service(service.url)
    site.start(source, fit["id"])
    page.goto(f"/requests?serviceID={fit['id']}")
    expect(_states(page)).to_have_text(["pending"], timeout=20_000)
    service.answer(result)
    expect(_states(page)).to_have_text(["completed"], timeout=20_000)


def test_a_batch_shows_its_progress_and_its_runs(page, site, service):
    fit = site.service(service.url)
    objects = [site.source() for _ in range(3)]
    body = {"analysis_service_id": fit["id"], "obj_ids": objects}
    batch = site.data("POST", "/api/analysis_batch", body)["id"]
    page.goto("/requests")
    row = page.get_by_role("listitem").filter(has_text=fit["display_name"])
    expect(row).to_contain_text("3 of 3 ended", timeout=30_000)
    row.get_by_role("button", name="Show its runs").click()
    expect(page).to_have_url(re.compile(f"batchID={batch}"))
    expect(_states(page)).to_have_text(["completed"] * 3)


def test_who_may_only_look_can_choose_nothing(open_page, viewer, outcomes):
    page = open_page(viewer.token)
    page.goto(f"/requests?serviceID={outcomes['id']}")
    settled(page)
    expect(_states(page)).to_have_count(3)
    expect(page.get_by_role("checkbox")).to_have_count(0)


def _lost_once(page, path):
    """Lose the first request to a path; return the list that the keys and bodies of all of them go into."""
    sent = []

    def lose(route):
        sent.append((route.request.headers["idempotency-key"], route.request.post_data))
        route.abort() if len(sent) == 1 else route.continue_()

    page.route(re.compile(path), lose)
    return sent


def _forgive_the_loss(page):
    page.watched.complaints[:] = [one for one in page.watched.complaints if "ERR_FAILED" not in one]


def test_a_retry_that_may_not_have_arrived_goes_again_under_its_key(page, site, source, service):
    fit = site.service(service.url)
    site.ended(site.start(source, fit["id"]))
    sent = _lost_once(page, r"/api/obj/analysis/\d+/retry$")
    page.goto(f"/requests?serviceID={fit['id']}")
    page.get_by_role("checkbox", name=re.compile(f"^Choose {source}")).check()
    page.get_by_role("button", name="Retry 1").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    page.get_by_role("button", name="Retry 1").click()
    expect(page.get_by_role("table", name="Runs").get_by_role("status")).to_have_count(2)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    _forgive_the_loss(page)


def test_failures_that_may_have_been_started_again_are_asked_for_in_the_same_words(page, site, source, service):
    service.result = {"status": "failure", "message": "out of memory"}
    fit = site.service(service.url)
    site.ended(site.start(source, fit["id"]))
    sent = _lost_once(page, r"/retry_failed$")
    page.goto(f"/services/{fit['id']}")
    page.get_by_role("button", name="Retry what failed").click()
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="a batch")).to_be_visible()
    assert len(sent) == 2
    assert len(set(sent)) == 1
    _forgive_the_loss(page)
