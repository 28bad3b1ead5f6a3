import io
import zlib

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.netcdf import hdf5_file
from chalicelib.products.netcdf.inference_data import choose_from_inference_data, read_inference_data
from chalicelib.products.selection import Wanted
from tests.support.netcdf import columns_of

PROFILE = settings.get_profile("products")


@pytest.fixture
def sent(base64_of):
    return lambda data: {"format": "netcdf4", "data": base64_of(data)}


def test_a_sound_file_is_stored_as_it_was_sent(netcdf, sent):
    data = netcdf()

    product = read_inference_data(sent(data))

    assert (product.name, product.file, product.content_type) == (
        "inference_data",
        "inference_data.nc",
        "application/x-netcdf",
    )
    assert product.data == data


def test_the_chains_of_each_parameter_are_joined(netcdf):
    t0, x1 = np.arange(200.0).reshape(2, 100), np.arange(200).reshape(2, 100)

    posterior = columns_of(netcdf({"t0": t0, "x1": x1}))

    assert list(posterior) == ["t0", "x1"]
    assert posterior["t0"].tolist() == t0.ravel().tolist()
    assert posterior["x1"].dtype == np.float64


def test_a_variable_with_more_dimensions_is_one_column_for_each_element(netcdf):
    theta = np.arange(600.0).reshape(2, 100, 3)

    posterior = columns_of(netcdf({"theta": theta}))

    assert list(posterior) == ["theta[0]", "theta[1]", "theta[2]"]
    assert posterior["theta[1]"].tolist() == theta[:, :, 1].ravel().tolist()


def test_dimensions_are_told_by_their_names_not_by_their_order(netcdf):
    values = np.arange(600.0).reshape(3, 100, 2)

    def swap(file):
        group = file["posterior"]
        variable = group.create_dataset("theta", data=values)
        for axis, name in enumerate(("dim_0", "draw", "chain")):
            variable.dims[axis].attach_scale(group[name])

    posterior = columns_of(netcdf({"t0": np.zeros((2, 100))}, swap))

    assert posterior["theta[2]"].tolist() == values[2].T.ravel().tolist()


def test_a_file_without_dimension_scales_has_its_samples_first():
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["posterior/chain"] = np.arange(2)
        file["posterior/mu"] = np.arange(200.0).reshape(2, 100)
        file["posterior/flat"] = np.arange(200.0)
        file["posterior/names"] = np.array([b"a", b"b"])

    posterior = columns_of(stream.getvalue())

    assert {name: len(values) for name, values in posterior.items()} == {"flat": 200, "mu": 200}


@pytest.mark.filterwarnings("ignore")  # arviz announces its next version on import
@pytest.mark.parametrize("engine", ["h5netcdf"])
def test_a_file_that_arviz_wrote_is_read_whole(tmp_path, sent, engine):
    import arviz

    samples = {"mu": np.arange(400.0).reshape(4, 100), "theta": np.arange(1200.0).reshape(4, 100, 3)}
    data = arviz.from_dict(posterior=samples, sample_stats={"lp": np.zeros((4, 100))})
    data.to_netcdf(str(tmp_path / "a.nc"), engine=engine)
    content = (tmp_path / "a.nc").read_bytes()

    posterior = columns_of(content)

    assert list(posterior) == ["mu", "theta[0]", "theta[1]", "theta[2]"]
    assert posterior["mu"].tolist() == samples["mu"].ravel().tolist()
    assert posterior["theta[2]"].tolist() == samples["theta"][:, :, 2].ravel().tolist()
    assert read_inference_data(sent(content)).data == content


