"""A module that is imported when something of it is first asked for."""

import sys

import pytest

from chalicelib.http.late import Late


@pytest.fixture
def late(tmp_path, monkeypatch):
    (tmp_path / "told_late.py").write_text("NUMBER = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield Late("told_late")
    sys.modules.pop("told_late", None)


def test_a_module_is_imported_when_it_is_asked_for_something(late):
    assert "told_late" not in sys.modules

    assert late.NUMBER == 7
    assert "told_late" in sys.modules


def test_what_it_does_not_have_is_an_error_that_names_it(late):
    with pytest.raises(AttributeError, match=r"told_late.*WORD"):
        _ = late.WORD
