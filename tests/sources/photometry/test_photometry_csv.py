"""The CSV that services read: byte by byte what pandas writes, with the rules of the wire contract."""

import io
import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from chalicelib.analyses.dispatch import inputs_csv
from chalicelib.analyses.dispatch.inputs_csv import (
    annotations_csv,
    classifications_csv,
    comments_csv,
    redshift_csv,
    spectra_csv,
)
from chalicelib.analyses.dispatch.photometry_rows import photometry_rows
from chalicelib.sources.items.annotation import Annotation
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.items.comment import Comment
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.source import Source
from chalicelib.sources.items.spectrum import Spectrum
from tests.support.late import Late

pd = Late("pandas")

HEADER = "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag\n"
NOON = datetime(2026, 3, 1, 12, 0, 0)


def photometry_csv(points, **chosen):
    return inputs_csv.photometry_csv(photometry_rows(points, **chosen))


def point(mjd, flux, fluxerr, **changes):
    wanted = {"filter": "ztfg", "instrument_id": 1, "instrument_name": "ZTF", "limiting_mag": None, **changes}
    return Photometry("source", f"photometry#{mjd}", mjd=mjd, flux=flux, fluxerr=fluxerr, **wanted)


def by_pandas(points):
    """Write the table of the contract with pandas, straight from its sentences."""
    frame = pd.DataFrame(
        {
            "mjd": one.mjd,
            "flux": one.flux,
            "fluxerr": one.fluxerr,
            "mag": None if one.flux is None or one.flux <= 0 else -2.5 * math.log10(one.flux) + 23.9,
            "magerr": None if one.flux is None or one.flux <= 0 else (2.5 / math.log(10)) * (one.fluxerr / one.flux),
            "filter": one.filter,
            "magsys": "ab",
            "limiting_mag": -2.5 * math.log10(5 * one.fluxerr) + 23.9 if one.limiting_mag is None else one.limiting_mag,
            "zp": 23.9,
            "instrument_name": one.instrument_name,
            "predicted_mag": None,
        }
        for one in points
    )
    frame = frame.sort_values("magerr", kind="stable", na_position="last").drop_duplicates(["mjd", "filter"])
    return frame.to_csv(index=False)


def test_photometry_is_what_pandas_writes():
    points = [
        point(59000.123456789, 100.0, 5.0),
        point(59001.0, 1e-05, 1e-06),
        point(59002.5, None, 3.0),
        point(59003.5, -2.5, 0.1),
        point(59004.0, 1e7, 1e-4, instrument_name='A "quoted", name'),
        point(59005.0, 50.0, 40.0, limiting_mag=20.0),
    ]

    assert photometry_csv(points) == by_pandas(points)


def random_points(count):
    """Detections from magnitude 16 to 34, half of them with a posted limit, each at a time of its own."""
    random = np.random.default_rng(20260301)
    flux = 10 ** random.uniform(-4, 3, count)
    fluxerr = flux * 10 ** random.uniform(-3, 0, count)
    limit = np.where(random.random(count) < 0.5, random.uniform(12, 26, count), np.nan)
    rows = zip(flux.tolist(), fluxerr.tolist(), limit.tolist(), strict=True)
    return [
        point(59000.0 + number, *measured, limiting_mag=None if math.isnan(posted) else posted)
        for number, (*measured, posted) in enumerate(rows)
    ]


def test_every_computed_column_is_what_numpy_computes():
    points = random_points(5000)
    table = pd.read_csv(io.StringIO(photometry_csv(points)), dtype=str, keep_default_na=False)
    flux, fluxerr = (table[name].to_numpy(np.float64) for name in ("flux", "fluxerr"))
    by_time = {one.mjd: one.limiting_mag for one in points}
    posted = np.array([by_time[float(mjd)] for mjd in table["mjd"]], np.float64)

    magerr = (2.5 / np.log(10)) * (fluxerr / flux)
    mag = -2.5 * np.log10(flux) + 23.9
    limit = np.where(np.isnan(posted), -2.5 * np.log10(5 * fluxerr) + 23.9, posted)

    assert list(table["magerr"]) == [repr(value) for value in magerr.tolist()]
    # numpy's log10 and the C library's differ in the last place on some processors
    assert_same_to_the_last_place(table["mag"], mag)
    assert_same_to_the_last_place(table["limiting_mag"], limit)


def assert_same_to_the_last_place(texts, expected):
    assert np.all(np.abs(texts.to_numpy(np.float64) - expected) <= np.spacing(np.abs(expected)))


def test_the_error_of_a_magnitude_is_skyportals_to_the_last_digit():
    (line,) = photometry_csv([point(59000.0, 123.4, 1.7)]).splitlines()[1:]

    assert line.split(",")[4] == "0.014957467974787841"


def test_photometry_reads_back_to_the_last_digit():
    points = [point(59000 + 1 / 3, 100 / 3, 5 / 7)]

    (row,) = pd.read_csv(io.StringIO(photometry_csv(points))).to_dict("records")

    assert (row["mjd"], row["flux"], row["fluxerr"]) == (59000 + 1 / 3, 100 / 3, 5 / 7)


