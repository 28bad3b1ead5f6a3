"""What the benchmarks measure in: the scene of the tests, with everything of which there may be many."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "SIDEROSTAT_ADMIN_TOKEN": str(uuid.uuid4()),
    "SIDEROSTAT_ALLOWED_HOSTS": '["127.0.0.1"]',
    "SIDEROSTAT_LOG_LEVEL": "ERROR",
    "SIDEROSTAT_IDENTITY_SECONDS": "86400",  # slow as it is here, a token would be read again in between
}
os.environ.setdefault("SIDEROSTAT_PREFIX", "siderostat-bench")
os.environ.setdefault("SIDEROSTAT_BUCKET", "siderostat-bench-123456789012")
os.environ.setdefault("SIDEROSTAT_PRODUCTS_FUNCTION", "siderostat-bench-products")
os.environ.setdefault("SIDEROSTAT_PERIODOGRAMS_FUNCTION", "siderostat-bench-periodograms")

from tests.support.api import Api
from tests.support.crowd import add_groups, add_runs
from tests.support.people import make_group
from tests.support.scene import Scene, make_scene
from tests.support.service import StubService
from tests.support.stack import Stack


@dataclass
class World:
    """The scene, a source that the user cannot see, one with many analyses, and a group that has these sources too."""

    scene: Scene
    crowded_id: str
    far_group_id: int
    public_group_id: int
    filled: int = 0

    def fill(self, number: int) -> None:
        """Bring the numbers of foreign groups and analyses, and of one's own on the crowded source, to `number`."""
        more = number - self.filled
        service_id, everybody = self.scene.service_id, {self.scene.group_id, self.public_group_id}
        add_groups(more, first=10**6 + self.filled)
        add_runs(more, self.scene.obj_id, service_id, {self.far_group_id})
        add_runs(more, "far", service_id, {self.far_group_id, self.public_group_id})
        add_runs(more, self.crowded_id, service_id, everybody)
        self.filled = number


@contextmanager
def empty_world() -> Iterator[World]:
    """Start the embedded AWS and make the scene."""
    with Stack() as stack, StubService() as service:
        stack.empty()
        scene = make_scene(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"]), service)
        far = make_group(scene.admin)
        scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [far]})
        scene.admin.post("/api/sources", {"id": "far", "ra": 1.0, "dec": 2.0, "group_ids": [far]})
        crowded = {"id": "crowded", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]}
        scene.user.post("/api/sources", crowded)
        public = scene.user.get("/api/groups/public").data["id"]
        yield World(scene, "crowded", far, public)
