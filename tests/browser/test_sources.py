"""The list of sources: searched, filtered, chosen from, added to."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled


@pytest.fixture
def three(site):
    """Three sources whose ids begin alike, at places and redshifts of their own."""
    first = site.source()
    places = {"b": {"ra": 10.0, "dec": -30.0, "redshift": 0.5}, "c": {"ra": 11.0, "dec": -31.0, "redshift": None}}
    return [first, *(site.source(first + letter, **facts) for letter, facts in places.items())]


def _shown(page):
    return page.get_by_role("table", name="Sources").get_by_role("link", name=re.compile("^ZTF26"))


def _search(page, text):
    page.get_by_role("searchbox", name="Search sources").fill(text)


def test_sources_are_found_by_id_and_position_and_back_takes_each_step_back(page, three):
    page.goto("/")
    settled(page)
    _search(page, three[0])
    expect(page).to_have_url(re.compile(f"q={three[0]}$"))
    expect(_shown(page)).to_have_count(3)
    page.get_by_role("spinbutton", name="Least redshift").fill("0.4")
    page.keyboard.press("Enter")
    expect(_shown(page)).to_have_text([three[1]])
    page.reload()
    expect(_shown(page)).to_have_text([three[1]])
    page.go_back()
    expect(_shown(page)).to_have_count(3)
    _search(page, "00:40:00 -30:00:01")
    expect(page).to_have_url(re.compile("q=00"))
    expect(_shown(page).filter(has_text=three[1])).to_have_count(1)
    expect(_shown(page).filter(has_text=three[2])).to_have_count(0)
    page.go_back()
    expect(_shown(page)).to_have_count(3)
    expect(page.get_by_role("searchbox", name="Search sources")).to_have_value(three[0])


def test_nothing_found_says_how_to_go_on(page):
    page.goto("/?q=no-such-source")
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_role("searchbox", name="Search sources")).to_have_value("")
    expect(page.get_by_role("table", name="Sources")).to_be_visible()


def test_newest_analyses_are_seen_at_a_glance_and_filter(page, site, service, three):
    fit = site.service(service.url)
    site.ended(site.start(three[1], fit["id"]))
    page.goto(f"/?q={three[0]}")
    link = page.get_by_role("row", name=re.compile(three[1])).get_by_role("link", name=f"{fit['name']} completed")
    expect(link).to_have_attribute("href", re.compile(r"analyses/\d+$"))
    page.get_by_role("combobox", name="Newest analysis").select_option(label="completed")
    expect(_shown(page)).to_have_text([three[1]])


def test_newest_analyses_that_are_not_known_yet_say_so(page, three):
    page.watched.expect_status(500)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/analysis_glance*", hold)
    page.goto(f"/?q={three[0]}")
    expect(_shown(page)).to_have_count(3)
    expect(page.get_by_role("table", name="Sources").locator("[aria-busy=true]")).to_have_count(3)
    for route in held:
        route.fulfill(status=500, json={"status": "error", "message": "Out of order.", "data": {}})
    expect(page.get_by_role("alert")).to_contain_text("Out of order.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Sources").get_by_text("none", exact=True)).to_have_count(3)


def test_the_newest_analysis_filters_over_all_pages(page, site, service, three):
    """Of more sources than a page shows; the one that is wanted is the oldest."""
    prefix = three[0]
    for number in range(51):
        place = {"ra": 20.0, "dec": 5.0, "group_ids": [site.public_group_id]}
        site.data("POST", "/api/sources", {"id": f"{prefix}x{number:02d}", **place})
    fit = site.service(service.url)
    site.ended(site.start(prefix, fit["id"]))
    page.goto(f"/?q={prefix}")
    expect(page.get_by_role("main")).to_contain_text("54 sources")
    expect(_shown(page).filter(has_text=re.compile(f"^{prefix}$"))).to_have_count(0)
    page.get_by_role("combobox", name="Newest analysis").select_option(label="completed")
    expect(page).to_have_url(re.compile("state=completed"))
    expect(_shown(page)).to_have_text([prefix])
    page.reload()
    expect(_shown(page)).to_have_text([prefix])
    page.get_by_role("combobox", name="Newest analysis").select_option(label="no analysis yet")
    expect(page.get_by_role("main")).to_contain_text("53 sources")
    page.get_by_role("button", name="Next").click()
    expect(_shown(page)).to_have_count(3)
    expect(page).to_have_url(re.compile("page=2"))
    page.go_back()
    expect(_shown(page)).to_have_count(50)
    page.go_back()
    expect(_shown(page)).to_have_text([prefix])


def test_sources_that_were_not_looked_into_are_a_click_away(page, site, three):
    """The API looks into a bounded number at once; then the page is empty and leads on."""
    page.route(
        re.compile(r"/api/sources\?(?!.*cursor).*newestAnalysis"),
        lambda route: route.fulfill(
            json={"status": "success", "data": {"sources": [], "totalMatches": 0, "pageNumber": 1, "numPerPage": 50}},
            headers={"Link": f'<{site.url}/api/sources?cursor=abc>; rel="next"'},
        ),
    )
    page.route(
        re.compile("cursor=abc"), lambda route: route.continue_(url=f"{site.url}/api/sources?sourceID={three[1]}")
    )
    page.goto("/?state=failure")
    expect(page.get_by_text("None so far")).to_be_visible()
    page.get_by_role("button", name="Look further").click()
    expect(_shown(page)).to_have_text([three[1]])
    expect(page).to_have_url(re.compile("cursor=abc"))
    page.get_by_role("button", name="First page").click()
    expect(page.get_by_text("None so far")).to_be_visible()


def test_a_service_runs_on_all_that_were_chosen(page, site, service, three):
    fit = site.service(service.url)
    page.goto(f"/?q={three[0]}")
    for obj_id in three[:2]:
        page.get_by_role("checkbox", name=f"Select {obj_id}", exact=True).check()
    page.get_by_role("button", name="Run on 2 sources").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Service").select_option(label=fit["name"])
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog).to_contain_text("2 of 2 have ended", timeout=40_000)
    assert {
        one["obj_id"] for one in site.data("GET", "/api/obj/analysis", params={"analysisServiceID": fit["id"]})
    } == set(three[:2])


def test_a_source_is_added(page, three):
    page.goto("/")
    page.get_by_role("button", name="Add a source").click()
    page.get_by_role("button", name="Save source").click()
    expect(page.get_by_text("Letters, digits")).to_be_visible()
    obj_id = f"{three[0]}-added"
    page.get_by_role("textbox", name="Id", exact=True).fill(obj_id)
    page.get_by_role("textbox", name="Position").fill("13:30:01.2 -13:24:40")
    page.get_by_role("button", name="Save source").click()
    expect(page).to_have_url(re.compile(f"/sources/{obj_id}$"))
    expect(page.get_by_role("main")).to_contain_text("\N{MINUS SIGN}13:24:40.0")


def test_a_file_is_imported_for_a_source_from_the_list(page, three):
    page.goto("/")
    settled(page)
    page.get_by_role("button", name="Import a file").click()
    region = page.get_by_role("region", name="Import a file")
    region.get_by_role("combobox", name="Source").fill(three[0])
    content = b"mjd,filter,mag,magerr\n59380.1,ztfr,18.5,0.1\n"
    region.locator("input[type=file]").set_input_files({"name": "n.csv", "mimeType": "text/csv", "buffer": content})
    region.get_by_role("button", name="Import 1 point").click()
    expect(region.get_by_role("status")).to_contain_text("1 point")


def test_who_may_only_look_chooses_and_adds_nothing(open_page, viewer, three):
    page = open_page(viewer.token)
    page.goto(f"/?q={three[0]}")
    expect(_shown(page)).to_have_count(3)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    for name in ("Add a source", "Import a file"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
