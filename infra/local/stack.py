"""The local stack: what is missing of AWS, the API, the worker and the products function, started in order."""

import queue
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local import environment, programs, shared_imports
from infra.local.aws.kept import folder
from infra.local.aws.kept.folder import Folder
from infra.local.beside import known_to_others
from infra.local.errors import UsageError
from infra.local.http.listening import listener, url
from infra.local.installation.lost_token import readmit
from infra.local.options import Options
from infra.local.processes import forked
from infra.local.processes.child import Child
from infra.local.processes.log_relay import LogRelay
from infra.local.processes.shared_metrics import shared_metrics
from infra.local.processes.supervisor import Demonstrated, Event, Supervisor

if TYPE_CHECKING:
    from infra.local.demo.demo import Stage

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked for the end."""


def run(options: Options) -> int:
    """Serve until told to stop, or until the demo is over if it was asked for once; return the exit status.

    Raises
    ------
    StackError
        It cannot start or go on.
    """
    kept = None if options.data is None else _take(options.data, options.port)
    token, about_token = _token(options, kept)
    sock = listener(options.port, options.host)
    log = _log(options.log_file(sock.getsockname()[1]))
    if about_token:
        _say(about_token)
    with shared_metrics(), Supervisor(log) as supervisor:
        try:
            with _signals_raise():
                return _serve(supervisor, options, sock, token, kept)
        except Stopped:
            return 0


def _take(data: Path, port: int) -> Folder:
    """Take possession of the folder that keeps everything."""
    if environment.external_endpoint():
        raise UsageError(
            "--data keeps what the embedded AWS holds, but AWS_ENDPOINT_URL names another: use one of them."
        )
    if port == 0:
        raise UsageError("--data needs a port that stays the same: choose one with --port, for 0 takes any.")
    return folder.take(data)


def _log(file: Path | None) -> Path | LogRelay:
    if file is None:
        return LogRelay()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"")
    _say(f"log file     {file}")
    return file


def _token(options: Options, kept: Folder | None) -> tuple[str, str | None]:
    """Return the first administrator's token, and what is said about it."""
    given = options.admin_token or environment.known_admin_token()
    if given is not None and not (given.isascii() and given.isprintable() and " " not in given):
        raise UsageError(
            "The administrator's token has blanks or characters that no header can carry: give another one."
        )
    if kept is not None:
        token = folder.admin_token(kept, given, environment.new_admin_token())
        ignored = " (another one was given, but this one is kept)" if given not in {None, token} else ""
        anew = " (its file was gone: the one before is revoked)" if kept.lost_token else ""
        return token, f"admin token  in {kept.path / folder.TOKEN}{ignored}{anew}"
    if given is None:
        new = environment.new_admin_token()
        return new, f"admin token  {new}"
    return given, None


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Let a signal raise `Stopped` in here, and do nothing afterwards, when all is being ended."""

    def stop(*_: object) -> None:
        raise Stopped

    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _serve(supervisor: Supervisor, options: Options, sock: socket.socket, token: str, kept: Folder | None) -> int:
    fitter = supervisor.start(programs.fitter()) if options.demo else None
    others = {name: supervisor.start(program) for name, program in programs.examples().items()} if options.many else {}
    _start(supervisor, options, sock, token, kept)
    with known_to_others(sock.getsockname()[1]):
        return _go_on(supervisor, options, sock, token, fitter, others)


def _go_on(  # noqa: PLR0913, PLR0917 - all that was started
    supervisor: Supervisor,
    options: Options,
    sock: socket.socket,
    token: str,
    fitter: Child | None,
    others: dict[str, Child],
) -> int:
    if fitter is None:
        _say(f"ready {url(sock)}")
    else:
        [fitter_url] = supervisor.begin(fitter)
        from infra.local.demo.demo import Stage  # noqa: PLC0415 - what it calls the API with takes long to import

        urls = dict(zip(others, supervisor.begin(*others.values()), strict=True))
        stage = Stage(url(sock), token, fitter_url, options.output, serves_on=not options.once, others=urls)
        threading.Thread(target=_show, args=(supervisor.events, stage), daemon=True).start()
        failure = supervisor.watch().failure
        if failure:
            print(failure, file=sys.stderr, flush=True)
        if options.once:
            return 1 if failure else 0
        _say(f"Serving on {url(sock)} until Ctrl-C.")
    supervisor.watch()
    return 0


def _start(supervisor: Supervisor, options: Options, sock: socket.socket, token: str, kept: Folder | None) -> None:
    """Start all processes at once, and let them begin when what they need is there."""
    products_sock = listener()
    aws_sock = None if environment.external_endpoint() else listener()
    aws_url = url(aws_sock) if aws_sock else None
    signing = secrets.token_urlsafe(30) if kept is None else folder.signing_secret(kept)
    site = environment.Site(url(sock), aws_url, url(products_sock), token, signing, options.public_url)
    account = environment.enter(site)
    if forked.possible():
        shared_imports.of_all()
    aws = [supervisor.start(programs.embedded_aws(aws_sock, kept))] if aws_sock else []
    if forked.possible():
        shared_imports.of_the_application()
    others = [
        supervisor.start(program)
        for program in (programs.api(sock), programs.worker(options, account.region, account.account_id))
    ]
    supervisor.begin(*aws)
    if kept is not None and aws_url is not None:
        folder.write_private(kept.path / folder.ENDPOINT, f"{aws_url}\n")  # for tools on this machine
    if aws_sock is None:
        environment.create_resources(account)
    if kept is not None and kept.lost_token:
        readmit(kept, token)
    # the last to be needed, by the first result: its socket listens, and two cores have enough to do with the others
    others.append(supervisor.start(programs.products(products_sock)))
    supervisor.begin(*others)


def _show(events: "queue.SimpleQueue[Event]", stage: "Stage") -> None:
    from infra.local.demo.demo import demonstrate  # noqa: PLC0415 - as there

    try:
        demonstrate(stage)
    except Exception as error:  # noqa: BLE001 - whatever it is, the stack goes on and says so
        events.put(Demonstrated(f"The demo has failed: {error}"))
    else:
        events.put(Demonstrated(None))


def _say(line: str) -> None:
    print(line, flush=True)
