"""The conversation with a service: what it is sent, in which order, and what is made of its answers."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from infra.check_service.documents import MISSING, REAL, document
from infra.check_service.findings import Finding, ok, skipped, warning, wrong
from infra.check_service.portal import Callback, Portal
from infra.check_service.returned import check_returned, too_large

_PORTAL_SECONDS = 30.0
"""How long a portal waits for the answer to a dispatch."""
_PROMPT_SECONDS = 5.0
_AT_ONCE_SECONDS = 1.0
"""If the result came before the answer: then the service worked first."""
_AGAIN_TIMES = 10
"""In so many times the settling time, a service that posts again after a 503 has done so."""
_MOST_POSTS_WHEN_LATE = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What is checked.

    Parameters
    ----------
    url : str
        As one would register it.
    wait : float
        Seconds in which a result must come.
    settle : float
        Seconds in which a service that posts twice, or follows a redirect, has done so.
    parameters : dict
        Analysis parameters that the service needs.
    headers : dict
        Credentials, and the like.
    """

    url: str
    wait: float
    settle: float
    parameters: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that was sent, its callback and the answer; the answer is text where there was none."""

    callback: Callback
    answer: requests.Response | str
    seconds: float

    @property
    def is_taken(self) -> bool:
        """Whether the answer was 2xx."""
        return isinstance(self.answer, requests.Response) and self.answer.status_code // 100 == 2  # noqa: PLR2004


def check(options: Options, portal: Portal) -> Iterator[Finding]:
    """Yield the findings as they come."""
    yield _active(options)
    real = _send(options, portal, REAL)
    yield from _answered(options, real)
    if not real.is_taken:
        return
    began = time.monotonic()
    if real.callback.wait(options.wait) is None:
        yield _silent(real.callback, options)
        return
    yield ok("callback", f"A result came after {time.monotonic() - began:.1f} s.", time.monotonic() - began)
    yield from check_returned(real.callback)
    yield from _under_difficulties(options, portal)
    yield _malformed(options)
    yield _second_post(real.callback)


def _under_difficulties(options: Options, portal: Portal) -> Iterator[Finding]:
    """Send what is difficult all at once, and look at what comes back of it."""
    missing = _send(options, portal, MISSING)
    unknown = _send(options, portal, REAL, parameters={"no_such_parameter": 1})
    down = _send(options, portal, REAL, answers=[503])
    late = _send(options, portal, REAL, seconds=1.0, expires=time.monotonic() + 1.0)
    moved = _send(options, portal, REAL, moved=True)
    yield _ends("missing data", missing, options)
    yield _ends("unknown parameters", unknown, options)
    yield _when_down(down, options)
    yield _when_moved(moved, options)
    yield _when_late(late, options)


def _active(options: Options) -> Finding:
    try:
        answer = requests.get(options.url, headers=options.headers, timeout=_PORTAL_SECONDS)
    except requests.RequestException as error:
        return warning("GET", f"no answer ({type(error).__name__}); a ping asks the URL with GET.")
    if answer.ok:
        return ok("GET", f"{answer.status_code}: {answer.text[:60]!r}")
    return warning("GET", f"{answer.status_code}: a ping asks the URL with GET, and a 200 says that it is there.")


def _send(
    options: Options,
    portal: Portal,
    inputs: dict[str, Any],
    *,
    parameters: dict[str, Any] | None = None,
    seconds: float = 3600.0,
    **behaviour: Any,  # noqa: ANN401 - the fields of Callback
) -> Sent:
    callback = portal.callback(**behaviour)
    content = document(portal.url_of(callback), inputs, options.parameters | (parameters or {}), seconds)
    began = time.monotonic()
    answer: requests.Response | str
    try:
        answer = requests.post(
            options.url, json=content, headers=options.headers, timeout=_PORTAL_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        answer = type(error).__name__
    return Sent(callback, answer, time.monotonic() - began)


def _answered(options: Options, sent: Sent) -> Iterator[Finding]:
    answer = sent.answer
    if isinstance(answer, str):
        late = f"did not answer within {_PORTAL_SECONDS:g} s"
        said = late if "Timeout" in answer else "could not be reached, or hung up: is it started, and is that its port?"
        yield wrong("answer", f"{options.url} {said} ({answer})")
        return
    if answer.is_redirect:
        yield wrong("answer", f"{answer.status_code} to {answer.headers['Location']}: register that URL instead.")
        return
    if not sent.is_taken:
        yield wrong("answer", f"{answer.status_code}: {answer.text[:200]!r}; any 2xx says that a run was taken.")
        return
    yield ok("answer", f"{answer.status_code}: {answer.text[:60]!r}")
    if sent.seconds > (_AT_ONCE_SECONDS if sent.callback.taken else _PROMPT_SECONDS):
        text = f"The answer took {sent.seconds:.1f} s: answer at once and work in the background;"
        yield wrong("answer time", f"{text} a portal hangs up after {_PORTAL_SECONDS:g} s.")
    else:
        yield ok("answer time", f"{sent.seconds:.2f} s", sent.seconds)


def _silent(callback: Callback, options: Options) -> Finding:
    if too_large(callback):
        return wrong("callback", "The result is larger than 4.5 MB and was refused with 413: use upload_url.")
    if callback.posts:
        return wrong("callback", f"What was posted was refused: {callback.posts[-1].status}.")
    return wrong(
        "callback", f"No result came within {options.wait:g} s (WAIT=… for a slower service): the run would time out."
    )


def _ends(name: str, sent: Sent, options: Options) -> Finding:
    """Look whether a run ended with a result, or was refused: one of them it must, whatever it was sent."""
    if not sent.is_taken:
        status = sent.answer if isinstance(sent.answer, str) else sent.answer.status_code
        refused = isinstance(status, int) and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        return (
            ok(name, f"refused with {status}.")
            if refused
            else wrong(name, f"{status}: refuse it with 4xx, or post a failure.")
        )
    post = sent.callback.wait(options.wait)
    if post is None:
        return wrong(
            name, "Nothing was posted: the run would hang until its time is over. Post a failure that says why."
        )
    return ok(name, f"ended: {post.body[:100].decode(errors='replace')!r}")


def _when_down(sent: Sent, options: Options) -> Finding:
    name = "callback 503"
    if not sent.is_taken:
        return skipped(name, "The run was not taken.")
    if not sent.callback.wait_for_any(options.wait):
        return wrong(name, "No result came.")
    if sent.callback.wait(_AGAIN_TIMES * options.settle) is not None:
        return ok(name, "posted again until it was taken.")
    return warning(
        name, "The result was posted once: it is lost when the portal is down for a moment. Post again after a 5xx."
    )


def _when_moved(sent: Sent, options: Options) -> Finding:
    name = "callback redirected"
    if not sent.is_taken:
        return skipped(name, "The run was not taken.")
    if not sent.callback.wait_for_any(options.wait):
        return wrong(name, "No result came.")
    if sent.callback.wait(options.settle) is not None:
        return ok(name, "followed a 307 with the same body.")
    return wrong(name, "A 307 was not followed: a portal that is moved behind a redirect gets no results.")


def _when_late(sent: Sent, options: Options) -> Finding:
    name = "after invalid_after"
    if not sent.is_taken:
        return ok(name, "A run whose time was nearly over was not taken.")
    time.sleep(options.settle)
    posts = len(sent.callback.posts)
    if posts > _MOST_POSTS_WHEN_LATE:
        return warning(name, f"{posts} posts, although the answer says that the token has expired: stop at a 4xx.")
    return ok(name, "nothing was posted." if not posts else f"posted {posts} times and stopped.")


def _malformed(options: Options) -> Finding:
    name = "malformed request"
    try:
        status = requests.post(options.url, data=b"{", headers=options.headers, timeout=_PORTAL_SECONDS).status_code
    except requests.RequestException as error:
        return warning(name, f"no answer to a body that is no JSON ({type(error).__name__}).")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ok(name, f"refused with {status}.")
    return warning(name, f"A body that is no JSON was answered {status}: answer 400.")


def _second_post(callback: Callback) -> Finding:
    """Look at the first run once more, after all the others: it was taken long ago."""
    name = "second post"
    if callback.taken is None:
        return skipped(name, "No result was taken.")
    later = [post for post in callback.posts if post.at > callback.taken.at]
    if later:
        return wrong(name, f"Posted {len(later)} more times after a 200: only the first post counts, others get 403.")
    return ok(name, "A result that was taken is not posted again.")
