"""A relay between a stand-in portal and a scene's service."""

from typing import Any

from tests.support.api import Answer, Api
from tests.support.portal import Portal, Row
from tests.support.scene import SUCCESS, Scene
from tests.support.worker import Clock, drain, relay


class Relayed:
    """Makes the relay."""

    def __init__(self, scene: Scene, portal: Portal, clock: Clock, **changes: Any) -> None:
        self.scene, self.portal, self.clock = scene, portal, clock
        wanted = {
            "service_id": scene.service_id,
            "callback_hosts": [portal.host],
            "group_ids": [scene.group_id],
            **changes,
        }
        self.made = scene.admin.post("/api/relay", wanted).data
        self.path = f"/api/relay/{self.made['id']}/run"

    def post(self, document: dict[str, Any], authorization: str | None = None) -> Answer:
        """Post to the relay as a portal does."""
        header = f"token {self.made['token']}" if authorization is None else authorization
        return Api(None).post(self.path, document, headers={"Authorization": header})

    def ask(self, row: Row, **changes: Any) -> int:
        """Post a row of the portal, write its state as the portal does, and return the id of our run."""
        answer = self.post(self.portal.document(row, **changes))
        self.portal.acknowledged(row, answer.status, answer.body.decode())
        return answer.data["id"]

    def begin(self, obj_id: str = "ZTF26elsewhere", **changes: Any) -> tuple[Row, int]:
        """Have the portal ask for a run, and the service take it."""
        row = self.portal.record(obj_id)
        run_id = self.ask(row, **changes)
        drain()
        return row, run_id

    def answer(self, result: Any = SUCCESS) -> None:
        """Have the service post a result for the run that it got last, and its products stored."""
        self.scene.answer(self.scene.service.received[-1].token, result)
        drain()

    def forward(self, seconds: float = 6) -> None:
        """Let time pass, and have forwarded what is due."""
        self.clock.advance(seconds=seconds)
        relay()

    def facts(self, run_id: int) -> dict[str, Any]:
        return self.scene.user.get(f"/api/obj/analysis/{run_id}/relay").data
