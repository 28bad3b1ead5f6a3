import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from chalicelib.settings import VERSION

ROOT = Path(__file__).parents[2]
SERVICE = Path(__file__).with_name("obedient.py")


def light_curve(folder, text):
    file = folder / "ZTF21aaqjmps.csv"
    file.write_text(text)
    return file


def test_an_analysis_runs_on_a_csv_file_and_saves_what_it_found(run, tmp_path, inputs):
    out = run(SERVICE, "run", light_curve(tmp_path, inputs()["photometry"]), "--output", tmp_path / "found")
    assert out.startswith("success: done")
    assert json.loads((tmp_path / "found" / "results.json").read_text()) == {"points": 4}
    assert (tmp_path / "found" / "inference_data.nc").read_bytes().startswith(b"\x89HDF")


def test_a_csv_with_few_columns_will_do(run, tmp_path):
    file = light_curve(tmp_path, "mjd,mag,magerr,filter\n59000.5,19.0,0.1,ztfg\n")
    out = run(SERVICE, "run", file, "-p", "do=look", "--redshift", "0.5")
    found = json.loads(out.partition("\n")[2])
    assert (found["detections"], found["redshift"]) == (1, 0.5)


def test_a_failure_ends_with_status_1_and_its_message(run, tmp_path, inputs):
    file = light_curve(tmp_path, inputs()["photometry"])
    assert run(SERVICE, "run", file, "-p", "do=refuse", status=1) == "failure: There is no redshift: set one.\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff\xfe\x00", "cannot be read: it is not text"),
        (b"time,band,mag\n1,g,19\n", "has no column mjd, filter; it has time, band, mag."),
        (b"MJD,filter\n1,g\n", "has no column mjd, mag or flux"),
        (b"", "has no column mjd, filter, mag or flux"),
    ],
)
def test_a_file_of_no_use_is_told_in_a_line(run, tmp_path, text, words):
    file = tmp_path / "mine.csv"
    if text is not None:
        file.write_bytes(text)
    out = run(SERVICE, "run", file, status=2)
    assert words in out
    assert len(out.splitlines()) == 1


def test_what_returns_no_result_is_told_so(run, tmp_path, inputs):
    script = tmp_path / "mine.py"
    script.write_text(
        "from siderostat_service import analysis\n\n@analysis()\ndef mine(source):\n    return {}\n\n"
        "if __name__ == '__main__':\n    mine.main()\n"
    )
    out = run(script, "run", light_curve(tmp_path, inputs()["photometry"]), status=1)
    assert "failure: mine must return a Result, and returned dict." in out


def test_the_description_registers_the_service(run):
    body = json.loads(run(SERVICE, "describe", "--url", "https://fit.example/analysis"))
    assert (body["name"], body["url"], body["timeout"]) == ("obedient", "https://fit.example/analysis", 60)
    assert body["optional_analysis_parameters"]["wait"] == {"type": "number"}


def test_the_package_installs_with_nothing_of_siderostat(run, tmp_path):
    shutil.copytree(ROOT / "kit", tmp_path / "kit", ignore=shutil.ignore_patterns(".venv"))
    run(
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        tmp_path / "site",
        tmp_path / "kit",
    )
    code = "import siderostat_service, sys; print(siderostat_service.__file__, 'chalicelib' in sys.modules)"
    python = ROOT / "kit" / ".venv" / "bin" / "python"
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [python, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(tmp_path / "site" / "siderostat_service" / "__init__.py"), "False"], done.stderr


def test_every_package_has_the_version_of_the_product():
    for file in ("pyproject.toml", "kit/pyproject.toml"):
        assert tomllib.loads((ROOT / file).read_text())["project"]["version"] == VERSION
