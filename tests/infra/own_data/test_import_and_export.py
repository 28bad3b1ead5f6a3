"""`python -m infra.local import` and `export`, run as people run them on a site that serves."""

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.conftest import ADMIN_TOKEN as TOKEN
from tests.infra.serve import ROOT
from tests.support.site import Site

ZTF = """\
# Requested input R.A. = 195.5 degrees
# Requested input Dec. = 30.25 degrees
 index, field, filter, zpdiff, infobitssci, scisigpix, jd, forcediffimflux, forcediffimfluxunc
0 553 ZTF_g 26.4 0 6.5 2458211.7 271.2 13.5
1 553 ZTF_r 26.3 0 9.1 2458212.7 -10.1 14.5
2 553 ZTF_r 26.3 0 9.1 2458213.7 null null
"""
MAGNITUDES = (
    "mjd,filter,mag,magerr,limiting_mag\n59000.5,ztfg,19.5,0.1,20.5\n59001.5,ztfr,,,20.1\n59002.5,V,18.25,0.05,\n"
)
SPECTRUM = (
    "# DATE-OBS: 2026-11-01T03:04:05.25\n# INSTRUMENT: SEDM\nwavelength,flux,error\n4000.5,1.25,0.5\n4001.75,,0.5\n"
)
MANY = "object,mjd,band,flux_ujy,fluxerr_ujy,ra,dec\nfirst,59000.5,o,100,10,1.5,2.5\nsecond,59000.5,c,50,5,3.5,4.5\n"


@pytest.fixture
def url(stack, configure):
    with Site() as site:
        configure(public_url=site.url)
        yield site.url


@pytest.fixture
def command(url, tmp_path):
    """Run a command in a new folder; return its status, output and errors."""

    def run(*arguments, token=TOKEN):
        done = subprocess.run(
            [sys.executable, "-m", "infra.local", *map(str, arguments), "--url", url],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **({"SIDEROSTAT_TOKEN": token} if token else {})},
            capture_output=True,
            text=True,
            errors="replace",  # a file may be called anything
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def get(url):
    def ask(path, status=200, **query):
        answer = requests.get(url + path, params=query, headers={"Authorization": f"token {TOKEN}"}, timeout=20)
        assert answer.status_code == status
        return answer.json()["data"]

    return ask


def file(folder, name, content):
    (folder / name).write_text(content)
    return folder / name


def photometry(get, name):
    points = get(f"/api/sources/{name}/photometry", format="both")
    return [{key: value for key, value in point.items() if key not in {"id", "created_at"}} for point in points]


def test_a_survey_file_makes_its_source_where_it_says_and_again_is_the_same(command, get, tmp_path):
    path = file(tmp_path, "ZTF18abc.txt", ZTF)
    status, out, error = command("import", path)
    assert (status, error) == (0, "")
    assert "ZTF forced photometry, 2 points, 1 rows left out" in out
    source = get("/api/sources/ZTF18abc")
    assert (source["ra"], source["dec"]) == (195.5, 30.25)
    before = photometry(get, "ZTF18abc")
    assert [point["flux"] for point in before] == [pytest.approx(27.12), pytest.approx(-10.1 * 10**-0.96)]
    assert command("import", path)[0] == 0
    assert photometry(get, "ZTF18abc") == before


def test_nothing_is_imported_if_one_file_of_several_is_wrong(command, get, tmp_path):
    good = file(tmp_path, "good.csv", MAGNITUDES)
    bad = file(tmp_path, "bad.csv", MAGNITUDES.replace("0.05", "small"))
    status, out, error = command("import", good, bad)
    assert (status, out) == (1, "")
    assert f"{bad}: line 4, column magerr: 'small' is not a number." in error
    get("/api/sources/good", status=404)


def test_a_dry_run_only_looks(command, get, tmp_path):
    status, out, _ = command("import", file(tmp_path, "looked.csv", MAGNITUDES), "--dry-run", token=None)
    assert (status, "3 points" in out) == (0, True)
    get("/api/sources/looked", status=404)


def test_a_file_of_several_objects_becomes_several_sources(command, get, tmp_path):
    status, out, error = command("import", file(tmp_path, "survey.csv", MANY))
    assert (status, error) == (0, "")
    for name, flux, band in (("first", 100, "atlaso"), ("second", 50, "atlasc")):
        [point] = photometry(get, name)
        assert (point["flux"], point["filter"]) == (flux, band)
    assert "first: 1 points" in out


