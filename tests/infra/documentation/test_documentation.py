"""The documentation as one: no dead link, no broken snippet, every page in the navigation; the tutorial runs."""

import os
import re
import subprocess
import sys
import threading
from dataclasses import fields

import pytest
import requests

from chalicelib.accounts.permissions import ALL
from chalicelib.analyses.dispatch.inputs_csv import PHOTOMETRY_COLUMNS
from chalicelib.analyses.run.transitions import may_become
from chalicelib.analyses.states import State
from chalicelib.http.endpoint import ROUTES
from chalicelib.settings import Settings
from infra.documentation.__main__ import DOCS, ROOT, problems, with_every_page
from infra.documentation.kept import kept_pages
from infra.documentation.links import dead_links, without_links_outside
from infra.documentation.reference import pages
from infra.documentation.snippets import broken_snippets
from tests.conftest import ADMIN_TOKEN as TOKEN
from tests.support.scene import SUCCESS
from tests.support.service import StubService
from tests.support.site import Site


def test_no_link_is_dead_and_no_snippet_broken():
    assert list(problems()) == []


def test_dead_links_and_broken_snippets_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading: here\n[a](#a-heading-here) [b](#none) [c](missing.md) ![d](gone.png) [e](https://example.org)\n"
        "```python\nprint(\n```\n```json\n{1}\n```\n```sh\nif\n```\n```json\n{\u2039any\u203a}\n```\n```python\nprint(1)\n```\n"
    )
    assert [one.split(": ", 1)[1].split()[0] for one in dead_links(page)] == ["#none", "missing.md", "gone.png"]
    assert len(list(broken_snippets(page))) == 3


def test_links_out_of_the_site_become_names():
    text = "[fitter](../examples/x.py), [own](own-data.md), [x.py](../x.py)"
    assert without_links_outside(text) == "fitter (`examples/x.py`), [own](own-data.md), `x.py`"


def test_every_page_is_in_the_navigation_and_every_entry_a_page(tmp_path):
    for name in [*(page.name for page in DOCS.glob("*.md")), *pages(), "new.md"]:
        (tmp_path / name).write_text("# A new page\n")
    settings = with_every_page((ROOT / "mkdocs.yml").read_text(), tmp_path)
    listed = re.findall(r": (\S+\.md)$", settings, re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in tmp_path.glob("*.md"))
    assert '      - "A new page": new.md\n' in settings


def test_the_reference_has_every_endpoint_and_setting():
    api, settings = pages()["reference-api.md"], pages()["reference-settings.md"]
    assert "`POST /api/obj/{obj_id}/analysis/{item_id}`" in api
    assert [route.path for route in ROUTES if f"`{route.method} {route.path}`" not in api] == []
    variables = [variable for field in fields(Settings) for variable in field.metadata["variables"]]
    assert [name for name in variables if f"`{name}`" not in settings] == []


def test_pages_that_are_made_from_the_code_are_what_it_says():
    """`python -m infra.documentation.kept` writes them."""
    for name, text in kept_pages().items():
        assert (DOCS / name).read_text() == text, name


def test_they_have_every_permission_state_and_column():
    made = kept_pages()
    assert [name for name in ALL if f"| {name} |" not in made["permissions.md"]] == []
    for state in State:
        [row] = [line for line in made["states.md"].splitlines() if line.startswith(f"| `{state}` |")]
        assert all(f"`{after}`" in row.rpartition(" | ")[2] for after in State if state in may_become(after))
    for kind, columns in (("photometry", PHOTOMETRY_COLUMNS), ("redshift", ("redshift", "redshift_error"))):
        assert f"| `{kind}` | `{'`, `'.join(columns)}`" in made["csv-columns.md"]
    assert "`sigmapsf`" in made["csv-columns.md"]


@pytest.fixture
def served(stack, configure):
    """A site with the tutorial's object and a service of its fitter's name."""
    with StubService() as stub, Site(is_working=True) as site:
        configure(public_url=site.url)
        stub.react = lambda received: (
            threading.Timer(
                0.2, requests.post, (received.document["callback_url"],), {"json": _success(), "timeout": 20}
            ).start()
            or stub.reaction
        )
        service = {"name": "sn_fitter", "url": stub.url, "authentication_type": "none", "input_data_types": []}
        for path, body in (
            ("/api/sources", {"id": "19dwz", "ra": 1.0, "dec": 2.0}),
            ("/api/analysis_service", {**service, "analysis_type": "lightcurve_fitting"}),
        ):
            headers = {"Authorization": f"token {TOKEN}"}
            assert requests.post(site.url + path, json=body, headers=headers, timeout=20).status_code == 200
        yield site.url


def _success():
    return {**SUCCESS, "analysis": {"results": {"format": "json", "data": {"z": 0.5}}}}


def test_the_tutorials_python_runs_with_skyportals_own_client(served):
    [code] = re.findall(r"^```python\n(.*?)^```$", (DOCS / "tutorial.md").read_text(), re.DOTALL | re.MULTILINE)
    environment = {**os.environ, "SIDEROSTAT_URL": served, "SIDEROSTAT_TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["completed fit converged", "{'z': 0.5}"]
