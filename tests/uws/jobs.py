"""UWS as its clients see it: documents are held to vo-models' transcription of its schema, and to pyvo's reader."""

import io
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import create_model
from pyvo.io.uws import parse_job, parse_job_list
from vo_models.uws.models import Jobs as JobList
from vo_models.uws.models import JobSummary, MultiValuedParameter, Parameters, Results

from chalicelib.settings import settings
from tests.support.api import Answer, Api
from tests.support.scene import Scene

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAMES = ("OBJ", "source", "fix_z", "iterations", "note")
Given = create_model("Given", __base__=Parameters, **dict.fromkeys(NAMES, (MultiValuedParameter | None, None)))


@dataclass(frozen=True)
class Jobs:
    """The jobs of a caller for the service of a scene."""

    scene: Scene
    api: Api

    @property
    def path(self) -> str:
        return f"/api/uws/{self.scene.service_id}"

    def post(self, path: str = "", headers=FORM, **fields) -> Answer:
        return self.api.post(self.path + path, raw=urlencode(fields, doseq=True).encode(), headers=headers)

    def make(self, **fields) -> int:
        return job_id(self.post(**{"OBJ": self.scene.obj_id, **fields}))

    def text(self, path: str) -> str:
        answer = self.api.get(self.path + path)
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"].startswith("text/plain")
        return answer.body.decode()

    def phase(self, job: int) -> str:
        return self.text(f"/{job}/phase")

    def document(self, job: int, **query):
        """A job as the schema's models read it."""
        answer = self.api.get(f"{self.path}/{job}", **query)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8"), answer.body
        read = parse_job(io.BytesIO(answer.body).read)
        found = JobSummary[Given].from_xml(answer.body)
        assert (read.version, read.jobid, read.phase) == ("1.1", found.job_id, found.phase.value)
        return found

    def list(self, query: str = "") -> list:
        answer = self.api.get(f"{self.path}{query}")
        assert answer.status == 200, answer.body
        listed = JobList.from_xml(answer.body)
        assert listed.version.value == "1.1"
        assert [one.phase for one in parse_job_list(io.BytesIO(answer.body).read)] == [
            one.phase.value for one in listed.jobref
        ]
        return listed.jobref

    def results(self, job: int) -> dict[str, str]:
        answer = self.api.get(f"{self.path}/{job}/results")
        return {one.id: one.href for one in Results.from_xml(answer.body).results}


def job_id(answer: Answer) -> int:
    """The job that a 303 leads to."""
    assert answer.status == 303, answer.body
    found = re.fullmatch(rf"{re.escape(settings().public_url)}/api/uws/\d+/(\d+)", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return int(found[1])
