"""Photometry in the files that surveys, brokers and observers hand out: rows by value, problems by line and column."""

import gzip
import io
import json
from contextlib import suppress

import numpy as np
import pytest

from chalicelib.sources.files.photometry import MOST_PROBLEMS, read_photometry
from chalicelib.sources.files.read_table import read_table
from chalicelib.sources.files.table import Unreadable
from tests.support.late import Late

u = Late("astropy.units")
fits = Late("astropy.io.fits")
astropy_table = Late("astropy.table")


def read(content, **options):
    return read_photometry(read_table(content if isinstance(content, bytes) else content.encode()), **options)


def points(content, **options):
    found = read(content, **options)
    assert found.problems == []
    return found.points


def problems(content, **options):
    found = read(content, **options)
    assert found.points == []
    return [(problem.line, problem.column) for problem in found.problems]


def mag(point):
    return 23.9 - 2.5 * np.log10(point.flux)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("mjd,filter,mag,magerr", "59000.5,ztfg,19.5,0.1", 59000.5),
        ("jd,band,mag,e_mag", "2459001.0,ztfg,19.5,0.1", 59000.5),
        ("BJD_TDB,Filter,Magnitude,Mag_err", "2459001.0,ztfg,19.5,0.1", 59000.5),
        ("HJD-2450000,filt,m,dm", "9001.0,ztfg,19.5,0.1", 59000.5),
        ("time,passband,mag,err", "2459001.0,ZTF_g,19.5,0.1", 59000.5),
        ("time,passband,mag,error", "59000.5,g-ZTF,19.5,0.1", 59000.5),
        ("date,filter,mag,magerr", "2020-05-31T12:00:00,ztfg,19.5,0.1", 59000.5),
        ("Obs-date,Filter,Mag [AB],Mag. err", "2020-05-31 12:00:00,zg-ZTF,19.5,0.1", 59000.5),
    ],
)
def test_times_and_columns_are_recognised_by_their_names(header, row, expected):
    if "zg-ZTF" in row:
        row = row.replace("zg-ZTF", "ZTF-g")
    [point] = points(f"{header}\n{row}\n")
    assert point.mjd == pytest.approx(expected, abs=1e-9)
    assert (point.filter, point.magsys) == ("ztfg", "ab")
    assert mag(point) == pytest.approx(19.5)
    assert 2.5 / np.log(10) * point.fluxerr / point.flux == pytest.approx(0.1)


@pytest.mark.parametrize("sign", [",", "\t", ";", "|", " "])
def test_any_delimiter_will_do(sign):
    lines = ["mjd,filter,mag,magerr", "59000.5,ztfg,19.5,0.1", "59001.5,ztfr,19.4,0.1"]
    assert len(points("\n".join(line.replace(",", sign) for line in lines))) == 2


@pytest.mark.parametrize(
    ("name", "band", "system"),
    [
        ("V", "bessellv", "vega"),
        ("R", "bessellr", "vega"),
        ("r", "sdssr", "ab"),
        ("r-Sloan", "sdssr", "ab"),
        ("V-Johnson", "bessellv", "vega"),
        ("cyan-ATLAS", "atlasc", "ab"),
        ("o", "atlaso", "ab"),
        ("SG", "sdssg", "ab"),
        ("K", "2massks", "vega"),
        ("G-Gaia", "gaia::g", "ab"),
        ("LSST_r", "lsstr", "ab"),
        ("UVW1", "uvot::uvw1", "ab"),
        ("bessellv", "bessellv", "ab"),
    ],
)
def test_filters_are_known_by_the_names_that_observers_use(name, band, system):
    [point] = points(f"mjd,filter,mag,magerr\n59000.5,{name},19.5,0.1\n")
    assert (point.filter, point.magsys) == (band, system)


@pytest.mark.parametrize("written", [">20.1", "<20.1", "> 20.1"])
def test_a_limit_written_as_one_is_a_non_detection(written):
    [point] = points(f"mjd,filter,mag,magerr\n59000.5,ztfg,{written},\n")
    assert (point.flux, point.limiting_mag) == (None, 20.1)
    assert point.fluxerr == pytest.approx(10 ** (-0.4 * (20.1 - 23.9)) / 3)


