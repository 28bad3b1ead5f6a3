"""What `GET /api/enum_types` tells of sources and services."""

from chalicelib.sources.magnitudes import AB_MINUS_VEGA
from chalicelib.sources.photometry.extinction import R


def test_the_lists_of_skyportal_are_all_there(admin):
    told = admin.get("/api/enum_types").data

    assert told["ANALYSIS_TYPES"] == ["lightcurve_fitting", "spectrum_fitting", "meta_analysis"]
    assert set(told["ANALYSIS_INPUT_TYPES"]) == {
        *("photometry", "spectra", "redshift", "annotations", "comments", "classifications")
    }
    assert set(told["AUTHENTICATION_TYPES"]) == {
        *("none", "header_token", "api_key", "HTTPBasicAuth", "HTTPDigestAuth", "OAuth1")
    }
    assert told["ALLOWED_MAGSYSTEMS"] == ["ab", "vega"]
    assert told["ALLOWED_SPECTRUM_TYPES"] == ["source", "host", "host_center"]
    assert [told[name] for name in ("ALLOWED_API_CLASSNAMES", "FOLLOWUP_PRIORITIES", "THUMBNAIL_TYPES")] == [[]] * 3


def test_the_bandpasses_are_each_named_once_and_hold_those_that_we_know_more_of(admin):
    names = admin.get("/api/enum_types").data["ALLOWED_BANDPASSES"]

    assert len(set(names)) == len(names) > 180
    assert {*AB_MINUS_VEGA, *R} <= set(names)
