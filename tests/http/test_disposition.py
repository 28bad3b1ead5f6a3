"""File names of others in a header."""

import pytest

from chalicelib.http.disposition import disposition


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("chart.png", "chart.png", "chart.png"),
        ("a b (1).txt", "a b (1).txt", "a%20b%20%281%29.txt"),
        ("später.txt", "spater.txt", "sp%C3%A4ter.txt"),
        ("星.fits", "fits", "%E6%98%9F.fits"),
        ('a"; filename="b.exe', "a__ filename__b.exe", "a_%3B%20filename%3D_b.exe"),
        ("../../etc/passwd", "_.._etc_passwd", ".._.._etc_passwd"),
        ("a\\b\r\nSet-Cookie: x", "a_b__Set-Cookie_ x", "a_b__Set-Cookie%3A%20x"),
        ("...", "file", "..."),
        ("", "file", ""),
    ],
)
def test_no_name_leaves_its_place(name, plain, whole):
    header = disposition(name)["Content-Disposition"]

    assert header == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    assert header.isascii()
    assert header.isprintable()


def test_what_is_shown_is_inline():
    assert disposition("a.png", inline=True)["Content-Disposition"].startswith('inline; filename="a.png"')
