"""The rest of the page of a source: summary, spectra, statistics, remarks, files."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watched import settled

SPECTRUM = "wavelength,flux\n" + "".join(f"{4000 + 10 * step},{1 + 0.01 * step}\n" for step in range(100))


@pytest.fixture
def opened(page, source):
    page.goto(f"/sources/{source}")
    settled(page)
    return page


def test_a_source_shows_who_it_is_and_has_its_sections(opened, source):
    expect(opened.get_by_role("heading", name=source, exact=True)).to_be_visible()
    for text in ("13:30:01.20", "+13:24:39.6", "0.0246"):
        expect(opened.get_by_role("main")).to_contain_text(text)
    for name in ("Summary", "Light curve", "Analyses", "Spectra", "Periodogram", "Photometry statistics", "Comments"):
        expect(opened.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_a_summary_is_written_changed_and_cleared_with_its_history(opened, site, source):
    summary = opened.get_by_role("region", name="Summary")
    for text in ("A supernova, rising.", "A type Ia supernova, rising."):
        summary.get_by_role("button", name="Edit summary").click()
        summary.get_by_role("textbox", name="Summary").fill(text)
        summary.get_by_role("button", name="Save summary").click()
        expect(summary.get_by_text(text, exact=True)).to_be_visible()
    summary.get_by_role("button", name="History").click()
    expect(summary.locator("ins").first).to_have_text("type Ia ")
    expect(summary.get_by_role("listitem").first).to_contain_text("admin")
    summary.get_by_role("button", name="Edit summary").click()
    summary.get_by_role("textbox", name="Summary").fill("Something else altogether.")
    summary.get_by_role("button", name="Save summary").click()
    expect(summary.locator("del").first).to_be_visible()
    summary.get_by_role("button", name="Clear summary").click()
    expect(summary.get_by_text("No summary yet.")).to_be_visible()
    record = site.data("GET", f"/api/sources/{source}")
    assert record["summary"] is None
    assert len(record["summary_history"]) == 4


def test_what_was_typed_is_there_again_after_a_reload(opened):
    summary = opened.get_by_role("region", name="Summary")
    summary.get_by_role("button", name="Edit summary").click()
    summary.get_by_role("textbox", name="Summary").fill("half a sen")
    opened.get_by_role("textbox", name="Comment").fill("half a comment")
    opened.reload()
    settled(opened)
    summary.get_by_role("button", name="Edit summary").click()
    expect(summary.get_by_role("textbox", name="Summary")).to_have_value("half a sen")
    expect(opened.get_by_role("textbox", name="Comment")).to_have_value("half a comment")


def test_summarize_says_why_it_cannot_and_follows_a_service_that_can(opened, site, source, service):
    summary = opened.get_by_role("region", name="Summary")
    services = [one for one in site.data("GET", "/api/analysis_service") if one["is_summary"]]
    if not services:
        summary.get_by_role("button", name="Summarize").click()
        expect(summary.get_by_role("alert")).to_contain_text("no summary service")
    service.result["analysis"] = {"results": {"summary": "Written by a machine."}}
    bot = site.service(service.url, is_summary=True, analysis_type="meta_analysis")
    opened.reload()
    settled(opened)
    summary.get_by_role("button", name="Summarize").click()
    expect(summary.get_by_text("Written by a machine.", exact=True)).to_be_visible(timeout=30_000)
    expect(summary).to_contain_text("By a bot")
    site.call("DELETE", f"/api/analysis_service/{bot['id']}")


def test_comments_are_text_with_files_and_can_be_taken_back(opened):
    comments = opened.get_by_role("region", name="Comments")
    comments.get_by_role("textbox", name="Comment").fill("<b>bright</b>\nnext line")
    attached = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"seeing 1.2"}
    comments.locator("input[type=file]").set_input_files(attached)
    comments.get_by_role("button", name="Post comment").click()
    expect(comments.get_by_text("<b>bright</b>")).to_be_visible()
    with opened.expect_download() as file:
        comments.get_by_role("link", name="notes.txt").click()
    assert file.value.path().read_bytes() == b"seeing 1.2"
    expect(comments.get_by_role("textbox", name="Comment")).to_have_value("")
    comments.get_by_role("button", name=re.compile("^Delete comment")).click()
    opened.get_by_role("alertdialog").get_by_role("button", name="Delete comment").click()
    expect(comments.get_by_text("<b>bright</b>")).to_have_count(0)


def test_a_class_is_given_and_taken_back(opened, site, source):
    tree = {"class": "Time-domain", "subclasses": [{"class": "Supernova", "subclasses": [{"class": "Ia"}]}]}
    site.data("POST", "/api/taxonomy", {"name": f"Tree of {source}", "version": "1", "hierarchy": tree})
    opened.reload()
    settled(opened)
    classes = opened.get_by_role("region", name="Classifications")
    option = classes.get_by_role("option", name="Ia").last
    classes.get_by_role("combobox", name="Class").select_option(value=option.get_attribute("value"))
    classes.get_by_role("spinbutton", name="Probability").fill("0.9")
    classes.get_by_role("button", name="Classify").click()
    expect(classes.get_by_role("listitem")).to_contain_text("Ia")
    expect(opened.locator("header").filter(has_text=source)).to_contain_text("Ia")
    classes.get_by_role("button", name="Delete classification Ia").click()
    opened.get_by_role("alertdialog").get_by_role("button", name="Delete classification").click()
    expect(classes).to_contain_text("Not classified yet.")


def test_an_annotation_that_did_not_get_through_is_kept_and_tried_again(opened):
    opened.watched.expect_status(500)
    broken = {"status": "error", "message": "Something went wrong on our side.", "data": {}}
    opened.route("**/annotations", lambda route: route.fulfill(status=500, json=broken), times=1)
    notes = opened.get_by_role("region", name="Annotations")
    notes.get_by_text("Add an annotation").click()
    notes.get_by_role("textbox", name="Origin").fill("night")
    notes.get_by_role("textbox", name="Values").fill("seeing = 1.1")
    notes.get_by_role("button", name="Post annotation").click()
    expect(notes.get_by_role("alert")).to_contain_text("Something went wrong on our side.")
    expect(notes.get_by_role("textbox", name="Values")).to_have_value("seeing = 1.1")
    notes.get_by_role("button", name="Try again").click()
    expect(notes.get_by_text("1.1", exact=True)).to_be_visible()
    expect(notes.get_by_role("textbox", name="Values")).to_have_value("")


def test_a_file_of_photometry_is_understood_before_it_is_stored(opened):
    data = opened.get_by_role("region", name="Add data")
    broken = {
        "name": "night.csv",
        "mimeType": "text/csv",
        "buffer": b"mjd,filter,mag,magerr\n59380.1,ztfr,bright,0.1\n",
    }
    data.locator("input[type=file]").set_input_files(broken)
    expect(data).to_contain_text("Line 2, mag")
    expect(data.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    good = {**broken, "buffer": b"mjd,filter,mag,magerr\n59380.1,ztfr,18.5,0.1\n59381.1,ztfr,18.6,0.1\n"}
    data.locator("input[type=file]").set_input_files(good)
    expect(data.get_by_role("table", name="How the columns were understood")).to_contain_text("magerr")
    data.get_by_role("button", name="Import 2 points").click()
    expect(data.get_by_role("status")).to_contain_text("2 points")
    expect(opened.get_by_role("region", name="Light curve")).to_contain_text("5 points")


_DROPPED = """(content) => {
    const dropped = new DataTransfer()
    dropped.items.add(new File([content], 'dropped.csv', {type: 'text/csv'}))
    return dropped
}"""

_DROP = """(place, dataTransfer) =>
    place.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}))"""


def test_a_file_may_be_dropped_and_beside_its_place_does_nothing(opened):
    content = "mjd,filter,mag,magerr\n59390.1,ztfr,18.5,0.1\n"
    transfer = opened.evaluate_handle(_DROPPED, content)
    beside = opened.get_by_role("heading", name="Light curve")
    shown_by_the_browser = beside.evaluate(_DROP, transfer)
    assert not shown_by_the_browser
    data = opened.get_by_role("region", name="Add data")
    expect(data.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    data.dispatch_event("drop", {"dataTransfer": transfer})
    data.get_by_role("button", name="Import 1 point").click()
    expect(data.get_by_role("status")).to_contain_text("1 point")


def test_a_spectrum_is_told_from_photometry_and_shown_with_lines(opened):
    data = opened.get_by_role("region", name="Add data")
    file = {"name": "night.csv", "mimeType": "text/csv", "buffer": SPECTRUM.encode()}
    data.locator("input[type=file]").set_input_files(file)
    expect(data.get_by_role("button", name="Spectrum", exact=True)).to_have_attribute("aria-pressed", "true")
    data.get_by_label("Observed at (UTC)").fill("2021-04-01T03:00:00")
    data.get_by_role("button", name=re.compile("^Import")).click()
    expect(data.get_by_role("status")).to_contain_text("1 spectrum")
    spectra = opened.get_by_role("region", name="Spectra")
    expect(spectra.locator(".xtitle")).to_contain_text("Observed wavelength")
    spectra.get_by_role("button", name="Rest", exact=True).click()
    spectra.get_by_role("button", name="H", exact=True).click()
    expect(spectra.locator(".xtitle")).to_contain_text("Rest wavelength")
    expect(spectra.locator(".shapelayer path").first).to_be_attached()
    opened.reload()
    settled(opened)
    expect(spectra.get_by_role("button", name="H", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_source_that_is_not_there_says_so(page):
    page.watched.expect_status(404)
    page.goto("/sources/nowhere")
    expect(page.get_by_role("alert").first).to_contain_text("not found")
