"""Event subscriptions on the profile: made, secret shown once, tested, deliveries with answers, paused, deleted."""

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled
from tests.support.service import Reaction, StubService


@pytest.fixture
def receiver():
    with StubService() as running:
        yield running


def test_a_subscription_is_made_tested_paused_and_deleted(open_page, site, receiver):
    person = site.person("Full user")
    page = open_page(person.token)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Event subscriptions")
    panel.get_by_role("button", name="New subscription").click()
    panel.get_by_role("textbox", name="URL").fill(receiver.url)
    panel.get_by_role("checkbox", name="batch.finished").check()
    panel.get_by_role("button", name="Subscribe").click()
    secret = panel.locator(".shown-once").inner_text()
    assert secret.startswith("whsec_")
    row = panel.get_by_role("row").filter(has_text=receiver.url)
    expect(row).to_contain_text("analysis.completed, analysis.failed, batch.finished")
    expect(row).to_contain_text("active")

    receiver.reaction = Reaction(503, b"down for repair")
    panel.get_by_role("button", name=f"Deliveries to {receiver.url}").click()
    dialog = page.get_by_role("dialog", name="Deliveries")
    expect(dialog).to_contain_text("Nothing was sent yet.")
    dialog.get_by_role("button", name="Send a test").click()
    delivery = dialog.get_by_role("row").filter(has_text="subscription.test")
    expect(delivery).to_contain_text("waiting")
    _look_until(dialog, delivery, "503 down for repair")
    expect(delivery).to_contain_text("next try")
    receiver.reaction = Reaction(200, b"thanks")
    delivery.get_by_role("button", name="Send evt_subscription_test").click()
    _look_until(dialog, delivery, "200 thanks")
    expect(delivery).to_contain_text("delivered")
    dialog.get_by_role("button", name="Close").click()

    panel.get_by_role("button", name=f"Pause {receiver.url}").click()
    expect(row).to_contain_text("It was paused by hand.")
    panel.get_by_role("button", name=f"Resume {receiver.url}").click()
    expect(row).to_contain_text("active")
    page.reload()
    settled(page)
    assert secret not in page.content()
    panel.get_by_role("button", name=f"New secret for {receiver.url}").click()
    expect(panel.locator(".shown-once")).to_contain_text("whsec_")
    assert panel.locator(".shown-once").inner_text() != secret
    panel.get_by_role("button", name=f"Delete {receiver.url}").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete subscription").click()
    expect(row).to_have_count(0)


def test_a_url_that_is_refused_is_said_and_stays(open_page, site):
    page = open_page(site.person("Full user").token)
    page.watched.expect_status(400)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Event subscriptions")
    panel.get_by_role("button", name="New subscription").click()
    url = panel.get_by_role("textbox", name="URL")
    url.fill("http://10.0.0.1/hook")
    panel.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("alert")).to_contain_text("private")
    expect(url).to_have_value("http://10.0.0.1/hook")


def test_who_may_only_look_cannot_subscribe(open_page, viewer):
    page = open_page(viewer.token)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Event subscriptions")
    expect(panel).to_contain_text("Nobody is told")
    expect(panel.get_by_role("button")).to_have_count(0)


def _look_until(dialog, row, text):
    for _ in range(100):
        if text in row.inner_text():
            break
        dialog.page.wait_for_timeout(200)
        dialog.get_by_role("button", name="Look again").click()
    expect(row).to_contain_text(text)
