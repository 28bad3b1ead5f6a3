"""SkyPortal's typed client, running against the application in this process."""

import base64

import httpx

from tests.support.api import Api, invoke
from tests.support.late import Late

sp = Late("skyportal_py")


def client_for(api: Api) -> "sp.SkyPortal":
    """Return the reference client with the token of `api`; its requests never leave the process."""
    headers = {"Authorization": f"token {api.token}"}
    return sp.SkyPortal(base_url="http://siderostat.test", headers=headers, transport=httpx.MockTransport(_answer))


def _answer(request: httpx.Request) -> httpx.Response:
    proxy = invoke(request.method, request.url.raw_path.decode(), dict(request.headers), request.read())
    body = base64.b64decode(proxy["body"]) if proxy.get("isBase64Encoded") else proxy["body"].encode()
    many = {name: value for name, values in proxy.get("multiValueHeaders", {}).items() for value in values}
    return httpx.Response(proxy["statusCode"], headers={**proxy["headers"], **many}, content=body)
