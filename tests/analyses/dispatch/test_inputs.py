"""What a service gets: all six types of input, with only what the author may see."""

import csv
import io

import pytest

from chalicelib.sources.photometry import extinction
from tests.support.late import Late
from tests.support.people import make_group, make_user
from tests.support.scene import register
from tests.support.worker import drain

pd = Late("pandas")
astropy_ascii = Late("astropy.io.ascii")

ALL = ["photometry", "spectra", "redshift", "annotations", "comments", "classifications"]
COLUMNS = {
    "photometry": "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag",
    "spectra": "observed_at,wavelengths,fluxes,errors,units,altdata,created_at,origin,modified,type",
    "redshift": "redshift,redshift_error,redshift_origin",
    "annotations": "data,modified,origin,created_at",
    "comments": "text,bot,modified,origin,created_at",
    "classifications": "classification,probability,modified,created_at",
}
EBV = 0.2


@pytest.fixture
def asking(scene):
    """The scene with a service that asks for everything."""
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, input_data_types=ALL)
    return scene


def inputs(scene, **body):
    scene.start(**body)
    drain()
    return scene.service.received[-1].document["inputs"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def point(scene, **changes):
    base = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "mjd": 59010.5, "filter": "ztfr"}
    return {**base, "flux": 50.0, "fluxerr": 2.0, "zp": 23.9, "magsys": "ab", "group_ids": [scene.group_id], **changes}


def say(scene, api, group_id, word):
    """Put one record of every kind on the source, all of which contain a word."""
    source = f"/api/sources/{scene.obj_id}"
    taxonomy = {"name": f"taxonomy of {word}", "version": "1", "hierarchy": {"class": word}, "group_ids": [group_id]}
    taxonomy_id = scene.admin.post("/api/taxonomy", taxonomy).data["taxonomy_id"]
    spectrum = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "observed_at": "2026-01-02T03:04:05"}
    arrays = {"wavelengths": [4000.0, 5000.5], "fluxes": [1.0, 2.5], "errors": [0.1, None]}
    for path, body in (
        (f"{source}/comments", {"text": f'"{word}",\nsaid 星'}),
        (f"{source}/annotations", {"origin": word, "data": {"nested": {word: [1, None, 2.5]}, "quote": "it's"}}),
        ("/api/classification", {"obj_id": scene.obj_id, "classification": word, "taxonomy_id": taxonomy_id}),
        ("/api/spectrum", {**spectrum, **arrays, "origin": word, "altdata": {"word": word}}),
    ):
        answer = api.post(path, {**body, "group_ids": [group_id]})
        assert answer.status == 200, answer.body


def test_every_type_is_the_csv_of_the_contract(asking):
    say(asking, asking.user, asking.group_id, "shown")
    got = inputs(asking, analysis_parameters={"source": "salt3"})
    assert list(got) == ["analysis_parameters", *ALL]
    assert got["analysis_parameters"] == {"source": "salt3"}
    assert {kind: got[kind].split("\n", 1)[0] for kind in ALL} == COLUMNS
    (comment,) = rows(got["comments"])
    assert (comment["text"], comment["bot"], comment["origin"]) == ('"shown",\nsaid 星', "True", "")
    (annotation,) = rows(got["annotations"])
    assert annotation["data"] == "{'nested': {'shown': [1, None, 2.5]}, 'quote': \"it's\"}"
    (spectrum,) = rows(got["spectra"])
    assert (spectrum["wavelengths"], spectrum["errors"]) == ("[4000.0, 5000.5]", "[0.1, nan]")
    assert (spectrum["observed_at"], spectrum["altdata"]) == ("2026-01-02 03:04:05", "{'word': 'shown'}")
    (classification,) = rows(got["classifications"])
    assert (classification["classification"], classification["probability"]) == ("shown", "")
    assert got["redshift"] == f"{COLUMNS['redshift']}\n0.0246,,\n"


