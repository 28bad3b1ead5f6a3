"""Everything that a page offers, done by keyboard alone: whatever a mouse does here fails the test."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser import sky
from tests.browser.keyboard import Keyboard
from tests.browser.watched import settled

OPEN_WHEN_IT_COMES = """button => new Promise(resolve => {
    new MutationObserver((changes, observer) => {
        const dialog = document.querySelector("dialog");
        if (dialog) observer.disconnect() || resolve(dialog.open);
    }).observe(document.body, {childList: true, subtree: true});
    button.click();
})"""
TYPED_AS_THE_ADDRESS_CHANGES = """(field, [first, second]) => new Promise(resolve => {
    const type = text => {
        field.value = text;
        field.dispatchEvent(new InputEvent("input", {bubbles: true}));
    };
    const before = location.search;
    const look = () => location.search === before ? setTimeout(look) : resolve(type(second));
    type(first);
    look();
})"""

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture
def page(open_page, site):
    page = open_page(site.token)
    page.add_init_script("addEventListener('pointerdown', () => console.error('a mouse was used'), true)")
    return page


@pytest.fixture
def keys(page):
    return Keyboard(page)


@pytest.fixture
def fit(site, service):
    declared = {"model": ["salt2", "salt3"], "seed": {"type": "number", "default": 0}, "cube": {"type": "file"}}
    return site.service(service.url, optional_analysis_parameters=declared)


def _button(scope, name):
    return scope.get_by_role("button", name=name, exact=True)


def test_signing_in_and_out(open_page, site):
    page = open_page()
    keys = Keyboard(page)
    page.goto("/requests")
    keys.type(page.get_by_role("textbox", name="Token"), site.token)
    keys.press(_button(page, "Sign in"))
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    keys.press(_button(page, "Sign out"))
    expect(page.get_by_role("textbox", name="Token")).to_be_visible()


def test_sources_are_found_chosen_and_sent_to_a_service(page, keys, site, fit):
    first = site.source()
    second = site.source(f"{first}b")
    page.goto("/profile")
    settled(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search sources")).to_be_focused()
    page.keyboard.type(first)
    expect(page).to_have_url(re.compile(f"q={first}$"))
    table = page.get_by_role("table", name="Sources")
    expect(table.get_by_role("link", name=re.compile("^ZTF26"))).to_have_count(2)
    keys.choose(page.get_by_role("combobox", name="Newest analysis"), "no")
    expect(page).to_have_url(re.compile("state=none"))
    expect(table.get_by_role("link", name=re.compile("^ZTF26"))).to_have_count(2)
    settled(page)
    for obj_id in (second, first):
        keys.press(page.get_by_role("checkbox", name=f"Select {obj_id}", exact=True), "Space")
    keys.press(_button(page, "Run on 2 sources"))
    dialog = page.get_by_role("dialog")
    keys.choose(dialog.get_by_role("combobox", name="Service"), fit["name"])
    keys.choose(dialog.get_by_role("combobox", name="model"), "salt3")
    keys.stays_within(dialog)
    keys.press(_button(dialog, "Run"))
    expect(dialog).to_contain_text("2 of 2 have ended", timeout=60_000)
    page.keyboard.press("Escape")
    expect(_button(page, "Run on 2 sources")).to_be_focused()


def test_a_dialog_is_open_before_the_next_key(page, keys, fit):
    page.goto(f"/services/{fit['id']}")
    settled(page)
    assert _button(page, "Delete").evaluate(OPEN_WHEN_IT_COMES)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_what_is_typed_while_the_address_follows_stays(page):
    page.goto("/")
    settled(page)
    search = page.get_by_role("searchbox", name="Search sources")
    search.evaluate(TYPED_AS_THE_ADDRESS_CHANGES, ["ZTF26", "ZTF26a"])
    expect(page).to_have_url(re.compile("q=ZTF26a$"))
    expect(search).to_have_value("ZTF26a")


def test_an_analysis_is_started_with_a_file_followed_repeated_and_deleted(keys, site, source, fit, service):
    page = keys.page
    page.goto(f"/sources/{source}")
    settled(page)
    keys.press(_button(page, "Start an analysis"))
    keys.choose(page.get_by_role("combobox", name="Service"), fit["name"])
    form = page.get_by_role("region", name="Analyses")
    keys.choose(form.get_by_role("combobox", name="model"), "salt3")
    keys.type(form.get_by_role("spinbutton", name="seed"), "7")
    keys.attach(form.get_by_label("cube"), "cube.fits", b"SIMPLE")
    keys.press(_button(form, "Run"))
    expect(form.get_by_role("listitem").first.get_by_role("status")).to_have_text("completed", timeout=60_000)
    sent = service.received[-1].document["inputs"]["analysis_parameters"]
    assert (sent["model"], sent["seed"]) == ("salt3", 7)
    assert sent["cube"].startswith("data:application/octet-stream;name=cube.fits;base64,")

    service.result = None
    keys.press(form.get_by_role("listitem").first.get_by_role("link", name=fit["name"]))
    keys.press(_button(page, "Retry"))
    expect(page.get_by_role("status").first).to_have_text("pending", timeout=60_000)
    keys.press(_button(page, "Cancel"))
    expect(page.get_by_role("status").first).to_have_text("cancelled")
    keys.press(_button(page, "Delete"))
    dialog = page.get_by_role("alertdialog")
    keys.stays_within(dialog, 5)
    keys.press(_button(dialog, "Keep"))
    expect(_button(page, "Delete")).to_be_focused()
    page.keyboard.press("Enter")
    keys.press(_button(dialog, "Delete analysis"))
    expect(page).to_have_url(re.compile(f"/sources/{source}$"))


def test_a_service_is_made_with_parameters_changed_pinged_and_deleted(page, keys, site, service):
    name = f"keys-{uuid.uuid4().hex[:8]}"
    page.goto("/services")
    settled(page)
    keys.press(_button(page, "New service"))
    keys.type(page.get_by_role("textbox", name="Name", exact=True), name)
    keys.type(page.get_by_role("textbox", name="URL"), service.url)
    keys.choose(page.get_by_role("combobox", name="Analysis type"), "Meta")
    keys.press(page.get_by_role("checkbox", name="comments"), "Space")
    keys.press(_button(page, "Add a parameter"))
    keys.type(page.get_by_role("textbox", name="Key, parameter 1"), "walkers")
    keys.choose(page.get_by_role("combobox", name="Kind, parameter 1"), "menu")
    keys.type(page.get_by_role("textbox", name=re.compile("^Choices.*parameter 1")), "10, 20")
    keys.press(_button(page, "Add a parameter"))
    keys.press(_button(page, "Remove parameter 2"))
    keys.press(_button(page, "Save service"))
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settled(page)
    record = site.data("GET", f"/api/analysis_service/{page.url.rpartition('/')[2]}")
    assert (record["analysis_type"], "comments" in record["input_data_types"]) == ("meta_analysis", True)
    assert "walkers" in record["optional_analysis_parameters"]
    keys.press(_button(page, "Ping"))
    expect(page.get_by_role("region", name="Is it there?")).to_contain_text("HTTP 200")
    keys.press(_button(page, "Edit"))
    keys.type(page.get_by_role("textbox", name="Description"), "by keyboard")
    keys.press(_button(page, "Save service"))
    expect(page.get_by_text("by keyboard")).to_be_visible()
    keys.press(_button(page, "Delete"))
    dialog = page.get_by_role("alertdialog")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(_button(page, "Delete")).to_be_focused()
    page.keyboard.press("Enter")
    keys.press(_button(dialog, "Delete service"))
    expect(page).to_have_url(re.compile("/services$"))


def test_a_token_is_made_and_revoked(page, keys):
    name = f"keys-{uuid.uuid4().hex[:8]}"
    page.goto("/profile")
    settled(page)
    keys.press(_button(page, "New token"))
    keys.type(page.get_by_role("textbox", name="Name", exact=True).first, name)
    keys.press(page.get_by_role("checkbox", name="Comment", exact=True), "Space")
    keys.press(_button(page, "Create token"))
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_be_visible()
    if page.get_by_role("dialog").count():
        page.keyboard.press("Escape")
    keys.press(row.get_by_role("button", name=re.compile("^Revoke")))
    keys.press(page.get_by_role("alertdialog").get_by_role("button", name=re.compile("^Revoke")))
    expect(row).to_have_count(0)


def test_periods_are_searched_folded_and_moved(page, keys, site):
    star = site.source()
    body = {"obj_id": star, "instrument_id": site.instrument_id, "magsys": "ab", **sky.variable()}
    site.data("PUT", "/api/photometry", {**body, "group_ids": [site.public_group_id]})
    page.goto(f"/sources/{star}")
    settled(page)
    keys.press(page.get_by_role("link", name="Find periods").or_(_button(page, "Find periods")))
    peak = page.get_by_role("row").nth(2).get_by_role("button")
    keys.press(peak)
    expect(page).to_have_url(re.compile("period="))
    keys.press(_button(page, f"2 {TIMES}"))
    before = page.url
    keys.press(page.get_by_role("slider", name="Fine"), "ArrowRight")
    expect(page).not_to_have_url(before)
    keys.type(page.get_by_role("spinbutton", name="Shortest period (d)"), "0.5")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("min_period=0.5"))
    settled(page)
    keys.press(page.get_by_role("checkbox", name="ztfr"), "Space")
    keys.choose(page.get_by_role("combobox", name="Method"), "Box")
    expect(page).to_have_url(re.compile("method=box"))


def test_a_light_curve_is_turned_over_and_sifted(page, keys, source):
    page.goto(f"/sources/{source}")
    settled(page)
    curve = page.get_by_role("region", name="Light curve")
    expect(curve.locator(".main-svg").first).to_be_visible()
    keys.press(_button(curve, "Flux"))
    expect(curve.locator(".ytitle")).to_contain_text("Flux")
    keys.press(_button(curve, "Days since T0"), "Space")
    keys.type(curve.get_by_role("spinbutton", name="T0 (MJD)"), "59000")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("t0=59000"))
    keys.press(curve.get_by_role("checkbox", name="Limits"), "Space")
    keys.press(_button(curve, "ztfg"))
    expect(_button(curve, "ztfg")).to_have_attribute("aria-pressed", "false")
    keys.press(_button(curve, "As code"))
    expect(page.get_by_text("curl ").first).to_be_visible()


def test_summary_and_comments_are_written_and_taken_back(page, keys, source):
    page.goto(f"/sources/{source}")
    settled(page)
    summary = page.get_by_role("region", name="Summary")
    for text in ("Rising.", "Falling."):
        keys.press(_button(summary, "Edit summary"))
        keys.type(summary.get_by_role("textbox", name="Summary"), text)
        keys.press(_button(summary, "Save summary"))
        expect(summary.get_by_text(text, exact=True)).to_be_visible()
    keys.press(_button(summary, "History"))
    expect(summary.locator("ins").first).to_be_visible()
    keys.press(_button(summary, "Clear summary"))
    expect(summary.get_by_text("No summary yet.")).to_be_visible()

    comments = page.get_by_role("region", name="Comments")
    keys.type(comments.get_by_role("textbox", name="Comment"), "seen without a mouse")
    keys.attach(comments.get_by_label("Attach a file"), "notes.txt", b"seeing 1.1")
    keys.press(_button(comments, "Post comment"))
    expect(comments.get_by_role("link", name="notes.txt")).to_be_visible()
    keys.press(comments.get_by_role("button", name=re.compile("^Delete comment")))
    dialog = page.get_by_role("alertdialog")
    keys.press(_button(dialog, "Delete comment"))
    expect(comments.get_by_text("seen without a mouse")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_requests_are_filtered_chosen_and_repeated(keys, site, source, fit):
    page = keys.page
    site.ended(site.start(source, fit["id"], analysis_parameters={"model": "salt2"}))
    page.goto(f"/requests?serviceID={fit['id']}")
    settled(page)
    keys.press(page.get_by_role("group", name="States").get_by_role("button", name=re.compile(r"^\d+ completed$")))
    expect(page).to_have_url(re.compile("status=completed"))
    keys.press(page.get_by_role("checkbox", name=re.compile(f"^Choose {source}")), "Space")
    keys.press(_button(page, "Retry 1"))
    expect(page.get_by_role("toolbar", name="Chosen runs")).to_have_count(0)
    expect(page.get_by_role("table", name="Runs").get_by_role("status")).to_have_text(
        ["completed", "completed"], timeout=60_000
    )
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/analyses/\d+$"))