def test_what_is_exported_is_as_it_came_and_can_be_imported_again(command, get, tmp_path):
    files = [file(tmp_path, "M31N.csv", MAGNITUDES), file(tmp_path, "M31N.spectrum.csv", SPECTRUM)]
    where = ("--ra", "10.5", "--dec", "41.25", "--redshift", "0.01", "--object", "M31N")
    assert command("import", *files, *where)[::2] == (0, "")
    status, out, error = command("export", "M31N", "--output", tmp_path / "out")
    assert (status, error) == (0, "")
    written = [str(Path(line).relative_to(tmp_path / "out" / "M31N")) for line in out.splitlines()]
    originals = ["original/M31N.csv", "original/M31N.spectrum.csv"]
    assert written == ["source.json", "photometry.csv", "spectrum_0.csv", *originals]
    assert [(tmp_path / "out" / "M31N" / name).read_bytes() for name in originals] == [
        one.read_bytes() for one in files
    ]
    rows = [line.split(",") for line in (tmp_path / "out" / "M31N" / "photometry.csv").read_text().splitlines()]
    columns = {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}
    assert columns["mjd"] == ["59000.5", "59001.5", "59002.5"]
    assert (columns["mag"][:2], columns["magerr"][:2], columns["limiting_mag"][:2]) == (
        ["19.5", ""],
        ["0.1", ""],
        ["20.5", "20.1"],
    )
    assert "4000.5,1.25,0.5\n4001.75,,0.5\n" in (tmp_path / "out" / "M31N" / "spectrum_0.csv").read_text()

    before = photometry(get, "M31N"), get("/api/sources/M31N/spectra")["spectra"]
    assert command("import", tmp_path / "out" / "M31N")[::2] == (0, "")
    assert (photometry(get, "M31N"), get("/api/sources/M31N/spectra")["spectra"]) == before

    for one in (tmp_path / "out" / "M31N").glob("*.*"):
        one.write_text(one.read_text().replace("M31N", "M31N-copy"))
    assert command("import", tmp_path / "out" / "M31N")[::2] == (0, "")
    copy = get("/api/sources/M31N-copy")
    assert (copy["ra"], copy["dec"], copy["redshift"]) == (10.5, 41.25, 0.01)
    same = [{**point, "obj_id": "M31N"} for point in photometry(get, "M31N-copy")]
    assert same == [{**point, "limiting_mag": pytest.approx(point["limiting_mag"], abs=1e-9)} for point in before[0]]
    [spectrum] = get("/api/sources/M31N-copy/spectra")["spectra"]
    assert (spectrum["fluxes"], spectrum["observed_at"]) == (before[1][0]["fluxes"], before[1][0]["observed_at"])


def test_more_rows_than_a_call_takes_are_sent_in_parts_and_the_file_is_kept_whole(command, get, tmp_path):
    rows = "".join(f"{58500 + number / 1000} {100 + number % 97} 9.5 1 o\n" for number in range(2_050))
    path = file(tmp_path, "long.txt", "###MJD uJy duJy err F\n" + rows)
    assert command("import", path, "--ra", 1, "--dec", 2)[::2] == (0, "")
    points = photometry(get, "long")
    assert (len(points), {point["instrument_name"] for point in points}) == (2_050, {"ATLAS"})
    assert command("import", path)[::2] == (0, "")
    assert photometry(get, "long") == points
    assert exported(command, tmp_path, "long") == {"long.txt": path.read_bytes()}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_a_file_of_several_objects_each_gets_its_own_lines(command, tmp_path, pack):
    text = (
        "# a survey\r\nobject,mjd,band,flux_ujy,fluxerr_ujy,origin\r\n"
        'third,59000.50,o,100,10,"two, and more"\r\nfourth,59000.5,c,50,5,one\r\n# below\r\nthird,59001.5,o,9,1,\r\n'
    )
    path = tmp_path / "survey.csv"
    path.write_bytes(pack(text.encode()))
    assert command("import", path, "--ra", 1, "--dec", 2)[::2] == (0, "")
    of_third, of_fourth = (exported(command, tmp_path, name)["survey.csv"].decode() for name in ("third", "fourth"))
    assert of_fourth == text.replace('third,59000.50,o,100,10,"two, and more"\r\n', "").replace(
        "third,59001.5,o,9,1,\r\n", ""
    )
    assert of_third == text.replace("fourth,59000.5,c,50,5,one\r\n", "")


def test_spectra_of_several_objects_become_theirs(command, get, tmp_path):
    spectra = [
        {"object": name, "observed_at": "2026-11-01", "wavelength": [4000, 4001], "flux": [flux, None]}
        for name, flux in (("fifth", 1.5), ("sixth", 2.5))
    ]
    status, _, error = command("import", file(tmp_path, "spectra.json", json.dumps(spectra)))
    assert status == 0, error
    for name, flux in (("fifth", 1.5), ("sixth", 2.5)):
        assert [one["fluxes"] for one in get(f"/api/sources/{name}/spectra")["spectra"]] == [[flux, None]]
        assert (
            f"spectra.json: what is in it of {name} was stored, the file itself is not kept: it holds several" in error
        )
        command("export", name, "--output", tmp_path / "given", "--only", "original")
        assert not (tmp_path / "given" / name).exists()


def test_a_dry_run_says_what_will_not_be_kept(command, tmp_path):
    rows = [{"object": f"dry{n}", "mjd": 59000.5, "band": "o", "flux_ujy": 9, "fluxerr_ujy": 1} for n in range(2)]
    status, _, error = command("import", file(tmp_path, "two.json", json.dumps(rows)), "--dry-run")
    assert status == 0
    assert [line.partition(": ")[2] for line in error.splitlines()] == [
        f"what is in it of dry{n} will be stored, the file itself is not kept: it holds several objects, and only "
        "tables of text can be divided."
        for n in range(2)
    ]


