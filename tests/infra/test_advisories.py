"""The check of pinned versions against known vulnerabilities, and the threat model's list of tests."""

import re
import tomllib

from packaging.specifiers import SpecifierSet

from infra.advisories import ROOT, astray, pinned, vulnerable

SNAPSHOT = tomllib.loads((ROOT / "infra" / "advisories.toml").read_text())


def test_no_pinned_version_falls_under_a_known_advisory():
    assert list(vulnerable(pinned((ROOT / "constraints.txt").read_text()), SNAPSHOT)) == []


def test_an_old_version_is_found_under_any_spelling_of_its_name():
    found = list(vulnerable({"pyyaml": "5.3.1", "requests": "2.32.3"}, SNAPSHOT))

    assert [sentence.split(" (")[0] for sentence in found] == [
        "PyYAML 5.3.1 is affected by CVE-2020-14343",
        "requests 2.32.3 is affected by CVE-2024-47081",
    ]


def test_a_package_that_is_not_as_pinned_is_named():
    assert list(astray({"requests": "2.34.2"}, {"requests": "2.30.0", "unknown": "1"})) == [
        "requests 2.30.0 is installed, but 2.34.2 is pinned."
    ]


def test_comments_in_a_constraints_file_are_no_packages():
    assert pinned("# all\nRequests==2.34.2  # why\n\n") == {"requests": "2.34.2"}


def test_every_advisory_is_well_formed():
    for advisory in SNAPSHOT["advisory"]:
        assert re.fullmatch(r"(CVE-\d{4}-\d+|GHSA(-\w{4}){3})", advisory["id"])
        assert SpecifierSet(advisory["affected"])


def test_every_test_that_the_threat_model_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text())

    assert len(named) >= 25
    for file, test in named:
        assert (ROOT / file).exists(), file
        assert f"def {test}(" in (ROOT / file).read_text() if test else True, test
