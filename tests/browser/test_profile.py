"""The profile: what one may, tokens, summary settings, the look, and for administrators people and groups."""

import uuid

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.watched import settled


@pytest.fixture
def person(site):
    return site.person("Full user")


def test_it_says_who_one_is_and_what_the_token_permits(open_page, site, person):
    token = site.data("POST", "/api/internal/tokens", {"name": "few", "acls": ["Comment"], "user_id": person.id})
    page = open_page(token["token_id"])
    page.goto("/profile")
    you = page.get_by_role("region", name="You")
    expect(you).to_contain_text(person.username)
    expect(you).to_contain_text("Sitewide Group")
    expect(you).to_contain_text("Comment")
    expect(you).not_to_contain_text("Run Analyses")


def test_a_token_is_made_shown_once_and_revoked(open_page, site, person):
    page = open_page(person.token)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Tokens")
    panel.get_by_role("button", name="New token").click()
    panel.get_by_role("textbox", name="Name").fill("reports")
    panel.get_by_role("checkbox", name="Comment").check()
    panel.get_by_role("button", name="Create token").click()
    expect(panel.get_by_role("row").filter(has_text="reports")).to_contain_text("Comment")
    made = panel.locator(".shown-once").inner_text()
    answer = requests.get(f"{site.url}/api/internal/profile", headers={"Authorization": f"token {made}"}, timeout=30)
    assert answer.json()["data"]["username"] == person.username
    page.reload()
    settled(page)
    assert made not in page.content()
    panel.get_by_role("button", name="Revoke reports").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke token").click()
    expect(panel.get_by_role("row").filter(has_text="reports")).to_have_count(0)


def test_a_form_is_sent_once_however_often_it_is_clicked(open_page, person):
    page = open_page(person.token)
    held = []
    page.goto("/profile")
    panel = page.get_by_role("region", name="Tokens")
    panel.get_by_role("button", name="New token").click()
    panel.get_by_role("textbox", name="Name").fill("twice")
    page.route(
        "**/api/internal/tokens",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    panel.get_by_role("button", name="Create token").dblclick()
    panel.get_by_role("textbox", name="Name").press("Enter")
    expect(panel.get_by_role("button", name="Create token")).to_be_disabled()
    (only,) = held
    only.continue_()
    expect(panel.locator(".shown-once")).to_be_visible()
    expect(panel.get_by_role("row").filter(has_text="twice")).to_have_count(1)


def test_a_name_that_is_taken_is_said_and_stays(open_page, person):
    page = open_page(person.token)
    page.watched.expect_status(400)
    page.goto("/profile")
    page.get_by_role("button", name="New token").click()
    name = page.get_by_role("region", name="Tokens").get_by_role("textbox", name="Name")
    name.fill("browser")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_role("alert")).to_contain_text("Duplicate token name")
    expect(name).to_have_value("browser")


def test_the_key_of_a_language_model_is_only_ever_said_to_be_set(open_page, site, person):
    page = open_page(person.token)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Summaries by a language model")
    panel.get_by_role("checkbox", name="Use my own key and settings").check()
    panel.get_by_label("API key").fill("sk-key-of-the-test")
    panel.get_by_role("textbox", name="Model").fill("gpt-5")
    panel.get_by_role("spinbutton", name="Temperature").fill("0")
    panel.get_by_role("button", name="Save summary settings").click()
    expect(panel).to_contain_text("A key is set")
    page.reload()
    expect(panel).to_contain_text("A key is set")
    assert "sk-key-of-the-test" not in page.content()
    expect(panel.get_by_role("spinbutton", name="Temperature")).to_have_value("0")
    preferences = site.data("GET", "/api/internal/profile", token=person.token)["preferences"]
    assert preferences["summary"]["OpenAI"]["temperature"] == 0
    panel.get_by_role("button", name="Remove the key").click()
    expect(panel).to_contain_text("No key is set")


def test_the_theme_is_chosen_and_kept(open_page, person):
    page = open_page(person.token, color_scheme="light")
    page.goto("/profile")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("combobox", name="Theme").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(background) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_administrator_makes_a_user_with_a_token_and_a_group(page, site):
    username = f"new-{uuid.uuid4().hex[:8]}"
    page.goto("/profile")
    users = page.get_by_role("region", name="Users")
    users.get_by_role("button", name="New user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="User name").fill(username)
    dialog.get_by_role("checkbox", name="View only").check()
    dialog.get_by_role("button", name="Save user").click()
    users.get_by_role("searchbox", name="Search users").fill(username)
    users.get_by_role("button", name=f"Make a token for {username}").click()
    dialog.get_by_role("textbox", name="Name").fill("first")
    dialog.get_by_role("button", name="Create token").click()
    made = dialog.locator(".shown-once").inner_text()
    assert site.data("GET", "/api/internal/profile", token=made)["username"] == username
    dialog.get_by_role("button", name="Close").click()

    groups = page.get_by_role("region", name="Groups")
    groups.get_by_role("textbox", name="New group").fill(f"group of {username}")
    groups.get_by_role("button", name="Create group").click()
    groups.get_by_role("button", name=f"Members of group of {username}").click()
    dialog.get_by_role("combobox", name="Somebody new").select_option(username)
    dialog.get_by_role("button", name="Add member").click()
    expect(dialog.get_by_role("row").filter(has_text=username)).to_be_visible()


def test_who_is_no_administrator_sees_no_users(open_page, person):
    page = open_page(person.token)
    page.goto("/profile")
    settled(page)
    expect(page.get_by_role("heading", name="Users")).to_have_count(0)
