"""The files that data came in, given back as they came."""

import gzip
import hashlib
import json

import pytest

from chalicelib import aws
from chalicelib.settings import settings
from tests.support.people import make_group
from tests.support.sky import make_source

PHOTOMETRY = "\ufeffjd;band;mag;e_mag\r\n2459001.0;ztfg;19.50;0.1\r\n2459002.0;ztfr;>20.1;\r\n"
SPECTRUM = "# DATE-OBS: 2026-11-01T03:04:05\nwavelength,flux\n4000.0,1.5\n4001.0,nan\n"


def send(api, kind, content, obj_id, **query):
    raw = content if isinstance(content, bytes) else content.encode()
    return api.post(f"/api/{kind}_file", raw=raw, objID=obj_id, **query).data


def files(api, sky):
    return api.get(f"{sky.source}/files").data


def content(api, sky, file):
    return api.get(f"{sky.source}/files/{file['id']}").body


@pytest.mark.parametrize("pack", [lambda text: text.encode(), lambda text: gzip.compress(text.encode(), mtime=1)])
@pytest.mark.parametrize(("kind", "text"), [("photometry", PHOTOMETRY), ("spectrum", SPECTRUM)])
def test_a_file_is_given_back_byte_for_byte(sky, kind, text, pack):
    sent = pack(text)
    ids = send(sky.user, kind, sent, sky.obj_id, name="night 1/ŝtelo.csv")["ids"]
    [file] = files(sky.user, sky)
    assert content(sky.user, sky, file) == sent
    assert file["id"] == hashlib.sha256(sent).hexdigest()
    assert (file["bytes"], file["records"], file["name"]) == (len(sent), len(ids), "night 1/ŝtelo.csv")
    assert file["of"] == {"photometry": "photometry", "spectrum": "spectra"}[kind]
    answer = sky.user.get(f"{sky.source}/files/{file['id']}")
    assert "/" not in answer.headers["Content-Disposition"].partition("filename=")[2]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (PHOTOMETRY.encode(), "photometry.csv"),
        (gzip.compress(PHOTOMETRY.encode(), mtime=1), "photometry.csv.gz"),
        (b'[{"mjd": 59000.5, "fid": 1, "magpsf": 19.5, "sigmapsf": 0.1}]', "photometry.json"),
    ],
)
def test_a_file_without_a_name_is_called_by_what_it_is(sky, sent, name):
    send(sky.user, "photometry", sent, sky.obj_id)
    assert [file["name"] for file in files(sky.user, sky)] == [name]


def test_the_same_file_is_kept_once_and_others_beside_it(sky):
    for text in (PHOTOMETRY, PHOTOMETRY, PHOTOMETRY.replace("19.50", "19.5")):
        send(sky.user, "photometry", text, sky.obj_id)
    assert [content(sky.user, sky, file) for file in files(sky.user, sky)] == [
        PHOTOMETRY.encode(),
        PHOTOMETRY.replace("19.50", "19.5").encode(),
    ]


@pytest.mark.parametrize(
    ("text", "query"),
    [(PHOTOMETRY, {"dry_run": "true"}), (PHOTOMETRY, {"keep": "false"}), (PHOTOMETRY + "1;2;3;4", {})],
)
def test_nothing_is_kept_of_what_was_not_stored_or_need_not_be(sky, text, query):
    send(sky.user, "photometry", text, sky.obj_id, **query)
    assert files(sky.user, sky) == []


def test_a_file_goes_with_the_first_of_its_points(sky):
    ids = send(sky.user, "photometry", PHOTOMETRY, sky.obj_id)["ids"]
    [number] = send(sky.user, "spectrum", SPECTRUM, sky.obj_id)["ids"]
    of_photometry, of_spectrum = files(sky.user, sky)
    assert sky.user.delete(f"/api/photometry/{ids[1]}").status == 200
    assert [file["of"] for file in files(sky.user, sky)] == ["spectra"]
    assert sky.user.delete(f"/api/spectrum/{number}").status == 200
    assert files(sky.user, sky) == []
    for file in (of_photometry, of_spectrum):
        assert sky.user.get(f"{sky.source}/files/{file['id']}").error == (404, "File not found")
    send(sky.user, "photometry", PHOTOMETRY, sky.obj_id)
    assert files(sky.user, sky)[0]["id"] == of_photometry["id"]