@pytest.mark.parametrize("kind", ["photometry", "spectrum"])
def test_a_file_that_is_larger_than_a_request_is_kept_as_it_came(command, tmp_path, kind):
    """Of 5 MB: comments, as pipelines write them, and one measurement."""
    comments = "".join(f"# step {number}: nothing to be seen, {'.' * 60}\n" for number in range(58_000))
    rows = "mjd,filter,flux_ujy,fluxerr_ujy\n59000.5,ztfr,9,1\n"
    if kind == "spectrum":
        rows = "# DATE-OBS: 2026-11-01\nwavelength,flux\n4000,1.5\n4001,2.5\n"
    path = file(tmp_path, f"large-{kind}.csv", comments + rows)
    assert path.stat().st_size > 4_500_000
    assert command("import", path, "--object", f"large-{kind}", "--ra", 1, "--dec", 2)[::2] == (0, "")
    assert exported(command, tmp_path, f"large-{kind}") == {path.name: path.read_bytes()}


def test_what_is_too_large_also_when_compressed_is_stored_and_told(command, get, tmp_path):
    noise = random.Random(1).randbytes(4_700_000).hex()
    comments = "".join(f"# {noise[start : start + 100]}\n" for start in range(0, len(noise), 100))
    path = file(tmp_path, "noise.csv", comments + "mjd,filter,flux_ujy,fluxerr_ujy\n59000.5,ztfr,9,1\n")
    status, _, error = command("import", path, "--object", "noise", "--ra", 1, "--dec", 2)
    assert (status, "MB compressed" in error) == (0, True)
    assert len(photometry(get, "noise")) == 1


@pytest.mark.parametrize(
    ("only", "names"), [("original", ["original/chosen.csv"]), ("normalised", ["source.json", "photometry.csv"])]
)
def test_the_files_that_came_or_what_is_made_of_them_may_be_left_out(command, tmp_path, only, names):
    assert command("import", file(tmp_path, "chosen.csv", MAGNITUDES))[0] == 0
    status, out, _ = command("export", "chosen", "--output", tmp_path / only, "--only", only)
    written = [str(Path(line).relative_to(tmp_path / only / "chosen")) for line in out.splitlines()]
    assert (status, written) == (0, names)


def test_two_files_of_one_name_are_both_given_back(command, tmp_path):
    for folder, text in (("first", MAGNITUDES), ("second", MAGNITUDES.replace("19.5", "19.50"))):
        (tmp_path / folder).mkdir()
        assert command("import", file(tmp_path / folder, "twice.csv", text))[0] == 0
    found = exported(command, tmp_path, "twice")
    assert sorted(found.values()) == sorted([MAGNITUDES.encode(), MAGNITUDES.replace("19.5", "19.50").encode()])


def test_no_file_is_refused_for_its_name_and_none_leaves_its_folder(command, url, tmp_path):
    names = [b"night\xff\n1.csv", "é".encode() * 100 + b".csv"]
    texts = [MAGNITUDES.replace("19.5", digits) for digits in ("19.50", "19.500")]
    for name, text in zip(names, texts, strict=True):
        path = tmp_path / os.fsdecode(name)
        path.write_text(text)
        status, _, error = command("import", path, "--object", "named", "--ra", 1, "--dec", 2)
        assert status == 0, error
    headers = {"Authorization": f"token {TOKEN}"}
    for number, name in enumerate(["../../outside.csv", "..", "é" * 255]):
        text = MAGNITUDES.replace("19.5", f"19.5000{number * '0'}")
        query = {"objID": "named", "name": name}
        answer = requests.post(f"{url}/api/photometry_file", params=query, data=text, headers=headers, timeout=20)
        assert answer.status_code == 200
    assert len(exported(command, tmp_path, "named")) == 5
    assert sorted(one.name for one in (tmp_path / "given" / "named").iterdir()) == ["original"]


def exported(command, folder, name):
    """The files that a source came in, by name."""
    assert command("export", name, "--output", folder / "given", "--only", "original")[::2] == (0, "")
    return {one.name: one.read_bytes() for one in (folder / "given" / name / "original").iterdir()}


@pytest.mark.parametrize("arguments", [("import", "missing.csv"), ("export", "no-such-source")])
def test_what_is_not_there_is_a_sentence(command, arguments):
    status, out, error = command(*arguments)
    assert (status, out) == (1, "")
    assert arguments[1].removesuffix("-source") in error
    assert "Traceback" not in error


def test_without_a_token_the_ways_to_give_one_are_named(command, tmp_path):
    status, _, error = command("import", file(tmp_path, "a.csv", MAGNITUDES), token=None)
    assert (status, "--token" in error, "SIDEROSTAT_TOKEN" in error) == (1, True, True)


def test_a_source_without_a_position_says_what_stands_in(command, get, tmp_path):
    status, _, error = command("import", file(tmp_path, "nowhere.csv", MAGNITUDES))
    assert (status, "--ra and --dec" in error) == (0, True)
    assert json.dumps([get("/api/sources/nowhere")[key] for key in ("ra", "dec")]) == "[0.0, 0.0]"
