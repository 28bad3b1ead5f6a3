"""The pages of sources and analyses on paper: light, nothing to click, and plots no wider than the sheet."""

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled

A4_PX = 718
"""Between Chromium's margins."""

_TO_CLICK = """() => [...document.querySelectorAll('button, input, select, textarea, nav, [role=button]')]
    .filter(element => element.checkVisibility({visibilityProperty: true})).map(element => element.outerHTML)"""
_GRIDS = """() => [...document.querySelectorAll('main .panel')].filter(panel => panel.checkVisibility())
    .filter(panel => getComputedStyle(panel.parentElement).display !== 'block').map(panel => panel.outerHTML)"""
_BRIGHTNESS = (
    """element => getComputedStyle(element).color.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)"""
)
_TICK = "element => getComputedStyle(element).fill.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)"


@pytest.fixture
def dark(open_page, site):
    return open_page(site.token, color_scheme="dark")


@pytest.fixture
def run(site, source, service):
    number = site.start(source, site.service(service.url)["id"])
    site.ended(number)
    return number


def _printed(page):
    page.set_viewport_size({"width": A4_PX, "height": 1000})
    page.emulate_media(media="print")


def test_a_source_is_printed_light_without_controls_and_with_its_plot_whole(dark, source, run):
    dark.goto(f"/sources/{source}")
    settled(dark)
    plot = dark.get_by_role("region", name="Light curve").locator(".main-svg").first
    expect(plot).to_be_visible()
    tick = dark.locator(".xtick text").first
    assert tick.evaluate(_TICK) > 382
    _printed(dark)
    assert dark.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light only"
    assert dark.get_by_role("heading", name=source).evaluate(_BRIGHTNESS) < 200
    expect(dark.get_by_role("region", name="Light curve").get_by_text("ztfg")).to_be_visible()
    assert dark.evaluate(_TO_CLICK) == []
    assert dark.evaluate(_GRIDS) == []
    assert dark.evaluate("document.documentElement.scrollWidth") <= A4_PX
    assert tick.evaluate(_TICK) < 382
    box = plot.bounding_box()
    assert box["x"] + box["width"] <= A4_PX


def test_an_analysis_is_printed_light_with_its_pictures(dark, run):
    dark.goto(f"/analyses/{run}")
    corner = dark.get_by_role("region", name="Corner plot").get_by_role("img")
    expect(corner).to_be_visible(timeout=40_000)
    settled(dark)
    _printed(dark)
    assert dark.get_by_role("heading", name="Timeline").evaluate(_BRIGHTNESS) < 200
    expect(corner).to_be_visible()
    assert dark.evaluate(_TO_CLICK) == []
    assert dark.evaluate(_GRIDS) == []
    assert dark.evaluate("document.documentElement.scrollWidth") <= A4_PX
    box = corner.bounding_box()
    assert box["x"] + box["width"] <= A4_PX


def test_a_plot_gets_the_width_of_paper_in_the_moment_of_printing_and_its_own_again(dark, source):
    """Browsers lay a page out for paper without asking what is in it: a plot is drawn anew before."""
    dark.goto(f"/sources/{source}")
    settled(dark)
    plot = dark.get_by_role("region", name="Light curve").locator(".main-svg").first
    expect(plot).to_be_visible()
    wide = plot.bounding_box()["width"]
    assert wide > A4_PX
    printed = dark.evaluate(
        """async () => {
            const plot = document.querySelector('.main-svg')
            dispatchEvent(new Event('beforeprint'))
            for (let turn = 0; turn < 50; turn++) await null
            const tick = getComputedStyle(document.querySelector('.xtick text')).fill
            return [plot.getBoundingClientRect().width, tick]
        }"""
    )
    assert printed[0] < A4_PX
    assert printed[1] == "rgb(61, 68, 77)"
    dark.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(plot).to_have_attribute("width", str(round(wide)))
    assert dark.pdf(format="A4").startswith(b"%PDF")
    expect(plot).to_have_attribute("width", str(round(wide)))
