"""What the documents promise of deployments, settings and costs is what the code says."""

import re
from dataclasses import fields

import pytest

from benchmarks import cost
from chalicelib.settings import Settings
from infra.package.template import ROOT, additions

DOCS = ROOT / "docs"
WRITTEN = "\n".join(file.read_text() for file in sorted(DOCS.glob("*.md")))


def variables():
    for field in fields(Settings):
        yield from field.metadata["variables"]


@pytest.mark.parametrize("name", list(variables()))
def test_every_setting_stands_in_the_documents(name):
    assert f"`{name}`" in WRITTEN


@pytest.mark.parametrize("name", list(additions()["Parameters"]))
def test_every_parameter_of_the_template_is_explained(name):
    assert f"`{name}`" in (DOCS / "deploy.md").read_text()


def test_the_costs_in_the_document_are_those_that_are_computed():
    text = (DOCS / "scaling.md").read_text()

    for row in cost.rows():
        assert row in text
    assert cost.PRICES_OF in text


def test_what_is_said_of_costs_is_rounded_from_them():
    text = (DOCS / "costs.md").read_text()
    thousand, idle = 1000 * sum(cost.of_an_analysis().values()), sum(cost.of_an_idle_month().values())

    assert f"| a thousand analyses | {thousand:.2f} |" in text
    assert f"| a night of a million analyses | {1000 * round(thousand, 2):.0f} |" in text
    assert f"| a month in which nothing happens | about {idle:.0f} |" in text


def test_costs_follow_from_counts_that_were_measured():
    counts = cost.counts()

    assert {step.operation for step in cost.WAY} <= set(counts)
    assert all(dollars > 0 for dollars in (*cost.of_an_analysis().values(), *cost.of_an_idle_month().values()))


@pytest.mark.parametrize("file", ["deploy.md", "scaling.md", "settings.md", "operations.md"])
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (DOCS / file).read_text()):
        assert target.startswith("http") or (DOCS / target).exists(), target
