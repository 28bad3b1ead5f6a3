import io
import os
import stat
import tarfile
import time

import pytest

from infra.local.aws.kept import folder
from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.command import refused, run
from tests.infra.kept.ledger import Ledger, Load, compare, create


def test_a_copy_made_under_load_holds_what_was_answered_before(tmp_path):
    ledger = Ledger()
    data, copy, to = tmp_path / "data", tmp_path / "copy", tmp_path / "file"
    with KeptAws(data) as aws:
        create(aws)
        with Load(aws, ledger):
            time.sleep(1.5)
            before = ledger.copy()
            made = run("backup", "--data", data, "--to", to)
            after = dict(ledger.unanswered_counts), dict(ledger.counts)
    assert (made.returncode, made.stderr) == (0, "")
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir() if path.name.startswith("backup-")] == []
    assert run("restore", "--from", to, "--data", copy).returncode == 0

    before.unanswered_counts = {name: after[0][name] + count for name, count in after[1].items()}
    with KeptAws(copy) as aws:
        compare(aws, before)
    assert before.answers > 0


def test_it_works_on_what_is_not_served_and_after_a_kill(tmp_path):
    data, copy, to = tmp_path / "data", tmp_path / "copy", tmp_path / "file"
    with KeptAws(data) as aws:
        aws.client("s3").create_bucket(Bucket="bucket")
        aws.client("s3").put_object(Bucket="bucket", Key="key", Body=b"content")
        aws.kill()
    assert run("backup", "--data", data, "--to", to).returncode == 0
    assert run("restore", "--from", to, "--data", copy).returncode == 0

    with KeptAws(copy) as aws:
        assert aws.client("s3").get_object(Bucket="bucket", Key="key")["Body"].read() == b"content"


@pytest.fixture
def installation(tmp_path):
    data = tmp_path / "data"
    taken = folder.take(data)
    folder.admin_token(taken, None, "token")
    os.close(taken.lock)
    return data


def test_what_cannot_be_is_one_line(installation, tmp_path):
    to = tmp_path / "file"
    assert run("backup", "--data", installation, "--to", to).returncode == 0
    (tmp_path / "torn").write_bytes(to.read_bytes()[:5000])
    (tmp_path / "other").write_text("nothing")

    assert "not empty" in refused("restore", "--from", to, "--data", installation)[1]
    assert "not a folder" in refused("restore", "--from", to, "--data", to)[1]
    assert refused("restore", "--from", tmp_path / "torn", "--data", tmp_path / "new")[0] == 1
    assert refused("restore", "--from", tmp_path / "other", "--data", tmp_path / "new")[0] == 1
    assert refused("restore", "--from", tmp_path / "missing", "--data", tmp_path / "new")[0] == 1
    assert not (tmp_path / "new").exists()
    assert "no installation" in refused("backup", "--data", tmp_path / "new", "--to", to)[1]
    assert "cannot be written" in refused("backup", "--data", installation, "--to", "/proc/file")[1]
    assert refused("backup", "--data", installation)[0] == 2
    (installation / "siderostat.db").write_bytes(b"\x55" * 50_000)
    assert "damaged" in refused("backup", "--data", installation, "--to", tmp_path / "second")[1]
    assert not (tmp_path / "second").exists()


def test_what_is_no_backup_of_ours_leaves_nothing(installation, tmp_path):
    database = (installation / "siderostat.db").read_bytes()
    files = {"version": b"1\n", "siderostat.db": database}
    for number, (changed, said) in enumerate(
        (
            ({"../../elsewhere": b"x"}, "is no backup"),
            ({str(tmp_path / "elsewhere"): b"x"}, "is no backup"),
            ({"objects/00/../../lock": b"x"}, "is no backup"),
            ({"siderostat.db": b"\x55" * 50_000}, "damaged"),
            ({"siderostat.db": database[:9000]}, "damaged"),
            ({"version": b"2026"}, "newer version"),
            ({"version": b"two"}, "is no backup"),
        )
    ):
        source, data = tmp_path / f"backup-{number}", tmp_path / f"data-{number}"
        with tarfile.open(source, "w") as archive:
            for name, content in (files | changed).items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        status, told = refused("restore", "--from", source, "--data", data)
        assert (status, said in told) == (1, True), told
        assert not data.exists()
    assert not (tmp_path / "elsewhere").exists()