def test_pandas_reads_and_writes_every_table_alike(asking):
    say(asking, asking.user, asking.group_id, "shown")
    got = inputs(asking)
    for kind in ALL:
        table = pd.read_csv(io.StringIO(got[kind]), dtype=str, keep_default_na=False)
        assert list(table.columns) == COLUMNS[kind].split(",")
        assert table.to_csv(index=False) == got[kind], kind


@pytest.mark.parametrize("text", ["line one\rline two", "line one\r\nline two", "\r", "a\u2028b", 'x,"y"\x0bz'])
def test_text_with_any_line_break_is_one_field(asking, text):
    assert asking.user.post(f"/api/sources/{asking.obj_id}/comments", {"text": text, "origin": text}).status == 200
    got = inputs(asking)["comments"]
    (comment,) = csv.DictReader(io.StringIO(got, newline=""))
    assert (comment["text"], comment["bot"], comment["origin"]) == (text, "True", text)
    (by_pandas,) = pd.read_csv(io.StringIO(got)).to_dict("records")
    assert (by_pandas["text"], by_pandas["origin"]) == (text, text)
    (by_astropy,) = astropy_ascii.read(got, format="csv")
    assert " ".join(str(by_astropy["text"]).split()) == " ".join(text.split())


def test_what_the_author_may_not_see_is_not_sent(asking):
    other = make_group(asking.admin)
    colleague = make_user(asking.admin, groups=[asking.group_id, other])
    say(asking, asking.user, asking.group_id, "shown")
    say(asking, colleague, other, "hidden")
    hidden = point(asking, mjd=60000.25, flux=777.0, group_ids=[other])
    assert colleague.post("/api/photometry", hidden).status == 200
    got = inputs(asking)
    assert "hidden" not in str(got)
    assert "60000.25" not in got["photometry"]
    assert {kind: len(rows(got[kind])) for kind in ALL} == dict.fromkeys(ALL, 1) | {"photometry": 3}
    asking.user = colleague
    everything = inputs(asking)
    assert {kind: len(rows(everything[kind])) for kind in ALL} == dict.fromkeys(ALL, 2) | {
        "photometry": 4,
        "redshift": 1,
    }


def test_the_sight_of_an_author_who_left_the_group_is_that_of_the_start(asking):
    asking.start()
    asking.admin.delete(f"/api/groups/{asking.group_id}/users/{asking.user.user_id}")
    drain()
    assert len(rows(asking.service.received[0].document["inputs"]["photometry"])) == 3


def test_kinds_without_rows_are_an_empty_line_and_a_redshift_has_always_one(asking):
    asking.obj_id = "bare"
    source = {"id": "bare", "ra": 1.0, "dec": 2.0, "group_ids": [asking.group_id]}
    assert asking.user.post("/api/sources", source).status == 200
    got = inputs(asking)
    for kind in ("spectra", "annotations", "comments", "classifications"):
        assert got[kind] == "\n"
    assert got["photometry"] == COLUMNS["photometry"] + "\n"
    assert got["redshift"] == f"{COLUMNS['redshift']}\n,,\n"


def test_a_service_gets_the_types_that_it_asks_for(scene):
    assert list(inputs(scene)) == ["analysis_parameters", "photometry", "redshift"]


@pytest.mark.parametrize(
    ("photometry", "expected"),
    [
        ({"filters": ["ztfr"]}, ["59001.5"]),
        ({"filters": []}, ["59001.5", "59000.5", "59002.5"]),
        ({"filters": [], "instruments": []}, ["59001.5", "59000.5", "59002.5"]),
        ({"filters": ["", " \t"], "instruments": [""]}, ["59001.5", "59000.5", "59002.5"]),
        ({"filters": None, "instruments": None}, ["59001.5", "59000.5", "59002.5"]),
        ({"filters": ["ztfr", ""], "instruments": []}, ["59001.5"]),
        ({"filters": [" ztfr "]}, ["59001.5"]),
        ({"filters": [], "instruments": [987654]}, []),
        ([], ["59001.5", "59000.5", "59002.5"]),
        (None, ["59001.5", "59000.5", "59002.5"]),
        ({"filters": ["ztfr", "nosuch"]}, ["59001.5"]),
        ({"instruments": [987654]}, []),
        ({}, ["59001.5", "59000.5", "59002.5"]),
    ],
)
def test_photometry_is_chosen_by_filter_and_instrument(scene, photometry, expected):
    got = inputs(scene, input_filters={"photometry": photometry})
    assert [row["mjd"] for row in rows(got["photometry"])] == expected


