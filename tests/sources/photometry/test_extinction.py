"""The dust of the Milky Way: coefficients against a library, and photometry without it."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from chalicelib.analyses.dispatch.inputs_csv import PHOTOMETRY_COLUMNS
from chalicelib.http.errors import BadRequest
from chalicelib.settings import Settings
from chalicelib.sources.items.source import Source
from chalicelib.sources.photometry import extinction, reddening

FITTER = Path(__file__).parents[3] / "examples/sn_fitter/.venv/bin/python"
WAVELENGTHS = {
    "bessellb": 4329.0, "bessellv": 5421.7, "bessellr": 6427.8, "besselli": 8048.4,
    "sdssu": 3586.8, "sdssg": 4716.7, "sdssr": 6165.1, "sdssi": 7475.9, "sdssz": 8922.9,
    "ps1::g": 4876.7, "ps1::r": 6200.1, "ps1::i": 7520.8, "ps1::z": 8665.3, "ps1::y": 9706.3,
    "lsstu": 3693.2, "lsstg": 4797.3, "lsstr": 6195.8, "lssti": 7515.3, "lsstz": 8664.4, "lssty": 9710.3,
    "desg": 4796.6, "desr": 6382.6, "desi": 7769.0, "desz": 9108.2, "desy": 9850.4, "bessellux": 3508.2,
    "ztfg": 4722.7, "ztfr": 6339.6, "ztfi": 7886.1, "atlasc": 5182.4, "atlaso": 6629.8,
    "2massj": 12350.0, "2massh": 16620.0, "2massks": 21590.0,
}  # fmt: skip
"""Effective wavelengths in ångström: Schlafly & Finkbeiner 2011, table 6, and the SVO Filter Profile Service."""

SCRIPT = """
import json, sys, extinction, numpy
wavelengths = json.load(sys.stdin)
law = lambda values: extinction.fitzpatrick99(numpy.array(values), 3.1, 3.1)
print(json.dumps(list(law(list(wavelengths.values())) * 0.78 * 1.32 / law([10000.0])[0])))
"""
ROW = dict.fromkeys(PHOTOMETRY_COLUMNS) | {"mjd": 59000.5, "filter": "ztfg", "magsys": "ab", "zp": 23.9}


def source(altdata=None):
    return Source("a", "source", ra=10.0, dec=20.0, altdata=altdata)


@pytest.mark.skipif(not FITTER.exists(), reason="the supernova fitter, which has the extinction library, is not there")
def test_every_coefficient_is_what_a_library_computes():
    done = subprocess.run(
        [FITTER, "-c", SCRIPT], input=json.dumps(WAVELENGTHS), capture_output=True, check=True, text=True
    )
    computed = dict(zip(WAVELENGTHS, json.loads(done.stdout), strict=True))
    assert extinction.R.keys() == WAVELENGTHS.keys()
    for name, coefficient in extinction.R.items():
        assert coefficient == pytest.approx(computed[name], rel=0.02), name


def test_a_detection_gets_brighter_and_keeps_its_relative_error():
    row = {**ROW, "flux": 100.0, "fluxerr": 5.0, "mag": 18.9, "magerr": 0.054, "limiting_mag": 20.4}
    (corrected,) = extinction.corrected([row], 0.1)
    magnitudes = 0.1 * extinction.R["ztfg"]
    assert corrected["mag"] == pytest.approx(18.9 - magnitudes)
    assert corrected["limiting_mag"] == pytest.approx(20.4 - magnitudes)
    assert corrected["flux"] == pytest.approx(100.0 * 10 ** (0.4 * magnitudes))
    assert corrected["fluxerr"] / corrected["flux"] == pytest.approx(0.05)
    assert -2.5 * math.log10(corrected["flux"]) + 23.9 == pytest.approx(corrected["mag"])
    assert {name: corrected[name] for name in ("mjd", "filter", "zp", "magerr")} == {
        name: row[name] for name in ("mjd", "filter", "zp", "magerr")
    }


def test_a_non_detection_stays_one_and_its_limit_is_corrected():
    (corrected,) = extinction.corrected([{**ROW, "fluxerr": 3.0, "limiting_mag": 20.9}], 0.1)
    assert (corrected["flux"], corrected["mag"], corrected["magerr"]) == (None, None, None)
    assert corrected["limiting_mag"] == pytest.approx(20.9 - 0.1 * extinction.R["ztfg"])


def test_a_filter_without_coefficient_stays_as_it_is_and_is_named():
    row = {**ROW, "filter": "gaia::g", "flux": 100.0, "fluxerr": 5.0, "mag": 18.9, "limiting_mag": 20.4}
    assert extinction.corrected([row], 0.5) == [row]
    assert extinction.uncorrected_filters([row, ROW]) == ["gaia::g"]


def test_what_came_corrected_stays_as_it_is_and_is_named_by_filter_and_time():
    measured = {**ROW, "flux": 100.0, "fluxerr": 5.0, "mag": 18.9, "magerr": 0.054, "limiting_mag": 20.4}
    late = {**measured, "mjd": 59003.5, "extinction_corrected": True}
    early = {**measured, "extinction_corrected": True}
    without_coefficient = {**early, "filter": "gaia::g"}
    rows = [late, early, without_coefficient, {**measured, "extinction_corrected": False}]
    *kept, changed = extinction.corrected(rows, 0.1)
    assert kept == rows[:3]
    assert changed["mag"] == pytest.approx(18.9 - 0.1 * extinction.R["ztfg"])
    assert extinction.uncorrected_filters(rows) == []
    assert extinction.corrected_before(rows) == {"gaia::g": [59000.5], "ztfg": [59000.5, 59003.5]}


def test_without_dust_nothing_changes():
    row = {**ROW, "flux": 100.0, "fluxerr": 5.0, "mag": 18.9, "limiting_mag": 20.4}
    assert extinction.corrected([row], 0.0) == [row]


@pytest.mark.parametrize("altdata", [None, {}, [], {"ebv": None}, {"ebv": "0.1"}, {"ebv": True}, {"ebv": -0.1}])
def test_what_is_no_reddening_is_refused(altdata):
    for operation in (reddening.check_reddening, reddening.reddening):
        with pytest.raises(BadRequest, match=r"E\(B-V\) is not known"):
            operation(source(altdata))


def test_the_number_of_the_source_counts():
    assert reddening.reddening(source({"ebv": 0.25})) == 0.25
    assert reddening.reddening(source({"ebv": 0})) == 0.0


@pytest.mark.filterwarnings("ignore:Configuration file not found")
def test_maps_that_cannot_be_read_are_told_when_they_are_needed(monkeypatch, tmp_path):
    configured = Settings(dust_maps=str(tmp_path))
    monkeypatch.setattr(reddening, "settings", lambda: configured)
    reddening.check_reddening(source())
    assert reddening.reddening(source({"ebv": 0.25})) == 0.25
    with pytest.raises(BadRequest, match="dust maps cannot be read"):
        reddening.reddening(source())


def write_maps(directory, north, south):
    """Write maps of one value each, on a small grid with the projection of the real ones (Lambert's zenithal)."""
    from astropy.io import fits
    from numpy import float32, full

    for pole, sign, value in (("ngp", 1, north), ("sgp", -1, south)):
        header = fits.Header()
        header["CTYPE1"], header["CTYPE2"] = "GLON-ZEA", "GLAT-ZEA"
        header["CRVAL1"], header["CRVAL2"], header["LONPOLE"] = 0.0, 90.0 * sign, 180.0
        header["CRPIX1"] = header["CRPIX2"] = 32.5
        header["CD1_1"], header["CD2_2"] = -2.6 * 1.0, 2.6
        header["LAM_NSGP"], header["LAM_SCAL"] = sign, 32
        fits.PrimaryHDU(full((64, 64), value, float32), header).writeto(directory / f"SFD_dust_4096_{pole}.fits")


@pytest.mark.filterwarnings("ignore:Configuration file not found")  # the settings say where the maps are
def test_the_map_gives_the_reddening_of_the_position(monkeypatch, tmp_path):
    pytest.importorskip("dustmaps", reason="infra/dust/requirements.txt is not installed: the dust maps are NOT tested")
    write_maps(tmp_path, north=0.125, south=0.5)
    reddening._maps.cache_clear()
    monkeypatch.setattr(reddening, "settings", lambda: Settings(dust_maps=str(tmp_path)))
    assert reddening._from_map(192.86, 60.0) == pytest.approx(0.125)
    assert reddening._from_map(12.86, -60.0) == pytest.approx(0.5)
    reddening._maps.cache_clear()
