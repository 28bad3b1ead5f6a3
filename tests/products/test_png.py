"""PNG files of pixels, as Pillow reads them."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.support.late import Late

png = Late("chalicelib.products.corner.png")


def written(pixels, resolution=100.0):
    file = png.PngFile(resolution)
    file.write(memoryview(pixels))
    return file.getvalue()


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (63, 2), (64, 5), (65, 4), (129, 129)], ids=str)
def test_pixels_are_read_as_they_were_written(shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 4), dtype=np.uint8)

    data = written(pixels)

    Image.open(io.BytesIO(data)).verify()  # the sums of its chunks
    read = Image.open(io.BytesIO(data))
    assert read.mode == "RGBA"
    assert np.array_equal(np.asarray(read), pixels)


def test_the_resolution_and_the_software_stand_in_it():
    read = Image.open(io.BytesIO(written(np.zeros((3, 4, 4), dtype=np.uint8), resolution=72.0)))

    assert read.info["dpi"] == pytest.approx((72.0, 72.0), abs=0.02)
    assert read.info["Software"].startswith("Matplotlib")


def test_rows_that_are_alike_take_no_room():
    row = np.random.default_rng(2).integers(0, 256, (1, 1000, 4), dtype=np.uint8)

    assert len(written(np.repeat(row, 500, axis=0))) < 20_000