def test_empty_filters_are_on_record_as_not_given(scene):
    inputs(scene, input_filters={"photometry": {"filters": [], "instruments": ["", scene.instrument_id]}})
    record = scene.user.get("/api/obj/analysis", objID=scene.obj_id).data[0]
    assert record["input_filters"] == {"photometry": {"instruments": [scene.instrument_id]}}


def test_no_input_filters_at_all_may_be_an_empty_list(scene):
    assert len(rows(inputs(scene, input_filters=[])["photometry"])) == 3


def test_photometry_is_chosen_by_instrument(scene):
    got = inputs(scene, input_filters={"photometry": {"instruments": [scene.instrument_id], "filters": ["ztfg"]}})
    assert [row["mjd"] for row in rows(got["photometry"])] == ["59000.5", "59002.5"]
    record = scene.user.get("/api/obj/analysis", objID=scene.obj_id).data[0]
    assert record["input_filters"] == {"photometry": {"filters": ["ztfg"], "instruments": [scene.instrument_id]}}


def predictions(scene, **columns):
    """Post three points and return what the service gets as their predicted magnitudes, by time."""
    mjd = [60000.5, 60001.5, 60002.5]
    posted = point(scene, mjd=mjd, flux=[10.0, 20.0, None], fluxerr=1.0, **columns)
    assert scene.user.post("/api/photometry", posted).status == 200
    got = {float(row["mjd"]): row["predicted_mag"] for row in rows(inputs(scene)["photometry"])}
    return [got[one] for one in mjd]


@pytest.mark.parametrize(
    ("altdata", "expected"),
    [
        ({"predicted_mag": 19.47}, ["19.47"] * 3),
        ({"predicted_mag": 19}, ["19.0"] * 3),
        ({"predicted_mag": " 19.47"}, ["19.47"] * 3),
        ({"predicted_mag": [19.1, None, "19.3"], "rh": 2.5}, ["19.1", "", "19.3"]),
        ([{"predicted_mag": 19.1}, None, {"rh": 2.5}], ["19.1", "", ""]),
        ({"predicted_mag": None}, ["", "", ""]),
        ({"predicted_mag": True}, ["", "", ""]),
        ({"predicted_mag": "bright"}, ["", "", ""]),
        ({"predicted_mag": {"r": 19.1}}, ["", "", ""]),
        (None, ["", "", ""]),
    ],
)
def test_the_predicted_magnitude_beside_a_point_reaches_its_column(scene, altdata, expected):
    assert predictions(scene, altdata=altdata) == expected


def with_reddening(scene, value=EBV):
    assert scene.user.patch(f"/api/sources/{scene.obj_id}", {"altdata": {"ebv": value}}).status == 200


def start_error(scene, value):
    path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
    return scene.user.post(path, {"analysis_parameters": {"correct_extinction": value}}).error