def test_a_data_tree_as_arviz_1_writes_it_is_read_whole(tmp_path, sent):
    """arviz 1.x keeps inference data in xarray's DataTree, whose groups may share the coordinates of the root."""
    import xarray

    samples = {"mu": np.arange(400.0).reshape(4, 100), "theta": np.arange(1200.0).reshape(4, 100, 3)}
    dimensions = {"mu": ("chain", "draw"), "theta": ("chain", "draw", "theta_dim_0")}
    variables = {name: (dimensions[name], values) for name, values in samples.items()}
    shared = {"chain": np.arange(4), "draw": np.arange(100)}
    groups = {
        "/": xarray.Dataset(coords=shared, attrs={"creation_library": "ArviZ", "creation_library_version": "1.3.0"}),
        "/posterior": xarray.Dataset(variables, coords={"theta_dim_0": np.arange(3)}),
        "/sample_stats": xarray.Dataset({"diverging": (("chain", "draw"), np.zeros((4, 100), bool))}),
    }
    xarray.DataTree.from_dict(groups).to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    content = (tmp_path / "b.nc").read_bytes()

    posterior = columns_of(content)

    assert "posterior/chain" not in h5py.File(io.BytesIO(content))
    assert list(posterior) == ["mu", "theta[0]", "theta[1]", "theta[2]"]
    assert posterior["mu"].tolist() == samples["mu"].ravel().tolist()
    assert posterior["theta[2]"].tolist() == samples["theta"][:, :, 2].ravel().tolist()
    assert read_inference_data(sent(content)).data == content


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "gzip"},
        {"compression": "gzip", "shuffle": True, "fletcher32": True},
        {"compression": "lzf", "shuffle": True, "fletcher32": True},
    ],
)
def test_the_usual_filters_are_read(options):
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_dataset("posterior/mu", data=np.arange(200.0).reshape(2, 100), chunks=True, **options)

    assert columns_of(stream.getvalue())["mu"].tolist() == np.arange(200.0).tolist()


def external_link(file):
    file["posterior/mu"] = h5py.ExternalLink("/etc/hostname", "/x")


def soft_link(file):
    file["posterior/mu"] = h5py.SoftLink("/posterior/t0")


def dangling_link(file):
    file["other"] = h5py.SoftLink("/nowhere")


def external_storage(file):
    file.create_dataset("posterior/mu", (10,), dtype="u1", external=[("/etc/hostname", 0, 10)])


def virtual(file):
    layout = h5py.VirtualLayout((10,), dtype="f8")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (10,))
    file.create_virtual_dataset("posterior/mu", layout)


def scale_offset(file):
    file.create_dataset("posterior/mu", data=np.arange(100), chunks=(50,), scaleoffset=0)


def huge(file):
    file.create_dataset("posterior/mu", (10**6, 10**6), dtype="f8", chunks=(100, 100))


def huge_elsewhere(file):
    file.create_dataset("log_likelihood/a/b", (10**6, 10**6), dtype="f8", chunks=(100, 100))


def huge_chunks(file):
    file.create_dataset("posterior/mu", (9000, 1000), dtype="f8", chunks=(9000, 1000))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (external_link, "not a hard one"),
        (soft_link, "not a hard one"),
        (dangling_link, "not a hard one"),
        (external_storage, "outside of the file"),
        (virtual, "outside of the file"),
        (scale_offset, "compressed in a way"),
        (huge, "larger than 256 MB"),
        (huge_elsewhere, "larger than 256 MB"),
        (huge_chunks, "chunks larger than 64 MB"),
    ],
)
def test_a_file_that_reaches_out_or_claims_absurd_sizes_is_refused(netcdf, change, message):
    with pytest.raises(Unreadable, match=message):
        columns_of(netcdf(change=change))


@pytest.mark.parametrize("filter_mask", [0, 1], ids=["all filters", "without the first"])
def test_a_chunk_that_inflates_beyond_its_declared_size_is_refused_before_it_does(netcdf, filter_mask):
    def bomb(file):
        variable = file.create_dataset(
            "posterior/mu", (2, 100), dtype="f8", chunks=(2, 100), shuffle=True, compression="gzip"
        )
        for axis, name in enumerate(("chain", "draw")):
            variable.dims[axis].attach_scale(file[f"posterior/{name}"])
        variable.id.write_direct_chunk((0, 0), zlib.compress(bytes(50_000_000), 9), filter_mask)

    data = netcdf(change=bomb)
    assert len(data) < 1_000_000

    with pytest.raises(Unreadable, match="mu is larger than it declares"):
        columns_of(data)


def test_a_circle_of_groups_is_walked_once(netcdf):
    def circle(file):
        file["posterior/parent"] = file["/"]

    assert list(columns_of(netcdf(change=circle))) == ["t0", "x1"]


def test_more_objects_than_the_limit_are_refused(netcdf, monkeypatch):
    monkeypatch.setattr(hdf5_file, "MAX_OBJECTS", 5)

    with pytest.raises(Unreadable, match="more than 5 objects"):
        columns_of(netcdf())


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_a_file_that_is_cut_off_is_refused(netcdf, part):
    data = netcdf()

    with pytest.raises(Unreadable, match="cut off or damaged"):
        columns_of(data[: int(len(data) * part)])


def test_a_file_without_a_posterior_is_refused():
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["prior/mu"] = np.zeros((2, 3))

    with pytest.raises(Unreadable, match="no posterior group"):
        columns_of(stream.getvalue())


