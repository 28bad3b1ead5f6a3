"""What came through a relay, on the page of the analysis and among the requests."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.watched import settled
from tests.support.portal import Portal


@pytest.fixture
def portal():
    with Portal() as running:
        yield running


@pytest.fixture
def relayed(site, service, portal):
    """The id of an analysis that a portal asked for, and the portal's row."""
    fit = site.service(service.url)
    body = {"service_id": fit["id"], "callback_hosts": [portal.host], "group_ids": [site.public_group_id]}
    made = site.data("POST", "/api/relay", body)
    row = portal.record("ZTF26elsewhere")
    header = {"Authorization": f"token {made['token']}"}
    answer = requests.post(
        f"{site.url}/api/relay/{made['id']}/run", json=portal.document(row), headers=header, timeout=30
    )
    portal.acknowledged(row, answer.status_code, answer.text)
    return answer.json()["data"]["id"], row


def test_the_page_says_where_an_analysis_came_from_and_forwards_it_again(page, site, relayed, portal):
    run, row = relayed
    site.ended(run)
    page.goto(f"/analyses/{run}")
    settled(page)
    panel = page.get_by_role("region", name="Relayed")
    expect(panel).to_contain_text(portal.host)
    expect(panel).to_contain_text("ZTF26elsewhere")
    expect(panel).to_contain_text(re.compile(r"forwarded.*HTTP 200", re.DOTALL), timeout=60_000)
    assert row.status == "completed"
    row.status = "pending"
    panel.get_by_role("button", name="Forward again").click()
    expect(panel).to_contain_text("HTTP 200")
    for _ in range(300):
        if row.taken == 2:
            break
        page.wait_for_timeout(100)
    assert (row.status, row.taken) == ("completed", 2)


def test_the_requests_mark_what_came_through_a_relay(page, relayed):
    run, _ = relayed
    page.goto("/requests?objID=ZTF26elsewhere")
    settled(page)
    expect(page.get_by_role("row", name=re.compile(str(run)))).to_contain_text("relayed")


def test_an_analysis_of_ones_own_has_no_such_panel(page, site, source, service):
    run = site.start(source, site.service(service.url)["id"])
    site.ended(run)
    page.goto(f"/analyses/{run}")
    settled(page)
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(page.get_by_role("region", name="Relayed")).to_have_count(0)
