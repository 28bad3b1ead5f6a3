"""Draws every page, light and dark, wide and narrow: `python -m tests.browser.screenshots docs/pictures`."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.fit_service import FitService
from tests.browser.site import Site, chromium
from tests.browser.watched import settled

WIDE = {"width": 1280, "height": 960}
_SUPERNOVA = "19dwz"
_PLOTTED = {"source", "periodogram"}


def main(folder: Path) -> None:
    """Start a stack with the demo and something to look at, and draw its pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as scratch, FitService() as stub:
        arguments = ("--demo", "--clock", "0.5", "--output", f"{scratch}/demo")
        with Site(Path(scratch) / "log", *arguments) as site, sync_playwright() as playwright:
            pages = dict(_pages(site, stub))
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                _draw(browser, site, scheme, pages, folder)
            browser.close()


def _pages(site: Site, stub: FitService) -> Iterator[tuple[str, str]]:
    """Yield the name of each picture with the path of its page, once there is something on it."""
    [run] = site.data("GET", f"/api/obj/{_SUPERNOVA}/analysis")
    site.ended(run["id"], seconds=180)
    service_id = run["analysis_service_id"]
    _work(site, stub)
    yield "source", f"/sources/{_SUPERNOVA}"
    yield "sources", "/"
    yield "periodogram", f"/sources/{_SUPERNOVA}/periodogram"
    yield "analysis", f"/analyses/{run['id']}"
    yield "services", "/services"
    yield "service", f"/services/{service_id}"
    yield "requests", "/requests"
    yield "profile", "/profile"


def _work(site: Site, stub: FitService) -> None:
    """Let services do well and badly, for there to be something to see."""
    good: dict[str, Any] | None = stub.result
    hosts = site.service(
        stub.url, name="host-redshift", display_name="Host galaxy redshift", analysis_type="meta_analysis"
    )
    kilonova = site.service(stub.url, name="kn-fit", display_name="Kilonova fit (NMMA)", description="Bayesian fits.")
    objects = [site.source(f"ZTF26aa{letters}") for letters in ("bkq", "cvw", "dhn", "fpe", "gzs", "hum")]
    for obj_id in objects:
        site.ended(site.start(obj_id, hosts["id"]))
    stub.result = {"status": "failure", "message": "No host within 30 kpc."}
    site.ended(site.start(objects[0], hosts["id"]))
    stub.result = None
    site.start(objects[1], kilonova["id"])
    site.data("POST", f"/api/obj/analysis/{site.start(objects[2], kilonova['id'])}/cancel")
    stub.result = good
    site.data("POST", "/api/analysis_batch", {"analysis_service_id": kilonova["id"], "obj_ids": objects[2:]})
    for line in ("Spectrum taken at Keck, reductions tonight.", "Host is a star-forming spiral."):
        site.data("POST", f"/api/sources/{_SUPERNOVA}/comments", {"text": line})
    summary = (
        "A normal type Ia supernova in a nearby spiral; the fit puts its peak at z = 0.046 with little extinction."
    )
    site.data("PATCH", f"/api/sources/{_SUPERNOVA}", {"summary": summary})


def _draw(browser: Browser, site: Site, scheme: Any, pages: dict[str, str], folder: Path) -> None:
    context = browser.new_context(
        base_url=site.url,
        viewport=WIDE,
        color_scheme=scheme,
        reduced_motion="reduce",  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("textbox", name="Token").wait_for()
    page.screenshot(path=folder / f"sign_in-{scheme}.png")
    page.get_by_role("textbox", name="Token").fill(site.token)
    page.get_by_role("textbox", name="Token").press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()
    for name, path in pages.items():
        page.goto(path)
        settled(page)
        if name in _PLOTTED:
            expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.screenshot(path=folder / f"{name}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
