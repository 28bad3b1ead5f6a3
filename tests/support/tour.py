"""One visit to every endpoint and every function, for tests that hold all of them against one rule."""

import base64
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import boto3

from chalicelib.analyses.run.webhook_token import run_of
from chalicelib.http.endpoint import ROUTES
from chalicelib.settings import settings
from tests.support.api import Answer, Api
from tests.support.completed import inference_data
from tests.support.functions import tick, work_off
from tests.support.portal import Portal
from tests.support.scene import PNG, make_instrument
from tests.support.service import Reaction, Received, StubService
from tests.support.storage import stored_objects, stored_text
from tests.support.uploads import send


@dataclass(frozen=True)
class Visit:
    """One request and its answer."""

    method: str
    path: str
    answer: Answer

    @property
    def route(self) -> tuple[str, str]:
        """Method and template of the endpoint; a fixed path wins over one with parameters."""
        found = [route.path for route in ROUTES if route.method == self.method and _matches(route.path, self.path)]
        return self.method, min(found, key=lambda path: path.count("{"))


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


@dataclass
class Secrets:
    """What the tour knows and nobody else may: each a text that occurs nowhere by chance."""

    openai_key: str = "sk-MARKED-openai-key"
    header: str = "MARKED-header-token"
    api_key: str = "MARKED-api-key"
    basic: str = "MARKED-basic-password"
    digest: str = "MARKED-digest-password"
    oauth: tuple[str, str, str] = ("MARKED-app-secret", "MARKED-user-token", "MARKED-user-token-secret")
    shown_once: list[str] = field(default_factory=list)
    """API tokens and signing secrets: in the answer that made them, and nowhere else."""
    cookies: list[str] = field(default_factory=list)
    """Of sessions: in the header that lays them, and nowhere else."""
    callback_tokens: list[str] = field(default_factory=list)

    @property
    def authinfos(self) -> dict[str, dict[str, Any]]:
        """Credentials of each kind."""
        app_secret, user_token, user_secret = self.oauth
        oauth = {"app_secret": app_secret, "user_oauth_token": user_token, "user_oauth_token_secret": user_secret}
        return {
            "header_token": {"header_token": {"Authorization": f"Bearer {self.header}"}},
            "api_key": {"api_key": self.api_key, "api_key_name": "key"},
            "HTTPBasicAuth": {"HTTPBasicAuth": {"username": "ann", "password": self.basic}},
            "HTTPDigestAuth": {"HTTPDigestAuth": {"username": "ann", "password": self.digest}},
            "OAuth1": {"OAuth1": {"app_key": "siderostat", **oauth}},
        }

    def all(self) -> list[str]:
        """Every one."""
        credentials = [self.openai_key, self.header, self.api_key, self.basic, self.digest, *self.oauth]
        return credentials + self.shown_once + self.cookies + self.callback_tokens


@dataclass(frozen=True)
class Seen:
    """What is left of a tour, for whoever was not there."""

    visits: list[Visit]
    received: list[Received]
    messages: list[str]
    stored: list[str]
    secrets: Secrets
    site_secrets: tuple[str, ...]
    """The administrator's token, and what webhook tokens are signed with."""
    log: str


