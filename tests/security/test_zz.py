import json
from tests.support import permissions
def test_dump(tour):
    json.dump({"used": permissions.as_json(), "unused":[[f,g.action,g.resource,g.condition] for f,g in permissions.unused()],
      "denied":[[f,a.action,a.resource,a.condition] for f,a in tour.denied]}, open("/tmp/e_dump.json","w"), indent=0)