def test_a_posterior_without_samples_is_refused():
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["posterior/names"] = np.array([b"a", b"b"])

    with pytest.raises(Unreadable, match="holds no samples"):
        columns_of(stream.getvalue())


@pytest.mark.parametrize(
    ("inference_data", "message"),
    [
        ({"format": "netcdf4", "data": "Q0RGAQAAAAA="}, "not a netCDF-4"),
        ({"format": "zarr", "data": ""}, "not a netCDF-4"),
        ({"format": "netcdf4", "data": "?"}, "not valid base64"),
        ({"format": "netcdf4"}, "missing"),
        ("text", "not an object"),
    ],
)
def test_what_is_no_file_is_refused(inference_data, message):
    with pytest.raises(Unreadable, match=message):
        read_inference_data(inference_data)


@settings(PROFILE, max_examples=15)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(data, sound_file, base64_of):
    broken = bytearray(sound_file)
    for position in data.draw(st.lists(st.integers(8, len(broken) - 1), min_size=1, max_size=10)):
        broken[position] = data.draw(st.integers(0, 255))
    refusal, chosen = "", None
    try:
        chosen = choose_from_inference_data({"data": base64_of(bytes(broken))}, Wanted())
    except Unreadable as error:
        refusal = str(error)

    assert chosen or refusal.endswith(".")


def test_what_is_drawn_comes_from_its_reader_as_it_is_in_the_file(netcdf, sent):
    def describe(file):
        file["posterior/theta"].attrs["long_name"] = "$\\theta$"

    variables = {"theta": np.arange(600.0).reshape(2, 100, 3), "nan ü": np.full((2, 100), np.nan)}
    data = netcdf(variables, describe)

    chosen = choose_from_inference_data(sent(data), Wanted())

    elements = ["theta[0]", "theta[1]", "theta[2]"]
    assert list(chosen.columns) == elements
    assert all(np.array_equal(chosen.columns[name], columns_of(data)[name]) for name in elements)
    assert chosen.facts.names == ("nan ü", *elements)
    assert chosen.facts.labels == {f"theta[{index}]": f"$\\theta$[{index}]" for index in range(3)}
    assert (chosen.facts.draws, chosen.facts.left_out, chosen.facts.unequal) == (200, 0, ())


def test_only_what_was_asked_for_comes_from_its_reader(netcdf, sent):
    data = netcdf({"a": np.arange(600.0).reshape(2, 100, 3), "b": np.arange(200.0).reshape(2, 100)})

    assert list(choose_from_inference_data(sent(data), Wanted(("b", "a[1]"))).columns) == ["b", "a[1]"]
    assert list(choose_from_inference_data(sent(data), Wanted(("a",))).columns) == ["a[0]", "a[1]", "a[2]"]
    with pytest.raises(BadArguments, match=r"^var_names: 'c' is no parameter of the posterior; it has a\[0\], a\[1\]"):
        choose_from_inference_data(sent(data), Wanted(("c",)))


@pytest.mark.parametrize(
    ("attribute", "label"),
    [
        ({"latex_label": "$\\mathcal{M}$", "long_name": "$M$"}, "$\\mathcal{M}$"),
        ({"long_name": np.bytes_(b"$t_0$")}, "$t_0$"),
        ({"long_name": "chirp mass", "label": "$m$"}, "$m$"),
        ({"long_name": "chirp mass"}, None),
        ({"long_name": 5.0, "label": np.zeros(3)}, None),
        ({"long_name": "$" + "x" * 2000 + "$"}, None),
    ],
    ids=str,
)
def test_a_label_in_tex_is_found_where_the_service_gave_one(netcdf, sent, attribute, label):
    data = netcdf(change=lambda file: file["posterior/x1"].attrs.update(attribute))

    labels = choose_from_inference_data(sent(data), Wanted()).facts.labels
    assert labels == ({} if label is None else {"x1": label})


@pytest.mark.parametrize("declared", [{}, {"format": None}, {"format": "hdf5"}, {"format": "zarr"}, {"format": 4}])
def test_the_declared_format_of_a_file_is_a_hint(netcdf, base64_of, declared):
    data = netcdf()

    assert read_inference_data({**declared, "data": base64_of(data)}).data == data


def test_a_refusal_comes_from_its_reader_as_a_sentence(netcdf, sent):
    with pytest.raises(Unreadable, match=r"^The file holds a link that is not a hard one \(mu\)\.$"):
        read_inference_data(sent(netcdf(change=external_link)))