def test_a_limit_beside_an_empty_magnitude_is_a_non_detection():
    found = points("mjd,filter,mag,magerr,limiting_mag\n59000.5,ztfg,,,20.1\n59001.5,ztfg,99.0,99.0,20.2\n")
    assert [(point.flux, point.limiting_mag) for point in found] == [(None, 20.1), (None, 20.2)]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [("flux [uJy]", 100, 100), ("flux_njy", 1e5, 10**0.4 * 10**1.6), ("flux (mJy)", 0.1, 100), ("uJy", 100, 100)],
)
def test_fluxes_are_read_in_the_unit_that_the_header_names(column, value, expected):
    [point] = points(f"mjd,filter,{column},flux_err\n59000.5,ztfg,{value},{value / 10}\n")
    assert point.flux == pytest.approx(expected if "njy" not in column else 100, rel=1e-9)
    assert point.fluxerr == pytest.approx(point.flux / 10)


def test_a_zero_point_may_stand_in_a_column_or_be_given():
    assert points("mjd,filter,flux,fluxerr,zp\n59000.5,ztfg,100,10,23.9\n")[0].flux == 100
    assert points("mjd,filter,flux,fluxerr\n59000.5,ztfg,100,10\n", zp=23.9)[0].flux == 100
    assert points("mjd,filter,flux,fluxerr,zp\n59000.5,ztfg,-5,10,26.4\n")[0].flux == pytest.approx(-0.5)


def test_a_flux_without_a_unit_is_not_guessed():
    assert problems("mjd,filter,flux,flux_err\n59000.5,ztfg,100,10\n") == [(1, "flux")]


ZTF = """\
# Requested input R.A. = 195.94 degrees
# zpmaginpsci = zero point
 index, field, filter, zpdiff, infobitssci, scisigpix, jd, forcediffimflux, forcediffimfluxunc, forcediffimsnr
0 553 ZTF_g 26.4 0 6.5 2458211.7 271.2 13.5 20.1
1 553 ZTF_r 26.3 0 9.1 2458212.7 -10.1 14.5 -0.7
2 553 ZTF_r 26.3 0 9.1 2458213.7 null null null
3 553 ZTF_r 26.3 33554432 9.1 2458214.7 11.0 14.5 0.8
"""
ATLAS = """\
###MJD  m      dm   uJy   duJy F err chi/N   RA       Dec        x        y     maj  min   phi  apfit mag5sig Sky Obs
57386.6417104 -17.862  0.259   -259     62 o  0  1.15 203.5 11.1 2801.4 8122.7 3.17 2.88  57.8 -0.48 17.5 19.4 o540
57386.6540  18.11  0.1   1500   62 c  0  1.15 203.5 11.1 2801.42 8122.77 3.17 2.88  57.8 -0.48 17.5 19.4 c541
"""
ALERCE = json.dumps(
    {
        "detections": [{"mjd": 59000.5, "fid": 1, "magpsf": 19.5, "sigmapsf": 0.1, "isdiffpos": 1, "diffmaglim": 20.5}],
        "non_detections": [{"mjd": 58999.5, "fid": 2, "diffmaglim": 20.4}],
    }
)
FINK = """\
i:objectId,i:jd,i:fid,i:magpsf,i:sigmapsf,i:diffmaglim,i:isdiffpos,d:tag
ZTF21aaqjmps,2459001.0,1,19.5,0.1,20.5,t,valid
ZTF21aaqjmps,2459002.0,2,,,20.4,,upperlim
ZTF21aaqjmps,2459003.0,2,19.0,0.1,20.4,t,badquality
"""
LASAIR = json.dumps(
    {"objectId": "ZTF21aaqjmps", "candidates": [
        {"candid": 1, "jd": 2459001.0, "fid": 1, "magpsf": 19.5, "sigmapsf": 0.1, "isdiffpos": "f"},
        {"jd": 2459002.0, "fid": 2, "diffmaglim": 20.4},
    ]}
)  # fmt: skip
IRSA = """\
oid,expid,hjd,mjd,mag,magerr,catflags,filtercode,ra,dec
686103400034440,1,2459001.004,59000.5,19.5,0.1,0,zg,270.0,30.0
"""
AAVSO = """\
#TYPE=EXTENDED
#OBSCODE=TST01
#DELIM=,
#DATE=JD
#OBSTYPE=CCD
#NAME,DATE,MAG,MERR,FILT,TRANS,MTYPE,CNAME,CMAG,KNAME,KMAG,AMASS,GROUP,CHART,NOTES
SS CYG,2459001.0,11.135,0.003,V,NO,STD,105,na,90,na,na,na,na,na
SS CYG,2459002.0,<15.1,na,B,NO,STD,105,na,90,na,na,na,na,na
"""
AAVSO_DOWNLOAD = """\
JD,Magnitude,Uncertainty,HQuncertainty,Band,Observer Code,Comment Code(s),Star Name
2459001.0,11.135,0.003,,V,TST,,SS CYG
2459002.0,<15.1,,,B,TST,,SS CYG
"""
TNS = """\
"ID","obsdate","mag","magerr","limmag","flux_unit","instrument","telescope","filter"
"1","2020-05-31 12:00:00","19.5","0.1","","ABMag","ZTF-Cam","P48","g-ZTF"
"2","2020-05-30 12:00:00","","","20.4","ABMag","ZTF-Cam","P48","r-ZTF"
"""
TNS_API = json.dumps({"id_code": 200, "data": {"spectra": [{"obsdate": "2026-05-30"}], "photometry": [
    {"obsdate": "2020-05-31 12:00:00", "jd": 2459001.0, "flux": 19.5, "fluxerr": 0.1, "limflux": None,
     "flux_unit": {"id": 1, "name": "ABMag"}, "instrument": {"id": 196, "name": "ZTF-Cam"},
     "filters": {"id": 110, "name": "g", "family": "ZTF"}},
    {"obsdate": "2020-05-30 12:00:00", "jd": 2459000.0, "flux": "", "fluxerr": "", "limflux": "20.4",
     "flux_unit": {"id": 1, "name": "ABMag"}, "filters": {"id": 111, "name": "r-ZTF"}},
]}})  # fmt: skip
TNS_PAGE = """\
Obs-date,Mag. / Flux,Err,Lim. Mag./Flux,Units,Filter,Tel / Inst
2020-05-31 12:00:00,19.5,0.1,,ABMag,g-ZTF,P48 / ZTF-Cam
2020-05-30 12:00:00,,,20.4,ABMag,r-ZTF,P48 / ZTF-Cam
"""
LASAIR_PAGE = """\
MJD,UTC,filter,unforced_mag,unforced_mag_error,unforced_mag_status,forced_ujy,forced_ujy_error
59000.5,2020-05-31 12:00:00,g,19.5,0.1,negative,,
58999.5,2020-05-30 12:00:00,r,20.4,,limit,,
59001.5,2020-06-01 12:00:00,r,19.5,0.1,positive,56.5,5.5
"""
OPEN_CATALOG = json.dumps(
    {"SN2020abc": {"name": "SN2020abc", "photometry": [
        {"time": "59000.5", "band": "g", "magnitude": "19.5", "e_magnitude": "0.1"},
        {"time": "58999.5", "band": "r", "magnitude": "20.4", "upperlimit": True},
    ]}}
)  # fmt: skip
SKYPORTAL = json.dumps({"status": "success", "data": [
    {"id": 1, "mjd": 59000.5, "filter": "ztfg", "mag": 19.5, "magerr": 0.1, "magsys": "ab", "limiting_mag": 20.5},
    {"id": 2, "mjd": 59001.5, "filter": "ztfr", "mag": None, "magerr": None, "magsys": "ab", "limiting_mag": 20.4},
]})  # fmt: skip