@pytest.mark.parametrize("switch", [True, "True", "true"])
def test_photometry_is_corrected_for_extinction_and_the_inputs_say_how(scene, switch):
    plain = {row["mjd"]: row for row in rows(inputs(scene)["photometry"])}
    with_reddening(scene)
    got = inputs(scene, analysis_parameters={"correct_extinction": switch})
    corrected = rows(got["photometry"])
    assert len(corrected) == 3
    for row in corrected:
        before, magnitudes = plain[row["mjd"]], EBV * extinction.R[row["filter"]]
        assert float(row["limiting_mag"]) == pytest.approx(float(before["limiting_mag"]) - magnitudes)
        assert row["magerr"] == before["magerr"]
        if before["flux"]:
            assert float(row["mag"]) == pytest.approx(float(before["mag"]) - magnitudes)
            assert float(row["flux"]) == pytest.approx(float(before["flux"]) * 10 ** (0.4 * magnitudes))
        else:
            assert (row["flux"], row["mag"]) == ("", "")
    assert got["analysis_parameters"] == {
        "correct_extinction": switch,
        "extinction_correction": {"ebv": EBV, "law": extinction.LAW, "uncorrected_filters": []},
    }
    record = scene.user.get("/api/obj/analysis", objID=scene.obj_id).data[0]
    assert record["analysis_parameters"] == {"correct_extinction": switch}


CORRECTED = [
    *({"extinction_corrected": value} for value in (True, "true", "True", "yes", 1, "1")),
    *({"altdata": {"extinction_corrected": value}} for value in (True, "true", " TRUE ", "yes", "t", 1, 1.0)),
    {"extinction_corrected": False, "altdata": {"extinction_corrected": True}},
    {"extinction_corrected": True, "altdata": {"extinction_corrected": False}},
]
NOT_CORRECTED = [
    *({"extinction_corrected": value} for value in (False, "false", "0", 0, None)),
    *({"altdata": {"extinction_corrected": value}} for value in (False, "false", "no", "", 0, None, [], {})),
]


def corrected_fluxes(scene, method="post", **columns):
    """Post three points and return their fluxes in inputs without dust, by filter, with the report."""
    with_reddening(scene)
    posted = {"mjd": [60000.5, 60001.5, 60002.5], "filter": ["ztfg", "ztfr", "ztfg"], **columns}
    assert getattr(scene.user, method)("/api/photometry", point(scene, **posted)).status == 200
    got = inputs(scene, analysis_parameters={"correct_extinction": True})
    report = got["analysis_parameters"]["extinction_correction"]
    found = {float(row["mjd"]): float(row["flux"]) for row in rows(got["photometry"]) if row["flux"]}
    return [found[mjd] for mjd in posted["mjd"]], report


def without_dust(name):
    return pytest.approx(50.0 * 10 ** (0.4 * EBV * extinction.R[name]))


@pytest.mark.parametrize("columns", CORRECTED)
def test_photometry_that_came_corrected_is_not_corrected_again(scene, columns):
    fluxes, report = corrected_fluxes(scene, **columns)
    assert fluxes == [50.0, 50.0, 50.0]
    assert report["already_corrected"] == {"ztfg": [60000.5, 60002.5], "ztfr": [60001.5]}


@pytest.mark.parametrize("columns", NOT_CORRECTED)
def test_photometry_that_did_not_come_corrected_is_corrected(scene, columns):
    fluxes, report = corrected_fluxes(scene, **columns)
    assert fluxes == [without_dust("ztfg"), without_dust("ztfr"), without_dust("ztfg")]
    assert "already_corrected" not in report


@pytest.mark.parametrize(
    "columns",
    [
        {"extinction_corrected": [False, True, None]},
        {"altdata": {"extinction_corrected": [False, True, None]}},
        {"altdata": [None, {"extinction_corrected": "true"}, {"fid": 1}]},
    ],
)
def test_each_row_says_for_itself_whether_it_came_corrected(scene, columns):
    fluxes, report = corrected_fluxes(scene, **columns)
    assert fluxes == [without_dust("ztfg"), 50.0, without_dust("ztfg")]
    assert report["already_corrected"] == {"ztfr": [60001.5]}


