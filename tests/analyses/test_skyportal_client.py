"""SkyPortal's typed client, whose models refuse unknown fields, uploads results and reads what came back."""

from tests.support.late import Late
from tests.support.scene import make_scene
from tests.support.skyportal_client import client_for
from tests.support.worker import drain

sp = Late("skyportal_py")


def test_an_upload_is_read_as_any_analysis(admin, service):
    scene = make_scene(admin, service, upload_only=True)
    client = client_for(scene.user)
    lightcurve = {"ztfg": [[59000.0, 19.0, 18.9, 19.1]]}
    results = {"format": "json", "data": {"z": 0.5}}
    analysis = {"results": results, "model_lightcurve": lightcurve, "model_name": "salt3", "n_detections": 2}
    payload = sp.analysis.AnalysisUploadPost(analysis=analysis, message="by hand")
    posted = client.post_analysis_upload(scene.obj_id, scene.service_id, payload)
    drain()

    assert posted.message == "by hand"
    assert client.fetch_analysis(posted.id).status == "completed"
    (listed,) = client.fetch_analyses(obj_id=scene.obj_id)
    assert (listed.id, listed.model_lightcurve, listed.model_name) == (posted.id, lightcurve, "salt3")
    assert client.fetch_analysis_results(posted.id)["z"] == 0.5
    (short,) = client.fetch_analyses()
    assert short.id == posted.id
    (included,) = client.fetch_source(scene.obj_id, include_analyses=True).analyses
    assert included.id == posted.id