def test_nothing_of_a_removed_file_stays_in_the_bucket(sky):
    def stored():
        found = aws.s3().list_objects_v2(Bucket=settings().bucket, Prefix=f"data/{sky.obj_id}/")
        return [one["Key"] for one in found.get("Contents", [])]

    ids = send(sky.user, "photometry", PHOTOMETRY, sky.obj_id)["ids"]
    send(sky.user, "photometry", PHOTOMETRY, sky.obj_id)
    assert len(stored()) == 1
    sky.user.delete(f"/api/photometry/{ids[0]}")
    assert stored() == []


def test_a_file_is_seen_by_those_who_see_all_that_is_in_it(sky):
    send(sky.user, "photometry", PHOTOMETRY, sky.obj_id)
    [file] = files(sky.user, sky)
    member, outsider = sky.member(), sky.outsider()
    assert content(member, sky, file) == PHOTOMETRY.encode()
    for path in (f"{sky.source}/files", f"{sky.source}/files/{file['id']}"):
        assert outsider.get(path).error == (404, "Source not found")
        assert sky.user.get(path.replace(sky.obj_id, "unknown")).error == (404, "Source not found")
    other = make_source(sky.user, group_ids=[sky.group_id])
    assert sky.user.get(f"/api/sources/{other}/files/{file['id']}").error == (404, "File not found")


def test_who_does_not_see_one_of_its_points_does_not_see_a_file(sky):
    own = make_group(sky.admin, members=[sky.user])
    obj_id = make_source(sky.user, group_ids=[own])
    send(sky.user, "photometry", PHOTOMETRY, obj_id)
    make_source(sky.user, obj_id, group_ids=[sky.group_id])
    path, member = f"/api/sources/{obj_id}/files", sky.member()
    [file] = sky.user.get(path).data
    assert member.get(f"/api/sources/{obj_id}/photometry").data == []
    assert member.get(path).data == []
    assert member.get(f"{path}/{file['id']}").error == (404, "File not found")

    send(sky.user, "photometry", PHOTOMETRY, obj_id)  # shares the points with all groups of the source
    assert [one["id"] for one in member.get(path).data] == [file["id"]]


def test_a_file_whose_rows_are_there_may_be_kept_alone(sky):
    rows = PHOTOMETRY.splitlines(keepends=True)
    refused = sky.user.post("/api/photometry_file", raw=PHOTOMETRY.encode(), objID=sky.obj_id, keep_only="true")
    assert refused.error == (400, f"Line 2 is not among the photometry of {sky.obj_id}: store it first.")
    for part in (rows[0] + rows[2], rows[0] + rows[1]):
        send(sky.user, "photometry", part, sky.obj_id, keep="false")
    points = sky.photometry()
    answer = send(sky.user, "photometry", PHOTOMETRY, sky.obj_id, keep_only="true")
    assert answer["ids"] == [point["id"] for point in points]
    assert sky.photometry() == points
    [file] = files(sky.user, sky)
    assert content(sky.user, sky, file) == PHOTOMETRY.encode()


def test_spectra_of_several_objects_are_refused_with_the_line(sky):
    def spectra(*names):
        each = {"observed_at": "2026-11-01", "wavelength": [4000], "flux": [1]}
        return json.dumps([{**each, "object": name} for name in names])

    [problem] = send(sky.user, "spectrum", spectra("a", "a", "b"), sky.obj_id)["problems"]
    assert (problem["line"], problem["column"]) == (3, "obj_id")
    assert send(sky.user, "spectrum", spectra("b", "b"), sky.obj_id)["problems"] == []