def test_of_several_points_at_one_time_and_filter_the_smallest_error_wins():
    points = [
        point(59000.0, 100.0, 9.0),
        point(59000.0, 100.0, 2.0),
        point(59000.0, None, 1.0),
        point(59000.0, 9.0, 1.0, filter="ztfr"),
    ]

    lines = photometry_csv(points).splitlines()

    assert [line.split(",")[2] for line in lines[1:]] == ["2.0", "1.0"]


def test_rows_are_sorted_by_the_error_with_missing_ones_last():
    points = [
        point(59000.0, None, 1.0),
        point(59001.0, 10.0, 2.0),
        point(59002.0, 10.0, 1.0),
        point(59003.0, None, 1.0),
    ]

    lines = photometry_csv(points).splitlines()

    assert [line.split(",")[0] for line in lines[1:]] == ["59002.0", "59001.0", "59000.0", "59003.0"]


def test_a_non_detection_has_empty_flux_and_magnitude():
    (line,) = photometry_csv([point(59002.5, None, 3.0, limiting_mag=20.5)]).splitlines()[1:]

    assert line == "59002.5,,3.0,,,ztfg,ab,20.5,23.9,ZTF,"


def test_filters_and_instruments_are_chosen_before_duplicates_are_dropped():
    points = [
        point(59000.0, 100.0, 1.0, instrument_id=2, instrument_name="other"),
        point(59000.0, 100.0, 5.0),
        point(59001.0, 100.0, 5.0, filter="ztfr"),
    ]

    assert photometry_csv(points, filters=["ztfg"], instruments=[1]) == photometry_csv([points[1]])


def test_a_source_without_photometry_gives_the_header_alone():
    assert photometry_csv([]) == HEADER


def test_the_redshift_is_always_one_row():
    columns = "redshift,redshift_error,redshift_origin\n"

    assert redshift_csv(Source("a", "source")) == columns + ",,\n"
    assert (
        redshift_csv(Source("a", "source", redshift=0.1, redshift_origin="host, spec"))
        == columns + '0.1,,"host, spec"\n'
    )


@pytest.mark.parametrize("write", [spectra_csv, annotations_csv, comments_csv, classifications_csv])
def test_a_kind_without_rows_is_an_empty_line(write):
    assert write([]) == pd.DataFrame([]).to_csv(index=False) == "\n"


@pytest.mark.parametrize(
    "moments",
    [
        [NOON, NOON + timedelta(seconds=1)],
        [NOON, NOON + timedelta(microseconds=1)],
        [NOON, NOON + timedelta(milliseconds=5)],
        [NOON - timedelta(hours=12), NOON + timedelta(hours=12)],
        [NOON - timedelta(hours=12), NOON],
    ],
)
def test_comments_are_what_pandas_writes(moments):
    rows = [
        {"text": f'Look, "{number}"\nagain', "bot": True, "modified": moment, "origin": None, "created_at": moments[0]}
        for number, moment in enumerate(moments)
    ]
    comments = [Comment("a", f"comment#{number}", **row) for number, row in enumerate(rows)]

    assert comments_csv(comments) == pd.DataFrame(rows).to_csv(index=False)


def test_classifications_are_what_pandas_writes():
    rows = [
        {"classification": "Ia", "probability": 0.9, "modified": NOON, "created_at": NOON},
        {"classification": "II", "probability": None, "modified": NOON, "created_at": NOON},
    ]

    assert classifications_csv([Classification("a", "c", **row) for row in rows]) == pd.DataFrame(rows).to_csv(
        index=False
    )


def test_annotations_hold_python_dictionaries():
    data = {"score": 0.5, "name": "it's", "nested": {"list": [1, None]}}
    annotation = Annotation("a", "annotation#x", record_id=1, origin="x", modified=NOON, created_at=NOON)
    annotation.pack(data)
    rows = [{"data": data, "modified": NOON, "origin": "x", "created_at": NOON}]

    assert annotations_csv([annotation]) == pd.DataFrame(rows).to_csv(index=False)


def test_spectra_hold_python_lists():
    content = {"wavelengths": [4000.0, 4001.5], "fluxes": [1.0, math.nan], "errors": None, "altdata": {"exposure": 900}}
    facts = {"observed_at": NOON, "units": "Jy", "created_at": NOON, "origin": None, "modified": NOON, "type": "source"}
    spectrum = Spectrum("a", "spectrum#1", record_id=1, **facts)
    spectrum.pack(content)
    columns = [
        "observed_at",
        "wavelengths",
        "fluxes",
        "errors",
        "units",
        "altdata",
        "created_at",
        "origin",
        "modified",
        "type",
    ]

    written = spectra_csv([spectrum])

    assert written == pd.DataFrame([{**facts, **content}])[columns].to_csv(index=False)
    assert '"[1.0, nan]"' in written
