"""The demonstration data that the product ships: readable, of a few dozen objects, with the redshifts beside them."""

import csv

import pytest

from chalicelib.sources.files.photometry import read_photometry
from chalicelib.sources.files.read_table import read_table
from chalicelib.sources.files.spectra import read_spectra
from infra.local.demo.many import DATA


@pytest.mark.parametrize("name", ["supernovae.csv", "ZTF18aabcvnq.csv"])
def test_photometry_is_read_without_problems(name):
    found = read_photometry(read_table((DATA / name).read_bytes()))
    assert found.problems == []
    assert len(found.points) > 400


@pytest.mark.parametrize("name", ["NGC3522.csv", "NGC3073.csv"])
def test_spectra_are_read_with_their_dates(name):
    found = read_spectra(read_table((DATA / name).read_bytes()))
    assert found.problems == []
    [spectrum] = found.spectra
    assert (len(spectrum.wavelengths) > 900, spectrum.observed_at[:2], spectrum.instrument) == (True, "20", "SDSS")


def test_every_supernova_has_a_redshift_and_enough_points():
    found = read_photometry(read_table((DATA / "supernovae.csv").read_bytes()))
    with (DATA / "redshifts.csv").open() as file:
        redshifts = {row["obj_id"]: float(row["redshift"]) for row in csv.DictReader(file)}
    points = [point.obj_id for point in found.points]
    assert set(points) == set(redshifts)
    assert len(redshifts) == 23
    assert all(0 < redshift < 0.1 for redshift in redshifts.values())
    assert min(map(points.count, redshifts)) >= 20


def test_where_each_file_comes_from_and_under_which_licence_is_said():
    said = (DATA / "README.md").read_text()
    assert [file.name for file in DATA.iterdir() if file.name != "README.md" and f"`{file.name}`" not in said] == []
    assert "Licen" in said