@pytest.mark.parametrize(
    ("content", "filters", "detected", "instrument", "left_out"),
    [
        (ZTF, ["ztfg", "ztfr"], [True, True], "ZTF", 2),
        (ATLAS, ["atlaso", "atlasc"], [True, True], "ATLAS", 0),
        (ALERCE, ["ztfg", "ztfr"], [True, False], "ZTF", 0),
        (FINK, ["ztfg", "ztfr"], [True, False], "ZTF", 1),
        (LASAIR, ["ztfg", "ztfr"], [True, False], "ZTF", 0),
        (IRSA, ["ztfg"], [True], "ZTF", 0),
        (AAVSO, ["bessellv", "bessellb"], [True, False], "AAVSO", 0),
        (AAVSO_DOWNLOAD, ["bessellv", "bessellb"], [True, False], "AAVSO", 0),
        (TNS, ["ztfg", "ztfr"], [True, False], "TNS", 0),
        (TNS_API, ["ztfg", "ztfr"], [True, False], "TNS", 0),
        (TNS_PAGE, ["ztfg", "ztfr"], [True, False], "TNS", 0),
        (LASAIR_PAGE, ["ztfg", "ztfr", "ztfr"], [True, False, True], "ZTF", 0),
        (AAVSO_DOWNLOAD + "2459003.0,11.1,,,Vis.,TST,,SS CYG\n", ["bessellv", "bessellb"], [True, False], "AAVSO", 1),
        (OPEN_CATALOG, ["sdssg", "sdssr"], [True, False], "imported", 0),
        (SKYPORTAL, ["ztfg", "ztfr"], [True, False], "imported", 0),
    ],
)
def test_files_are_read_as_surveys_and_brokers_write_them(content, filters, detected, instrument, left_out):
    found = read(content)
    assert found.problems == []
    assert [point.filter for point in found.points] == filters
    assert [point.flux is not None for point in found.points] == detected
    assert (found.layout.instrument, found.left_out) == (instrument, left_out)


