import json

import pytest

from tests.infra.serve import ROOT, Serve

FITTER = ROOT / "examples" / "sn_fitter" / ".venv" / "bin" / "python"


@pytest.mark.skipif(not FITTER.exists(), reason="the fitter's environment is made by `make`")
def test_the_demo_fits_a_supernova_saves_what_comes_back_and_ends(tmp_path):
    output = tmp_path / "demo-output"
    stack = Serve(tmp_path / "log", "--once", "--output", str(output))
    out, error = stack.process.communicate(timeout=110)

    assert stack.process.returncode == 0, error
    assert error == ""
    assert "… completed (" in out
    assert "19dwz, z = 0.04608" in out
    for file in ("lightcurve.png", "corner.png"):
        assert (output / file).read_bytes().startswith(b"\x89PNG\r\n")
        assert file in out
    assert (output / "inference_data.nc").read_bytes().startswith(b"\x89HDF\r\n")
    results = json.loads((output / "results.json").read_text())
    for name, value in results["parameters"].items():
        [line] = [line for line in out.splitlines() if line.split()[:1] == [name]]
        assert float(line.split()[1]) == pytest.approx(value, abs=results["errors"][name])
    assert results["chisq"] < 2 * results["ndof"]
