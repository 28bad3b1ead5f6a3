"""What lies in the packages: binaries that can be loaded, compiled modules, nothing superfluous, the same bytes."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import botocore.session
import numpy as np
import pytest
from botocore.loaders import Loader

from infra.package import archive, compiling, slimming, symbols
from infra.package.errors import PackagingFailed
from infra.package.runtime import ARCHITECTURES, GLIBC, MAGIC_NUMBER

BINARY = Path(next(Path(np.__file__).parent.glob("_core/_multiarray_umath*.so")))
OURS = ARCHITECTURES["x86_64" if os.uname().machine == "x86_64" else "arm64"]
OTHER = next(each for each in ARCHITECTURES.values() if each is not OURS)

needs_the_runtimes_python = pytest.mark.skipif("compiling.interpreter() is None", reason="Python 3.13 is not here")
"""As text, which is looked into only where such a test runs: to look for Pythons starts some."""


def test_what_the_runtime_can_load_is_taken(tmp_path):
    shutil.copy(BINARY, tmp_path)

    symbols.check(tmp_path, OURS)


def test_a_binary_that_needs_a_newer_c_library_is_refused_whatever_it_is_called(tmp_path):
    content = BINARY.read_bytes()
    assert b"GLIBC_2.17\0" in content or b"GLIBC_2.14\0" in content
    file = tmp_path / "package" / "manylinux2014.so"
    file.parent.mkdir()
    file.write_bytes(content.replace(b"GLIBC_2.17\0", b"GLIBC_2.99\0").replace(b"GLIBC_2.14\0", b"GLIBC_2.99\0"))

    with pytest.raises(PackagingFailed, match=r"package/manylinux2014.so needs glibc 2\.99.*has 2\.34"):
        symbols.check(tmp_path, OURS)


def test_a_binary_for_another_processor_is_refused(tmp_path):
    shutil.copy(BINARY, tmp_path)

    with pytest.raises(PackagingFailed, match=f"not for {OTHER.name}"):
        symbols.check(tmp_path, OTHER)


def test_a_damaged_binary_is_refused(tmp_path):
    (tmp_path / "x.so").write_bytes(b"\x7fELF" + bytes(100))

    with pytest.raises(PackagingFailed, match=r"x\.so"):
        symbols.check(tmp_path, OURS)


def test_wheels_are_asked_for_up_to_the_runtimes_c_library():
    for architecture in ARCHITECTURES.values():
        assert architecture.platforms[0] == f"manylinux_{GLIBC[0]}_{GLIBC[1]}_{architecture.machine}"
        assert f"manylinux2014_{architecture.machine}" in architecture.platforms


def laid(folder, *files):
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def test_tests_and_tools_and_descriptions_of_unused_services_go_and_the_rest_stays(tmp_path):
    kept = ["numpy/testing/overrides.py", "astropy/tests/runner.py", "botocore/data/s3/2006-03-01/paginators-1.json"]
    kept += [
        "botocore/data/partitions.json",
        "botocore/loaders.py",
        "numpy-2.dist-info/METADATA",
        "urllib3/contrib/wheel/a.py",
    ]
    gone = ["numpy/tests/test_a.py", "numpy-2.dist-info/RECORD", "pip/__init__.py", "setuptools/a.py", "bin/f2py"]
    gone += ["botocore/data/ec2/2016-11-15/service-2.json.gz", "botocore/data/s3/2006-03-01/examples-1.json", "a/b.pyi"]
    slimming.slim(laid(tmp_path, *kept, *gone))

    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()} == set(kept)


def test_descriptions_are_kept_without_their_documentation_and_make_the_same_requests(tmp_path):
    data = tmp_path / "botocore" / "data"
    for service in ("s3", "sqs", "dynamodb"):
        shutil.copytree(Path(botocore.__file__).parent / "data" / service, data / service)
    slimming.slim(tmp_path)
    credentials = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}

    def client(service, folders):
        session = botocore.session.Session()
        session.set_credentials("a", "b")
        loader = Loader(extra_search_paths=folders, include_default_search_paths=False)
        session.register_component("data_loader", loader)
        return session.create_client(service, **credentials)

    whole = [str(Path(botocore.__file__).parent / "data")]
    for name in ("endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json"):
        shutil.copy(Path(whole[0]) / name, data)
    assert not list(data.rglob("*.json.gz"))
    assert not re.search(r'"documentation":"[^"]', "".join(file.read_text() for file in data.rglob("service-2.json")))
    for service in ("s3", "sqs", "dynamodb"):
        slim, full = client(service, [str(data)]), client(service, whole)
        assert slim.meta.service_model.operation_names == full.meta.service_model.operation_names
        assert slim.meta.endpoint_url == full.meta.endpoint_url
    url = {"Params": {"Bucket": "b", "Key": "k"}, "ExpiresIn": 60}
    signed = {
        urlsplit(client("s3", place).generate_presigned_url("get_object", **url))[:3] for place in (whole, [str(data)])
    }
    assert len(signed) == 1


def test_a_client_of_each_service_is_described_in_what_is_kept():
    """The names in aws.py and in what PynamoDB makes: a service that is not kept could not be called."""
    source = (Path(__file__).parents[2] / "chalicelib" / "aws.py").read_text()
    used = set(re.findall(r'clients\.client\("([a-z0-9]+)"', source))

    assert used | {"dynamodb", "sts"} == slimming.AWS_SERVICES


@needs_the_runtimes_python
def test_compiled_modules_are_the_runtimes_and_never_look_at_their_sources(tmp_path):
    laid(tmp_path, "package/__init__.py", "app.py")
    (tmp_path / "package" / "old.py").write_text("print 'of another Python'")

    assert compiling.compile_modules(tmp_path)
    compiled = sorted(tmp_path.rglob("*.pyc"))
    assert [file.name for file in compiled] == ["app.cpython-313.pyc", "__init__.cpython-313.pyc"]
    for file in compiled:
        assert file.read_bytes()[:8] == MAGIC_NUMBER + (1).to_bytes(4, "little")


def test_without_the_runtimes_python_nothing_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "_candidates", lambda: iter(["/nowhere/python3.13", "/bin/false", sys.executable]))
    monkeypatch.setattr(compiling, "MAGIC_NUMBER", b"none")
    laid(tmp_path, "app.py")

    assert not compiling.compile_modules(tmp_path)
    assert not list(tmp_path.rglob("*.pyc"))


@needs_the_runtimes_python
def test_the_same_code_makes_the_same_bytes_on_any_path_and_under_any_umask(tmp_path):
    packed = []
    for place, umask in (("one", 0o022), ("another place", 0o077)):
        folder = tmp_path / place / "code"
        folder.parent.mkdir()
        script = f'umask {umask:o}; cp -r "$1" "$2"; rm -rf "$2/__pycache__"'
        subprocess.run(("sh", "-c", script, "-", Path(archive.__file__).parent, folder), check=True)
        (folder / "set.py").write_text("KNOWN = {'a', 'b', 'c', 'd'}\nprint('a' in {'x', 'y', 'z', 'a'})\n")
        assert compiling.compile_modules(folder)
        archive.write(folder, tmp_path / f"{place}.zip")
        packed.append((tmp_path / f"{place}.zip").read_bytes())

    assert packed[0] == packed[1]
    with zipfile.ZipFile(tmp_path / "one.zip") as content:
        names = content.namelist()
        assert names == sorted(set(names))
        assert {entry.date_time for entry in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in content.infolist()} == {0o100644}