def test_what_is_called_a_flux_beside_a_unit_of_magnitudes_is_a_magnitude():
    detection, limit = read(TNS_API).points
    assert (detection.flux, detection.magsys) == (pytest.approx(10 ** (-0.4 * (19.5 - 23.9))), "ab")
    assert (limit.limiting_mag, limit.mjd) == (20.4, 58999.5)
    [problem] = read(TNS_PAGE.replace("ABMag,g", "erg/s/cm2/A,g")).problems
    assert (problem.line, problem.column) == (2, "Units")


def test_a_lasair_light_curve_says_in_words_what_is_negative_and_what_is_a_limit():
    negative, limit, forced = read(LASAIR_PAGE).points
    assert negative.flux == pytest.approx(-(10 ** (-0.4 * (19.5 - 23.9))))
    assert (limit.flux, limit.limiting_mag) == (None, 20.4)
    assert (forced.flux, forced.fluxerr) == (56.5, 5.5)


def test_names_with_commas_between_them_are_named_without():
    assert read(ZTF).columns["flux"] == "forcediffimflux"


def test_a_julian_date_keeps_its_digits():
    [point] = read("jd,filter,mag,magerr\n2459369.7,ztfg,19.5,0.1\n").points
    assert point.mjd == 59369.2


def test_forced_photometry_has_its_fluxes_with_their_zero_points():
    first, second = points(ZTF)
    assert (first.flux, second.flux) == (pytest.approx(271.2 / 10), pytest.approx(-10.1 * 10 ** (-0.4 * 2.4)))
    assert first.mjd == pytest.approx(58211.2)
    assert points(ATLAS)[0].flux == -259


def test_a_subtraction_that_faded_has_a_negative_flux():
    assert points(LASAIR)[0].flux == pytest.approx(-(10 ** (-0.4 * (19.5 - 23.9))))


def table():
    return astropy_table.Table(
        {"bjd": [2459001.0, 2459002.0], "band": ["ztfg", "ztfr"], "flux": [0.1, -0.02], "flux_err": [0.01, 0.01]},
        units={"bjd": u.day, "flux": u.mJy, "flux_err": u.mJy},
    )


def written(made, form):
    if form == "fits":
        stream = io.BytesIO()
        fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU(made)]).writeto(stream)
        return stream.getvalue()
    stream = io.StringIO()
    made.write(stream, format="ascii.ecsv", delimiter="," if form == "ecsv," else " ")
    return stream.getvalue().encode()


@pytest.mark.parametrize("form", ["fits", "ecsv,", "ecsv "])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_tables_of_astropy_are_read_with_their_units(form, pack):
    found = points(pack(written(table(), form)))
    assert [point.flux for point in found] == [pytest.approx(100), pytest.approx(-20)]
    assert [point.mjd for point in found] == [59000.5, 59001.5]
    assert [point.filter for point in found] == ["ztfg", "ztfr"]


