"""One stack with the built pages for all tests, and for each of them a browser that knows nothing yet."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.fit_service import FitService
from tests.browser.site import Site, chromium
from tests.browser.watched import Watched

expect.set_options(timeout=20_000)  # the machine may be busy: a test waits for what is seen, not for how soon


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The stack, fast in trying again, with the demo's supernova and its fitter."""
    with Site(tmp_path_factory.mktemp("site") / "log", "--demo", "--clock", "0.5", "--output", "build/demo") as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        reason = "Chromium is missing: .ci/packages installs it, or CHROMIUM names another."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(site, browser):
    """Open watched pages, each in a browser of its own, signed in with a token if one is given."""
    contexts, watched = [], []

    def open_one(token=None, **options):
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        if token is not None:
            assert context.request.post("/api/internal/session", data={"token": token}).ok
        page = context.new_page()
        one = Watched(page)
        one.watch()
        watched.append(one)
        page.watched = one
        return page

    yield open_one
    complaints = [complaint for one in watched for complaint in one.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page, site):
    """A page of the administrator."""
    return open_page(site.token)


@pytest.fixture
def service():
    """A service that fits at once."""
    with FitService() as stub:
        yield stub


@pytest.fixture
def source(site):
    return site.source()


@pytest.fixture(scope="session")
def viewer(site):
    """Somebody who may look only."""
    return site.person("View only")


@pytest.fixture(scope="session")
def astronomer(site):
    """Somebody who may run analyses."""
    return site.person("Full user")
