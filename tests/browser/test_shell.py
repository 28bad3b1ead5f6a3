"""What all pages have: keyboard, polling, theme, width, accessibility, policy; nothing in the console."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watched import findings, settled

PAGES = ("/", "/services", "/requests", "/profile")


@pytest.fixture
def everywhere(site, source, service):
    """The paths of all pages, with something on each."""
    fit = site.service(service.url, optional_analysis_parameters={"seed": {"type": "number"}})
    run = site.start(source, fit["id"])
    site.ended(run)
    own = (f"/sources/{source}", f"/analyses/{run}", f"/services/{fit['id']}", "/services?new=1")
    return (*PAGES, *own)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(open_page, site, everywhere, scheme):
    page = open_page(site.token, color_scheme=scheme, reduced_motion="reduce")
    for path in everywhere:
        page.goto(path)
        settled(page)
        assert findings(page) == [], path


def test_no_page_is_wider_than_a_phone(open_page, site, everywhere):
    page = open_page(site.token)
    page.set_viewport_size({"width": 360, "height": 740})
    for path in everywhere:
        page.goto(path)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize(
    ("path", "table"), [("/", "Sources"), ("/requests", "Runs"), ("/services", "Services"), ("/profile", "Tokens")]
)
def test_on_a_phone_no_cell_of_a_list_lies_beyond_the_edge(open_page, site, everywhere, path, table):
    page = open_page(site.token)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    settled(page)
    cells = page.get_by_role("table", name=table).get_by_role("cell")
    assert cells.count() > 3
    assert cells.evaluate_all("cells => Math.max(...cells.map(cell => cell.getBoundingClientRect().right))") <= 360


def test_keys_lead_everywhere_and_can_be_switched_off(page):
    page.goto("/profile")
    settled(page)
    for second, heading in (("v", "Services"), ("r", "Requests")):
        page.keyboard.press("g")
        page.keyboard.press(second)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search sources")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/profile")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("v")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/profile$"))


def test_j_and_k_go_through_rows_and_enter_opens_one(page, site, service):
    for _ in range(2):
        site.service(service.url)
    page.goto("/services")
    settled(page)
    links = page.get_by_role("table", name="Services").get_by_role("link")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/services/\d+$"))


def test_keys_that_are_typed_into_a_field_are_text(page):
    page.goto("/services?new=1")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill("")
    name.press_sequentially("g v j k ? /")
    expect(name).to_have_value("g v j k ? /")
    expect(page).to_have_url(re.compile("new=1"))
    page.get_by_role("button", name="Discard").click()


_SHOW = """shown => {
    Object.defineProperty(document, 'visibilityState', {value: shown ? "visible" : "hidden", configurable: true});
    Object.defineProperty(document, 'hidden', {value: !shown, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hidden_tab_asks_once_a_minute_and_one_that_is_shown_again_at_once(open_page, site):
    page = open_page()
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "analysis_changes" in request.url else None)
    page.goto("/")
    page.get_by_role("textbox", name="Token").fill(site.token)
    page.get_by_role("textbox", name="Token").press("Enter")
    with page.expect_response("**/api/analysis_changes*"):
        page.clock.run_for(100)
    page.evaluate(f"({_SHOW})(false)")
    before = len(asked)
    page.clock.run_for(58_000)
    assert len(asked) == before
    with page.expect_response("**/api/analysis_changes*"):
        page.clock.run_for(5_000)
    assert len(asked) == before + 1
    with page.expect_response("**/api/analysis_changes*"):
        page.evaluate(f"({_SHOW})(true)")
        page.clock.run_for(1_000)


def test_the_look_follows_the_system(page):
    page.goto("/requests")
    settled(page)
    assert "dark" in page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light


def test_nothing_moves_for_who_asks_for_it(open_page, site, source, service):
    service.result = None
    run = site.start(source, site.service(service.url)["id"])
    page = open_page(site.token, reduced_motion="reduce")
    page.goto(f"/analyses/{run}")
    expect(page.get_by_role("status")).to_have_text("pending", timeout=20_000)
    longest = "Math.max(0, ...document.getAnimations().map(one => Number(one.effect.getComputedTiming().endTime)))"
    assert page.evaluate(longest) <= 20


def test_sign_out_and_the_four_pages_are_on_every_page(page, everywhere):
    for path in everywhere:
        page.goto(path)
        settled(page)
        expect(page.get_by_role("button", name="Sign out")).to_have_count(1)
        for name in ("Sources", "Services", "Requests", "Profile"):
            link = page.get_by_role("navigation").get_by_role("link", name=name, exact=True)
            expect(link).to_have_count(1)


def test_the_first_page_is_small_and_assets_are_kept(page, site):
    sizes = {}
    page.on("requestfinished", lambda request: sizes.setdefault(request.url, request.sizes()["responseBodySize"]))
    page.goto("/")
    settled(page)
    assets = {url: size for url, size in sizes.items() if "/assets/" in url}
    assert sum(assets.values()) < 150_000
    assert not any("plotly" in url for url in assets)
    for url in assets:
        answer = page.context.request.get(url)
        assert re.search(r"-[0-9a-f]{8,}\.\w+$", url)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.context.request.get("/").headers["cache-control"] == "no-cache"


def test_an_address_without_a_page_leads_back(page):
    page.goto("/requests")
    settled(page)
    page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


def test_a_page_whose_script_is_late_is_awaited_and_one_that_is_lost_says_so(page):
    held, is_lost = [], False

    def hold(route):
        if is_lost:
            route.abort()
        else:
            held.append(route)

    page.route("**/assets/RequestsPage-*.js", hold)
    page.goto("/requests")
    expect(page.get_by_role("main").locator("[aria-busy=true]")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
    is_lost = True  # what is asked for from now on, too
    for route in held:
        route.abort()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.get_by_role("main")).to_have_count(1)
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    page.watched.complaints[:] = [one for one in page.watched.complaints if "ERR_FAILED" not in one]
