"""The services for spectra and light curves, on real objects whose answers are known, through their HTTP side."""

import json
import re
from pathlib import Path

import pytest

from tests.examples.conftest import FITTER
from tests.kit.conftest import ROOT, callbacks, document, inputs, kit_python, launch, post

__all__ = ["callbacks", "document", "inputs", "kit_python", "launch", "post"]

EXAMPLES = ROOT / "examples"
DATA = Path(__file__).parent / "data"
STAR = ROOT / "tests" / "periodograms" / "data" / "ZTF18aabcvnq_phot.csv"
HEADER = "observed_at,wavelengths,fluxes,errors,units,altdata,created_at,origin,modified,type"


@pytest.fixture(scope="module")
def spectral_type(launch):
    with launch(EXAMPLES / "spectral_type" / "spectral_service.py", "serve", "--port", "0") as url:
        yield url


@pytest.fixture(scope="module")
def classifier(launch):
    with launch(EXAMPLES / "light_curve_classifier" / "classifier_service.py", "serve", "--port", "0") as url:
        yield url


@pytest.fixture
def ask(post, document, callbacks):
    def send(url, **changes):
        assert post(url, document(**changes)).status_code == 200
        return callbacks.wait()

    return send


def spectra(*names):
    rows = []
    for name in names:
        cells = [line.split(",") for line in (DATA / f"{name}.csv").read_text().splitlines()[1:]]
        lists = ['"[' + ", ".join(row[place] for row in cells) + ']"' for place in (0, 1)]
        rows.append(f"2007-02-18,{lists[0]},{lists[1]},,,,,SDSS,,source")
    return "\n".join([HEADER, *rows, ""])


@pytest.mark.parametrize(("name", "redshift"), [("NGC3522", 0.004018), ("NGC3073", 0.003763)])
def test_a_galaxy_is_found_at_its_redshift(ask, spectral_type, name, redshift):
    result = ask(spectral_type, spectra=spectra(name))
    assert result["status"] == "success", result
    found = result["analysis"]["results"]["data"]
    assert found["redshift"] == pytest.approx(redshift, abs=3e-4)
    assert (found["type"].startswith("galaxy"), found["reliable"], found["r"] > 10) == (True, True, True)
    assert result["analysis"]["annotations"][0]["data"]["redshift"] == found["redshift"]


def test_a_redshifted_galaxy_is_found_where_it_was_put(ask, spectral_type):
    lines = (DATA / "NGC3522.csv").read_text().splitlines()[1:]
    wavelengths, fluxes = zip(*(map(float, line.split(",")) for line in lines), strict=True)
    moved = [wavelength * 1.25 for wavelength in wavelengths]
    text = f'{HEADER}\n2026-01-01,"{moved}","{list(fluxes)}",,,,,,,source\n'
    found = ask(spectral_type, spectra=text)["analysis"]["results"]["data"]
    assert found["redshift"] == pytest.approx(1.25 * 1.004018 - 1, abs=1e-3)


def test_noise_is_not_reliable_and_nothing_is_annotated(ask, spectral_type):
    import random

    draw = random.Random(1)
    wavelengths = [3800 + 2 * number for number in range(2500)]
    text = f'{HEADER}\n2026-01-01,"{wavelengths}","{[draw.gauss(10, 1) for _ in wavelengths]}",,,,,,,source\n'
    result = ask(spectral_type, spectra=text, analysis_parameters={"kinds": "galaxy"})
    assert (result["analysis"]["results"]["data"]["reliable"], "annotations" in result["analysis"]) == (False, False)
    assert result["message"].startswith("Nothing reliable")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"spectra": "\n"}, "no spectrum"),
        ({"spectra": f'{HEADER}\n2026-01-01,"[1.0]","[nan]",,,,,,,source\n'}, "at least 100"),
        ({"spectra": spectra("NGC3522"), "analysis_parameters": {"spectrum": 3}}, "no spectrum 3"),
    ],
)
def test_what_cannot_be_typed_is_a_failure_with_a_sentence(ask, spectral_type, given, message):
    result = ask(spectral_type, **given)
    assert (result["status"], message in result["message"]) == ("failure", True), result


def supernova(demo, name):
    columns = "mjd,flux,fluxerr,filter"
    rows = [
        f"{mjd!r},{flux!r},{fluxerr!r},{band}"
        for block in demo(name)["photometry"]
        for mjd, flux, fluxerr, band in zip(*(block["data"][key] for key in columns.split(",")), strict=True)
    ]
    return "\n".join([columns, *rows, ""])


@pytest.mark.parametrize("name", ["19dwz", "20aai"])
def test_a_supernova_is_a_transient(ask, classifier, demo, name):
    assert FITTER.exists()
    result = ask(classifier, photometry=supernova(demo, name), classifications="classification,probability\nIa,0.9\n")
    assert result["analysis"]["results"]["data"]["class"] == "transient", result["message"]
    assert "It is classified as Ia." in result["message"]


def test_a_variable_star_is_a_fast_variable(ask, classifier):
    result = ask(classifier, photometry=STAR.read_text())
    found = result["analysis"]["results"]["data"]
    assert (found["class"], set(found["features"]) >= {"ztfg", "ztfr"}) == ("fast variable", True)


def test_a_light_curve_of_few_points_is_a_failure_with_a_sentence(ask, classifier):
    result = ask(classifier)
    assert (result["status"], "seven" in result["message"] or "7 measured" in result["message"]) == ("failure", True)


@pytest.mark.parametrize("name", ["spectral_type", "light_curve_classifier"])
def test_what_an_example_requires_is_what_it_is_tried_with(name):
    tried = (ROOT / "kit" / "requirements.txt").read_text().split()
    wanted = re.findall(r"^[a-z-]+==\S+$", (EXAMPLES / name / "requirements.txt").read_text(), re.MULTILINE)
    assert wanted
    assert set(wanted) <= set(tried)


def test_what_the_services_say_of_themselves_can_be_registered(kit_python):
    import subprocess

    from tests.kit.conftest import ENVIRONMENT

    for file in ("spectral_type/spectral_service.py", "light_curve_classifier/classifier_service.py"):
        command = [kit_python, EXAMPLES / file, "describe"]
        body = json.loads(subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True).stdout)
        assert body["analysis_type"] in {"spectrum_fitting", "meta_analysis"}