class Tour:
    """Makes people, sources, services and analyses, looks at all of them, and takes everything back.

    Parameters
    ----------
    admin : Api
        The first administrator.
    service : StubService
        Answers for every registered service; it echoes whatever it gets.
    """

    def __init__(self, admin: Api, service: StubService) -> None:
        self.admin, self.service = admin, service
        self.visits: list[Visit] = []
        self.messages: list[str] = []
        self.stored: list[str] = []
        """Everything in the tables and the bucket, at the height of the visit and at its end."""
        self.secrets = Secrets()
        service.react = self._echo

    def go(self) -> None:
        """Visit everything."""
        self.people()
        self.sky()
        self.services()
        self.analyses()
        self.jobs()
        self.events()
        self.relays()
        self.summaries()
        self.refusals()
        self.stored += [stored_text(), stored_objects()]
        self.farewell()
        self.stored += [stored_text(), stored_objects()]

    def seen(self, admin_token: str, log: str) -> Seen:
        """Return what was seen, with what was logged meanwhile."""
        signing = boto3.client("secretsmanager").get_secret_value(SecretId=settings().webhook_secret)["SecretString"]
        known = admin_token, signing
        return Seen(self.visits, self.service.received, self.messages, self.stored, self.secrets, known, log)

    def call(self, api: Api, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """Make a request and remember the answer."""
        raw = query.pop("raw", None)
        answer = api.call(method, path, body, raw=raw, **query)
        self.visits.append(Visit(method, path, answer))
        return answer

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Make a request as the administrator and return the data."""
        return self.call(self.admin, method, path, body, **query).data

    def work(self) -> None:
        """Let the queues run dry and the clock strike."""
        self.messages += work_off()
        tick()
        self.messages += work_off()

    def people(self) -> None:
        """Groups, users, tokens, profile, and what the site says of itself."""
        for path in ("roles", "acls", "enum_types", "health", "sysinfo", "groups/public"):
            self.ask("GET", f"/api/{path}")
        assert self.call(Api(None), "GET", "/api/openapi.json").status == 200
        assert self.call(self.admin, "GET", "/api/metrics").status == 200
        self.group_id = self.ask("POST", "/api/groups", {"name": "tour"})["id"]
        self.ask("GET", "/api/groups")
        self.ask("GET", f"/api/groups/{self.group_id}")
        wanted = {"username": "tourist", "roles": ["Full user"]}
        self.user_id = self.ask("POST", "/api/user", wanted)["id"]
        members = f"/api/groups/{self.group_id}/users"
        self.ask("POST", members, {"userID": self.user_id, "admin": False})
        self.ask("PATCH", members, {"userID": self.user_id, "admin": True})
        self.ask("DELETE", f"{members}/{self.user_id}")
        self.ask("POST", members, {"userID": self.user_id, "admin": True})
        self.ask("PATCH", f"/api/user/{self.user_id}", {"first_name": "Tess"})
        self.ask("GET", "/api/user")
        acls = self.ask("GET", f"/api/user/{self.user_id}")["permissions"]
        self.user = Api(self._token("first", acls), user_id=self.user_id)
        second = self._token("second", acls)
        listed = self.ask("GET", "/api/internal/tokens", userID=self.user_id)
        assert len(listed) == 2
        self.ask("GET", f"/api/internal/tokens/{listed[1]['id']}")
        self.ask("PUT", f"/api/internal/tokens/{listed[1]['id']}", {"name": "renamed"})
        self.ask("DELETE", f"/api/internal/tokens/{listed[1]['id']}")
        assert self.call(Api(second), "GET", "/api/groups").status == 401
        self.session()

    def session(self) -> None:
        """Somebody at the pages: signed in by a link and by a token, and out again; the pages themselves."""
        place = "/api/internal/session"
        ours = {"Sec-Fetch-Site": "same-origin"}
        ticket = self.call(self.user, "POST", f"{place}/ticket").data["ticket"]
        self.secrets.shown_once.append(ticket)
        for body in ({"ticket": ticket}, {"token": self.user.token}):
            cookie = self.call(Api(None), "POST", place, body).headers["Set-Cookie"].partition(";")[0]
            self.secrets.cookies.append(cookie.partition("=")[2])
        headers = {"Cookie": cookie, **ours}
        assert self.call(Api(None), "GET", place, headers=headers).status == 200
        assert self.call(Api(None), "DELETE", place, headers=headers).status == 200
        assert self.call(Api(None), "GET", place, headers=headers).status == 401
        for path in ("", "sources/1", "sources/1/periodogram", "analyses/1", "services", "services/1", "requests"):
            assert self.call(Api(None), "GET", f"/{path}").status in {200, 503}
            assert self.call(Api(None), "HEAD", f"/{path}").status in {200, 503}
        for path in ("profile", "assets/missing.js", "favicon.ico"):
            assert self.call(Api(None), "GET", f"/{path}").status in {200, 404, 503}
            assert self.call(Api(None), "HEAD", f"/{path}").status in {200, 404, 503}
        key = {"summary": {"OpenAI": {"active": True, "apikey": self.secrets.openai_key, "model": "gpt-4o"}}}
        for api in (self.user, self.admin):
            assert self.call(api, "PATCH", "/api/internal/profile", {"preferences": key}).status == 200
            assert self.call(api, "GET", "/api/internal/profile").status == 200

    def _token(self, name: str, acls: list[str]) -> str:
        wanted = {"name": name, "acls": acls, "user_id": self.user_id}
        token = self.ask("POST", "/api/internal/tokens", wanted)["token_id"]
        self.secrets.shown_once.append(token)
        return token

    def telescopes(self) -> None:
        """A telescope and its camera, made, read and removed."""
        telescope = {"name": "Tour", "nickname": "T", "diameter": 1.0, "lat": 0.0, "lon": 0.0, "elevation": 0.0}
        telescope_id = self.ask("POST", "/api/telescope", {**telescope, "robotic": True})["id"]
        camera = {"name": "Tour camera", "type": "imager", "telescope_id": telescope_id, "filters": ["ztfg"]}
        camera_id = self.ask("POST", "/api/instrument", camera)["id"]
        for path in ("telescope", "instrument", f"telescope/{telescope_id}", f"instrument/{camera_id}"):
            self.ask("GET", f"/api/{path}")
        self.ask("DELETE", f"/api/instrument/{camera_id}")
        self.ask("DELETE", f"/api/telescope/{telescope_id}")

    def files(self) -> None:
        """Photometry and a spectrum as files, twice each, and given back."""
        for kind, name in (("photometry", b"mjd,filter,mag,magerr"), ("spectrum", b"wavelength,flux")):
            row = b"59000.5,ztfg,19,0.1" if kind == "photometry" else b"4000,1"
            more = {} if kind == "photometry" else {"observed_at": "2026-11-01"}
            for _ in range(2):
                self.ask("POST", f"/api/{kind}_file", raw=name + b"\n" + row, objID=self.obj_id, **more)
        files = f"{self.source}/files"
        assert self.call(self.admin, "GET", f"{files}/{self.ask('GET', files)[0]['id']}").status == 200

    def sky(self) -> None:
        """A source and all that hangs on it."""
        groups = {"group_ids": [self.group_id]}
        self.instrument_id = make_instrument(self.admin, ["ztfg", "ztfr"])
        self.telescopes()
        self.obj_id = "ZTF26tour"
        self.source = f"/api/sources/{self.obj_id}"
        self.ask("POST", "/api/sources", {"id": self.obj_id, "ra": 10.0, "dec": 20.0, **groups})
        self.ask("PATCH", self.source, {"redshift": 0.1, "summary": "by hand"})
        points = {
            "obj_id": self.obj_id,
            "instrument_id": self.instrument_id,
            "mjd": [59000.5, 59001.5],
            "filter": ["ztfg", "ztfr"],
            "flux": [100.0, 200.0],
            "fluxerr": [5.0, 4.0],
            "zp": 23.9,
            "magsys": "ab",
            **groups,
        }
        first, _ = self.ask("POST", "/api/photometry", points)["ids"]
        self.ask("PUT", "/api/photometry", points)
        self.ask("GET", f"/api/photometry/{first}")
        self.files()
        self.ask("DELETE", f"/api/photometry/{first}")
        spectrum = {
            "obj_id": self.obj_id,
            "instrument_id": self.instrument_id,
            "observed_at": "2026-11-01T00:00:00",
            "wavelengths": [4000.0 + index for index in range(20)],
            "fluxes": [1.0 + index for index in range(20)],
            **groups,
        }
        self.ask("POST", "/api/spectrum", spectrum)
        spectrum_id = self.ask("POST", "/api/spectra", spectrum)["id"]
        self.ask("GET", f"/api/spectrum/{spectrum_id}")
        self.ask("DELETE", f"/api/spectrum/{spectrum_id}")
        # too large for an item: kept in S3
        long = dict.fromkeys(("wavelengths", "fluxes"), _incompressible(20_000))
        self.long_spectrum_id = self.ask("POST", "/api/spectrum", {**spectrum, **long})["id"]
        remark = {"text": "interesting", "attachment": {"name": "chart.txt", "body": "Y2hhcnQ="}, **groups}
        comment_id = self.ask("POST", f"{self.source}/comments", remark)["comment_id"]
        note = {"origin": "tour", "data": {"a": 1}, **groups}
        note_id = self.ask("POST", f"{self.source}/annotations", note)["annotation_id"]
        self.ask("PUT", f"{self.source}/annotations/{note_id}", {"data": {"a": 2}})
        self.large_note_id = self.ask(
            "POST",
            f"{self.source}/annotations",
            {"origin": "large", "data": {"numbers": _incompressible(40_000)}, **groups},
        )["annotation_id"]
        self.taxonomy_id = self.ask("POST", "/api/taxonomy", _TAXONOMY)["taxonomy_id"]
        self.ask("GET", "/api/taxonomy")
        self.ask("GET", f"/api/taxonomy/{self.taxonomy_id}")
        kind = {"obj_id": self.obj_id, "classification": "Ia", "taxonomy_id": self.taxonomy_id, "probability": 0.9}
        kind_id = self.ask("POST", "/api/classification", {**kind, **groups})["classification_id"]
        for path in ("", "/photometry", "/spectra", "/comments", "/annotations", "/classifications", "/phot_stat"):
            self.ask("GET", f"{self.source}{path}")
        self.call(self.admin, "GET", f"{self.source}/periodogram")
        self.ask("GET", f"{self.source}/light_curve")
        assert self.call(self.admin, "GET", f"{self.source}/light_curve.csv").status == 200
        self.ask("GET", self.source, includeAnalyses="true")
        self.ask("GET", "/api/sources")
        self.ask("GET", f"{self.source}/comments/{comment_id}")
        self.ask("PUT", f"{self.source}/comments/{comment_id}", {"text": "very interesting"})
        for end in ("", ".pdf"):
            file = f"{self.source}/comments/{comment_id}/attachment{end}"
            assert self.call(self.admin, "GET", file).body == b"chart"
        self.ask("GET", f"{self.source}/annotations/{note_id}")
        self.ask("GET", f"/api/classification/{kind_id}")
        self.ask("DELETE", f"{self.source}/comments/{comment_id}")
        self.ask("DELETE", f"{self.source}/annotations/{note_id}")
        self.ask("DELETE", f"/api/classification/{kind_id}")
        assert self.call(self.admin, "HEAD", self.source).status == 200

    def services(self) -> None:
        """A service of each kind of credentials, a summarizer, and a default analysis."""
        plain = {"url": self.service.url, "analysis_type": "meta_analysis", "group_ids": [self.group_id]}
        inputs = ["photometry", "spectra", "redshift", "annotations", "comments", "classifications"]
        self.service_ids = [
            self.ask(
                "POST",
                "/api/analysis_service",
                {
                    **plain,
                    "name": kind,
                    "authentication_type": kind,
                    "_authinfo": json.dumps(authinfo),
                    "input_data_types": inputs if kind == "header_token" else ["photometry"],
                    "optional_analysis_parameters": {"cube": {"type": "file"}},
                },
            )["id"]
            for kind, authinfo in self.secrets.authinfos.items()
        ]
        self.service_id = self.service_ids[0]
        no_secret = {**plain, "authentication_type": "none"}
        self.upload_id = self.ask("POST", "/api/analysis_service", {**no_secret, "name": "u", "upload_only": True})[
            "id"
        ]
        self.summary_id = self.ask("POST", "/api/analysis_service", {**no_secret, "name": "s", "is_summary": True})[
            "id"
        ]
        self.ask("PUT", f"/api/analysis_service/{self.summary_id}/trust")
        self.ask("GET", "/api/analysis_service")
        for service_id in (*self.service_ids, self.summary_id):
            assert self.ask("GET", f"/api/analysis_service/{service_id}/warnings")["warnings"]
        path = f"/api/analysis_service/{self.service_id}"
        self.ask("GET", path)
        self.ask("GET", f"{path}/form")
        # refused, with a secret in it
        wrong = {"_authinfo": {"api_key": self.secrets.api_key}, "authentication_type": "header_token"}
        assert self.call(self.admin, "PATCH", path, wrong).status == 400
        self.ask("PATCH", path, {"description": "changed", "_authinfo": self.secrets.authinfos["header_token"]})
        self.ask("PUT", f"{path}/limits", {"max_in_flight": 7})
        self.ask("PUT", f"{path}/trust")
        self.ask("DELETE", f"{path}/trust")
        for name in ("limits", "trust", "removal"):
            self.ask("GET", f"{path}/{name}")
        for service_id in (self.service_id, self.upload_id):
            made = self.ask("POST", f"/api/analysis_service/{service_id}/signing_secret")["signing_secret"]
            self.secrets.shown_once += [made, made.removeprefix("whsec_")]
        self.ask("DELETE", f"/api/analysis_service/{self.upload_id}/signing_secret")
        wanted = {"source_filter": {"classifications": [{"name": "Ia", "probability": 0.5}]}, **_shared(self)}
        default_id = self.ask("POST", f"{path}/default_analysis", wanted)["id"]
        self.ask("POST", f"{path}/default_analysis", {"source_filter": {"group_id": self.group_id}, **_shared(self)})
        self.ask("GET", f"{path}/default_analysis")
        self.ask("GET", f"{path}/default_analysis/{default_id}")
        self.ask("PATCH", f"{path}/default_analysis/{default_id}", {"daily_limit": 3})
        kind = {"obj_id": self.obj_id, "classification": "Ia", "taxonomy_id": self.taxonomy_id, **_shared(self)}
        self.ask("POST", "/api/classification", kind)
        self.ask("POST", "/api/sources", {"id": "ZTF26tour2", "ra": 1.0, "dec": 2.0, **_shared(self)})
        self.work()
        self.ask("DELETE", f"{path}/default_analysis/{default_id}")

    def analyses(self) -> None:
        """Runs of every service, their results, and everything that can be read of them."""
        self.run_ids = [self._start(service_id) for service_id in (*self.service_ids, self.summary_id)]
        self.ask("POST", f"/api/obj/analysis/{self._start(self.service_id)}/cancel")
        wanted = {"analysis_service_id": self.service_id, "obj_ids": [self.obj_id], **_shared(self)}
        batch_id = self.ask("POST", "/api/analysis_batch", wanted)["id"]
        self.work()
        self.ask("GET", f"/api/analysis_batch/{batch_id}")
        self.ask("GET", "/api/analysis_batch")
        self.ask("POST", f"/api/analysis_batch/{batch_id}/cancel")
        self.call(self.admin, "POST", f"/api/analysis_batch/{batch_id}/retry_failed")
        since = {"since": "2026-01-01", "states": ["cancelled"]}
        self.ask("POST", f"/api/analysis_service/{self.service_id}/retry_failed", since)
        self.work()
        self.ask("POST", f"/api/analysis_service/{self.service_id}/ping")
        self.ask("GET", f"/api/analysis_service/{self.service_id}/health")
        self.ask("GET", "/api/analysis_health", ids=f"{self.service_id},{self.upload_id}")
        self.ask("GET", "/api/analysis_counts", window="1h")
        self.ask("POST", f"/api/obj/{self.obj_id}/analysis/{self.service_id}/preview", _shared(self))
        for kept in ("timeline", "attempts", "inputs", "effects"):
            self.ask("GET", f"/api/obj/analysis/{self.run_ids[0]}/{kept}")
        for received in [one for one in self.service.received if one.token not in self.secrets.callback_tokens]:
            self.secrets.callback_tokens.append(received.token)
            self._answer(received.token)
        first, early = self.run_ids[0], self.run_ids[1]
        # read before they are collected: the API has them made
        self.ask("GET", f"/api/obj/analysis/{early}/results")
        self.work()
        self._answer(received.token)
        self.ask("POST", f"/api/obj/analysis/{self.run_ids[2]}/retry")
        self.work()
        for run_id in self.run_ids:
            self.ask("GET", f"/api/obj/analysis/{run_id}", includeAnalysisData="true", includeFilename="true")
        self.ask("GET", "/api/obj/analysis")
        self.ask("GET", "/api/analysis_runs", n=3)
        self.ask("GET", "/api/analysis_glance", objIDs=self.obj_id)
        self.ask("GET", "/api/analysis_changes", since=self.ask("GET", "/api/analysis_changes")["next"])
        self.ask("GET", "/api/analysis_runs", objID=self.obj_id, status="completed,failure")
        self.ask("GET", "/api/analysis_runs", batchID=batch_id)
        self.ask("GET", "/api/obj/analysis", objID=self.obj_id)
        self.ask("GET", f"/api/obj/{self.obj_id}/analysis")
        self.ask("GET", f"/api/obj/{self.obj_id}/analysis/{first}")
        self.ask("GET", f"/api/obj/analysis/{first}/results")
        self.ask("GET", f"/api/obj/analysis/{first}/products")
        for product in ("results", "plots/0", "corner", "inference_data", "posterior", "archive"):
            assert self.call(self.admin, "HEAD", f"/api/obj/analysis/{first}/{product}").status == 200
            assert self.call(self.admin, "GET", f"/api/obj/analysis/{first}/{product}").status == 200
        drawn = self.call(self.admin, "GET", f"/api/obj/analysis/{first}/corner", plot_kwargs='{"bins": 9}')
        assert drawn.status == 200
        self.ask("GET", self.source, includeAnalyses="true")
        upload = {"analysis": _ANALYSIS, **_shared(self)}
        uploaded = self.ask("POST", f"/api/obj/{self.obj_id}/analysis_upload/{self.upload_id}", upload)["id"]
        self.work()
        self.ask("DELETE", f"/api/obj/analysis/{uploaded}")
        self._large_results()

    def _answer(self, token: str) -> None:
        """Post a result as the service does; drawing takes long, so that only the first run gets a posterior."""
        analysis = {**_ANALYSIS, **(_POSTERIOR if run_of(token) == self.run_ids[0] else {})}
        posted = {"status": "success", "message": "done", "analysis": analysis}
        self.call(Api(None), "POST", f"/api/webhook/obj_analysis/{token}", posted)

    def _large_results(self) -> None:
        """One that is committed, one that is left behind, and one of an upload-only service."""
        for is_committed in (True, False):
            self._start(self.service_id)
            self.work()
            token = self.service.received[-1].token
            self.secrets.callback_tokens.append(token)
            webhook = f"/api/webhook/obj_analysis/{token}"
            form = self.call(Api(None), "POST", f"{webhook}/upload").data
            assert send(form, {"analysis": _ANALYSIS}).status_code == 204
            if is_committed:
                self.call(Api(None), "POST", webhook, {"status": "success", "uploaded": True})
        path = f"/api/obj/{self.obj_id}/analysis_upload/{self.upload_id}"
        form = self.ask("POST", f"{path}/form")
        assert send(form, {"analysis": _ANALYSIS}).status_code == 204
        self.ask("POST", path, {"uploaded": form["upload"], **_shared(self)})
        self.work()

    def _start(self, service_id: int) -> int:
        cube = "data:image/fits;name=cube.fits;base64,U0lNUExF"
        parameters = {} if service_id == self.summary_id else {"cube": cube}
        wanted = {"analysis_parameters": parameters, **_shared(self)}
        return self.ask("POST", f"/api/obj/{self.obj_id}/analysis/{service_id}", wanted)["id"]

    def jobs(self) -> None:
        """An analysis as a job of the Universal Worker Service, and one that is never started."""
        listed = f"/api/uws/{self.service_id}"

        def post(path: str, form: str) -> str:
            header = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = self.call(self.admin, "POST", path, raw=form.encode(), headers=header)
            assert answer.status == 303
            return listed + answer.headers["Location"].partition(listed)[2]

        job, draft = (post(listed, f"OBJ={self.obj_id}") for _ in range(2))
        post(draft, "RUNID=tour")
        post(f"{draft}/parameters", f"OBJ={self.obj_id}")
        post(f"{draft}/executionduration", "EXECUTIONDURATION=60")
        post(f"{draft}/destruction", "DESTRUCTION=2099-01-01T00:00:00Z")
        assert self.call(self.admin, "DELETE", draft).status == 303
        post(f"{job}/phase", "PHASE=RUN")
        self.work()
        self.secrets.callback_tokens.append(self.service.received[-1].token)
        post(f"{job}/phase", "PHASE=ABORT")
        assert self.call(self.admin, "GET", listed).status == 200
        kinds = ("", "/phase", "/parameters", "/results", "/quote", "/owner", "/executionduration", "/destruction")
        assert [self.call(self.admin, "GET", job + kind).status for kind in kinds] == [200] * len(kinds)
        self.call(self.admin, "GET", f"{job}/error")

    def events(self) -> None:
        """A subscription, a run that it hears of, and what was sent."""
        wanted = {"url": self.service.url, "events": ["analysis.completed", "analysis.cancelled"], **_shared(self)}
        made = self.ask("POST", "/api/event_subscriptions", wanted)
        one = f"/api/event_subscriptions/{made['id']}"
        renewed = self.ask("POST", f"{one}/secret")["secret"]
        self.secrets.shown_once += [text for full in (made["secret"], renewed) for text in (full, full[6:])]
        self.ask("GET", "/api/event_subscriptions")
        self.ask("GET", one)
        self.ask("PATCH", one, {"events": ["analysis.cancelled"]})
        self.ask("POST", f"{one}/test")
        self.ask("POST", f"/api/obj/analysis/{self._start(self.service_id)}/cancel")
        self.work()
        number = self.ask("GET", f"{one}/deliveries")[0]["number"]
        self.ask("POST", f"{one}/deliveries/{number}/redeliver")
        self.work()
        self.ask("DELETE", one)

    def summaries(self) -> None:
        """A question that is embedded with the administrator's own key, and what was there before it."""
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.ask, "POST", "/api/summary_query", {"q": "a supernova"})
            while not asked.done():
                self.messages += work_off()
        assert asked.result()["query_results"]
        for method in ("POST", "GET", "DELETE"):
            self.ask(method, "/api/summary_query/backfill")
        self.work()

    def relays(self) -> None:
        """A service offered to another portal, which asks for a run and is told of its end."""
        with Portal() as portal:
            wanted = {"service_id": self.service_id, "callback_hosts": [portal.host], **_shared(self)}
            made = self.ask("POST", "/api/relay", wanted)
            self.secrets.shown_once.append(made["token"])
            one = f"/api/relay/{made['id']}"
            self.ask("GET", "/api/relay")
            self.ask("GET", one)
            row = portal.record("ZTF26elsewhere")
            self.secrets.callback_tokens.append(row.token)
            header = {"Authorization": f"token {made['token']}"}
            taken = self.call(Api(None), "POST", f"{one}/run", portal.document(row), headers=header)
            self.work()
            self.secrets.callback_tokens.append(self.service.received[-1].token)
            self._answer(self.service.received[-1].token)
            self.work()
            self.ask("POST", f"/api/obj/analysis/{taken.data['id']}/forward")
            self.ask("GET", f"/api/obj/analysis/{taken.data['id']}/relay")
            self.work()
            self.ask("DELETE", one)

    def refusals(self) -> None:
        """Answers that are failures: no token, foreign rows, bad bodies, wrong methods and types."""
        assert self.call(Api(None), "GET", self.source).status == 401
        assert self.call(self.admin, "POST", "/api/sources", raw=b"{").status == 400
        assert self.call(self.admin, "POST", f"/api/candidate/{self.obj_id}/analysis/1").status == 405
        assert self.call(self.admin, "GET", "/api/obj/analysis/9").status == 403
        assert self.call(Api(None), "GET", "/summarize").status == 200
        key = {"openai_api_key": self.secrets.openai_key}
        incomplete = {"inputs": {"analysis_parameters": key}, "callback_url": "http://10.0.0.1/"}
        assert self.call(Api(None), "POST", "/summarize", incomplete).status == 400
        assert self.call(self.admin, "GET", "/api/sources/unknown").status == 404
        unknown = "00000000-0000-4000-8000-000000000000"
        assert self.call(Api(None), "POST", f"/api/webhook/obj_analysis/{unknown}", {}).status == 403

    def farewell(self) -> None:
        """Take everything back, so that cleaning up is seen as well."""
        first, second = self.run_ids[:2]
        self.ask("DELETE", f"/api/obj/analysis/{first}")
        self.ask("DELETE", f"/api/obj/{self.obj_id}/analysis/{second}")
        self.work()
        for service_id in self.service_ids[2:]:
            self.ask("DELETE", f"/api/analysis_service/{service_id}")
        self.work()
        self.ask("DELETE", f"/api/spectrum/{self.long_spectrum_id}")
        self.ask("DELETE", f"{self.source}/annotations/{self.large_note_id}")
        self.ask("DELETE", self.source)
        self.ask("DELETE", f"/api/taxonomy/{self.taxonomy_id}")
        self.work()

    def _echo(self, received: Received) -> Reaction:
        """Answer with all that came but for the data, as debugging services do."""
        if "inputs" not in received.document:  # an event
            return Reaction(200, json.dumps([received.headers, received.document]).encode())
        seen = {**received.document, "inputs": received.document["inputs"]["analysis_parameters"]}
        return Reaction(200, json.dumps([received.headers, seen]).encode())


_TAXONOMY = {
    "name": "tour",
    "version": "1",
    "hierarchy": {"class": "SN", "subclasses": [{"class": "Ia"}]},
}
_ANALYSIS = {
    "plots": [{"format": "png", "data": base64.b64encode(PNG).decode()}],
    "results": {"format": "json", "data": {"z": 0.5, "summary": "a supernova"}},
    "annotations": [{"data": {"z": 0.5}}],
}
_POSTERIOR = {"inference_data": inference_data()}


def _shared(tour: Tour) -> dict[str, Any]:
    return {"group_ids": [tour.group_id]}


def _incompressible(count: int) -> list[float]:
    """Return numbers that take eight bytes each: 40 000 do not fit an item."""
    drawn = random.Random(7)
    return sorted(drawn.random() for _ in range(count))