def test_magnitudes_that_came_corrected_are_not_corrected_again(scene):
    with_reddening(scene)
    base = {
        "obj_id": scene.obj_id,
        "instrument_id": scene.instrument_id,
        "filter": "ztfg",
        "extinction_corrected": True,
    }
    posted = {
        **base,
        "mjd": [60000.5, 60001.5],
        "mag": [18.0, None],
        "magerr": [0.1, None],
        "limiting_mag": [20.0, 20.5],
    }
    assert scene.user.post("/api/photometry", {**posted, "group_ids": [scene.group_id]}).status == 200
    got = inputs(scene, analysis_parameters={"correct_extinction": True})["photometry"]
    found = {row["mjd"]: row for row in rows(got)}
    assert float(found["60000.5"]["mag"]) == pytest.approx(18.0)
    assert (found["60000.5"]["limiting_mag"], found["60001.5"]["limiting_mag"]) == ("20.0", "20.5")


def test_that_points_are_corrected_can_be_said_and_taken_back_later(scene):
    assert corrected_fluxes(scene)[0][0] == without_dust("ztfg")
    assert corrected_fluxes(scene, "put", extinction_corrected=True)[0] == [50.0, 50.0, 50.0]
    assert corrected_fluxes(scene, "put", extinction_corrected=False)[0][0] == without_dust("ztfg")


@pytest.mark.parametrize(
    "columns",
    [
        *({"extinction_corrected": value} for value in ("perhaps", 2, {}, "", [True, "perhaps", False])),
        *({"altdata": {"extinction_corrected": value}} for value in ("perhaps", 2, {"r": True}, ["perhaps"] * 3)),
    ],
)
def test_what_does_not_say_whether_it_is_corrected_is_refused(scene, columns):
    posted = point(scene, mjd=[60000.5, 60001.5, 60002.5], **columns)
    code, message = scene.user.post("/api/photometry", posted).error
    assert code == 400
    assert "extinction_corrected" in message


def test_a_record_of_photometry_has_no_more_fields_for_it(scene):
    posted = point(scene, extinction_corrected=True, altdata={"fid": 1})
    (number,) = scene.user.post("/api/photometry", posted).data["ids"]
    record = scene.user.get(f"/api/photometry/{number}").data
    assert record["altdata"] == {"fid": 1}
    assert "extinction_corrected" not in record


def test_filters_without_coefficient_are_named(scene):
    with_reddening(scene)
    instrument = {"name": "Odd", "type": "imager", "filters": ["gaia::g"]}
    telescope = {"name": "Odd", "nickname": "O", "diameter": 1.0, "lat": 0.0, "lon": 0.0, "elevation": 0.0}
    telescope_id = scene.user.post("/api/telescope", {**telescope, "robotic": True}).data["id"]
    instrument_id = scene.user.post("/api/instrument", {**instrument, "telescope_id": telescope_id}).data["id"]
    assert scene.user.post("/api/photometry", point(scene, filter="gaia::g", instrument_id=instrument_id)).status == 200
    got = inputs(scene, analysis_parameters={"correct_extinction": True})
    assert got["analysis_parameters"]["extinction_correction"]["uncorrected_filters"] == ["gaia::g"]
    (odd,) = [row for row in rows(got["photometry"]) if row["filter"] == "gaia::g"]
    assert (odd["flux"], odd["fluxerr"]) == ("50.0", "2.0")


def test_without_a_reddening_the_start_is_refused(scene):
    code, message = start_error(scene, value=True)
    assert code == 400
    assert "E(B-V) is not known" in message
    with_reddening(scene, value="much")
    assert start_error(scene, value=True)[0] == 400
    assert scene.user.get("/api/obj/analysis").data == []


def test_the_switch_is_true_or_false(scene):
    code, message = start_error(scene, "perhaps")
    assert code == 400
    assert message.startswith("Invalid analysis_parameters: ")
    got = inputs(scene, analysis_parameters={"correct_extinction": False})
    assert got["analysis_parameters"] == {"correct_extinction": False}


def test_a_reddening_that_is_gone_ends_the_run_rather_than_sending_it_uncorrected(scene):
    with_reddening(scene)
    analysis_id = scene.start(analysis_parameters={"correct_extinction": True})
    assert scene.user.patch(f"/api/sources/{scene.obj_id}", {"altdata": {}}).status == 200
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "E(B-V) is not known" in record["status_message"]
    assert scene.service.received == []