def test_fits_integers_with_scale_null_and_gaps_are_read_as_astropy_reads_them():
    columns = [
        fits.Column("TIME", "D", "BJD - 2457000, days", array=[1500.25, 1501.25]),
        fits.Column("flags", "3J", array=np.zeros((2, 3))),
        fits.Column("on", "L", array=[True, False]),
        fits.Column("flux", "I", "uJy", bzero=32768, array=np.array([20, 30], dtype=np.uint16)),
        fits.Column("flux_err", "E", "uJy", array=[1.0, 2.0]),
        fits.Column("limiting_mag", "J", "mag", null=-99, array=np.array([20, -99])),
    ]
    hdu = fits.BinTableHDU.from_columns(columns)
    hdu.header["TELESCOP"] = "TESS"
    stream = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(np.zeros((4, 5))), fits.ImageHDU(np.zeros((7, 9))), hdu]).writeto(stream)
    found = read(stream.getvalue())
    assert found.problems == []
    assert [point.flux for point in found.points] == [20.0, 30.0]
    assert [point.mjd for point in found.points] == [58499.75, 58500.75]
    assert [point.limiting_mag for point in found.points] == [20, None]
    assert {point.filter for point in found.points} == {"tess"}
    assert found.layout.instrument == "TESS"


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("mjd,filter,mag,magerr\n59000.5,ztfg,19.5,0.1\n59001.5,ztfg,bright,0.1\n", [(3, "mag")]),
        ("mjd,filter,mag,magerr\n59000.5,ztfg,19.5,\n59001.5,nix,19,0.1\n", [(2, "magerr"), (3, "filter")]),
        ("# made by hand\n\nmjd,filter,mag,magerr\n,ztfg,19.5,0.1\n", [(4, "mjd")]),
        ("mjd,filter,mag,magerr\n12,ztfg,19.5,0.1\n", [(2, "mjd")]),
        ("mjd,filter,mag,magerr\n59000.5,ztfg,,\n", [(2, "mag")]),
        ("mjd,filter,mag,magerr\n59000.5,ztfg,19,-0.1\n", [(2, "magerr")]),
        ("filter,mag,magerr\nztfg,19.5,0.1\n", [(1, "mjd")]),
        ("mjd,mag,magerr\n59000.5,19.5,0.1\n", [(1, "filter")]),
        ("mjd,filter,mag\n59000.5,ztfg,19.5\n", [(1, "magerr")]),
        (
            '[{"mjd": 59000.5, "filter": "g", "mag": 19, "magerr": 0.1}, {"mjd": 59000.5, "filter": "g", "mag": "x"}]',
            [(2, "mag")],
        ),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column_and_then_nothing_is_read(content, places):
    assert problems(content) == places


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"mjd,filter,mag,magerr\n", 1),
        (b"mjd,filter,mag\n59000.5,ztfg,19.5\n59000.5,ztfg\n", 3),
        (b"mjd,mjd,mag\n1,2,3\n", 1),
        (b'{"mjd": [1, 2], "mag": [1]}', 2),
        (b'{"mjd": \n[1, ', 2),
        (b"<VOTABLE/>", 1),
        (b"\x89PNG\r\n\x1a\n\0\0", 1),
        (b"\x1f\x8bbroken", 1),
        (b"SIMPLE  =                    T" + b" " * 2850, 1),
    ],
)
def test_what_is_no_table_says_where_it_ends(content, line):
    with pytest.raises(Unreadable) as caught:
        read_table(content)
    assert caught.value.problem.line == line


def test_many_problems_are_counted():
    rows = "59000.5,ztfg,bad,0.1\n" * (MOST_PROBLEMS + 7)
    found = read("mjd,filter,mag,magerr\n" + rows)
    assert len(found.problems) == MOST_PROBLEMS + 1
    assert found.problems[-1].text == "7 more lines have problems."


def test_a_fits_file_cut_anywhere_is_refused_or_read_and_never_crashes():
    whole = written(table(), "fits")
    for end in range(0, len(whole), 97):
        with suppress(Unreadable):
            read(whole[:end])


@pytest.mark.parametrize("delimiter", [" ", ","])
def test_ecsv_as_astropy_writes_it_has_missing_values_spaces_in_text_and_units_of_quantities(delimiter):
    quantities = astropy_table.QTable({"jd": [2459001.0, 2459002.0] * u.day, "flux": [1.0, 2.0] * u.mJy})
    quantities["flux_err"] = [0.1, 0.2] * u.mJy
    quantities["band"] = astropy_table.MaskedColumn(["g", "r"])
    quantities["origin"] = astropy_table.MaskedColumn(["a night", "x"], mask=[False, True])
    stream = io.StringIO()
    quantities.write(stream, format="ascii.ecsv", delimiter=delimiter)
    found = read(stream.getvalue())
    assert found.problems == []
    assert [(point.mjd, point.flux, point.fluxerr) for point in found.points] == [
        (59000.5, pytest.approx(1000), pytest.approx(100)),
        (59001.5, pytest.approx(2000), pytest.approx(200)),
    ]
    assert [point.origin for point in found.points] == ["a night", None]


def test_a_comma_among_the_decimals_is_named_as_what_is_wrong():
    [problem] = read("mjd;filter;mag;magerr\n59000;ztfg;19,5;0,1\n").problems
    assert (problem.line, problem.column, problem.text) == (2, "mag", "'19,5' is not a number.")
