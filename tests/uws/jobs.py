"""UWS as its clients see it: documents are held to vo-models' transcription of its schema, and to pyvo's reader."""

import io
import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from pydantic import create_model

from chalicelib.settings import settings
from tests.support.api import Answer, Api
from tests.support.late import Late
from tests.support.scene import Scene

uws = Late("pyvo.io.uws")
models = Late("vo_models.uws.models")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAMES = ("OBJ", "source", "fix_z", "iterations", "note")


@cache
def summary():
    """The schema's model of a job that takes parameters of these names."""
    fields = dict.fromkeys(NAMES, (models.MultiValuedParameter | None, None))
    return models.JobSummary[create_model("Given", __base__=models.Parameters, **fields)]


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
        read = uws.parse_job(io.BytesIO(answer.body).read)
        found = summary().from_xml(answer.body)
        assert (read.version, read.jobid, read.phase) == ("1.1", found.job_id, found.phase.value)
        return found

    def list(self, query: str = "") -> list:
        answer = self.api.get(f"{self.path}{query}")
        assert answer.status == 200, answer.body
        listed = models.Jobs.from_xml(answer.body)
        assert listed.version.value == "1.1"
        assert [one.phase for one in uws.parse_job_list(io.BytesIO(answer.body).read)] == [
            one.phase.value for one in listed.jobref
        ]
        return listed.jobref

    def results(self, job: int) -> dict[str, str]:
        answer = self.api.get(f"{self.path}/{job}/results")
        return {one.id: one.href for one in models.Results.from_xml(answer.body).results}


def job_id(answer: Answer) -> int:
    """The job that a 303 leads to."""
    assert answer.status == 303, answer.body
    found = re.fullmatch(rf"{re.escape(settings().public_url)}/api/uws/\d+/(\d+)", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return int(found[1])
