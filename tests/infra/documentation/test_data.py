"""Data that others measured: whose they are stands beside them."""

import pytest

from infra.documentation.__main__ import ROOT

FOLDERS = ("infra/local/demo/data", "infra/check_service/data", "tests/examples/data", "tests/periodograms/data")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_data_is_named_beside_it_with_whose_it_is(folder):
    files = [file for file in (ROOT / folder).iterdir() if file.suffix == ".csv"]
    text = (ROOT / folder / "README.md").read_text()
    assert files
    assert [file.name for file in files if f"`{file.name}`" not in text] == []
    assert any(word in text for word in ("License", "public"))
