"""Signing in and out, and a session that ends in the midst of work."""

import uuid

from playwright.sync_api import expect

from tests.browser.watched import findings, settled


def _token(page):
    return page.get_by_role("textbox", name="Token")


def test_a_token_opens_the_page_that_was_asked_for(open_page, site):
    page = open_page()
    page.goto("/services")
    _token(page).fill(site.token)
    _token(page).press("Enter")
    expect(page.get_by_role("heading", name="Services", exact=True)).to_be_visible()
    assert page.url.endswith("/services")


def test_nobody_who_is_not_signed_in_makes_a_request_that_fails(open_page):
    page = open_page()
    page.goto("/")
    expect(_token(page)).to_be_focused()  # the fixture sees to it that the console says nothing


def test_a_wrong_token_gets_a_sentence_and_stays_in_its_field(open_page):
    page = open_page()
    page.watched.expect_status(401)
    page.goto("/")
    wrong = str(uuid.uuid4())
    _token(page).fill(wrong)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Unknown token")
    expect(_token(page)).to_have_value(wrong)


def test_no_script_reads_the_session_and_no_token_is_stored(open_page, site):
    page = open_page()
    page.goto("/")
    _token(page).fill(site.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    [cookie] = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.cookie")
    assert site.token not in stored
    assert cookie["value"] not in stored
    assert site.token not in page.url


def test_signing_out_leaves_nothing_behind(open_page, astronomer):
    page = open_page(astronomer.token)
    page.goto("/profile")
    [cookie] = page.context.cookies()
    page.get_by_role("button", name="Sign out").click()
    expect(_token(page)).to_be_visible()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert astronomer.username not in kept
    assert "draft" not in kept
    assert page.evaluate("caches.keys()") == []
    old = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    assert page.context.request.get("/api/internal/session", headers=old).status == 401


def test_a_session_that_ends_is_asked_for_over_the_page_and_nothing_typed_is_lost(open_page, site):
    person = site.person("Group admin")
    page = open_page(person.token)
    page.goto("/services?new=1")
    page.get_by_role("textbox", name="Name", exact=True).fill("a name that was typed")
    page.watched.expect_status(401, 400)
    page.context.clear_cookies()
    # also if a poll has heard of it first, and the dialog is there already
    page.get_by_role("button", name="Save service").dispatch_event("click")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Token")).to_be_visible()
    assert page.url.endswith("/services?new=1")
    dialog.get_by_role("textbox", name="Token").fill(person.token)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("`url` is required")  # what was asked went on
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("a name that was typed")


def test_another_tab_hears_that_somebody_signed_out(open_page, astronomer):
    page = open_page(astronomer.token)
    page.goto("/profile")
    settled(page)
    other = page.context.new_page()
    other.goto("/requests")
    other.get_by_role("button", name="Sign out").click()
    expect(_token(page)).to_be_visible()


def test_axe_finds_nothing_against_signing_in(open_page):
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        page.goto("/")
        expect(_token(page)).to_be_visible()
        assert findings(page) == []
