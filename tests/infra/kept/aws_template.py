"""Run as a program: a process that has imported what the embedded AWS needs, and forks one for each message.

Imports take ten times as long as all else that an embedded AWS does before it answers. The template makes nothing in
AWS, reads no settings, and has one thread. What it forks is a process of its own with what the message brought, which
runs `infra.local.aws.run_aws` from its first line on. The template ends when its channel is closed, as a parent that
dies does.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys

MESSAGE = 1 << 17
"""Bytes of the longest message, which holds an environment."""

DESCRIPTORS = 5
"""Standard input, output and error, the listening socket, and the folder's lock if there is one."""

MODULE = "tests.infra.kept.aws_template"
_STANDARD = 3
_PROGRAM = "infra.local.aws.run_aws"
_SERVICES = ("dynamodb", "kms", "s3", "secretsmanager", "sqs")
_IMPORTED = (
    "chalicelib.http.logs",
    "infra.local.aws.embedded_aws",
    "infra.local.aws.own_resources",
    *(f"moto.{service}.urls" for service in _SERVICES),
    "moto.iam.access_control",
    "moto.sts.models",
    "cryptography.x509",
    "flask.debughelpers",
)
"""Also what is imported with the first request, or the first key."""


def prepare() -> None:
    """Import, and read what the services are like: all that is the same whatever the embedded AWS then holds."""
    gc.disable()  # what is imported stays
    for name in _IMPORTED:
        importlib.import_module(name)
    from moto.core.utils import get_service_model

    from infra.local.aws import cheap_models

    cheap_models.install()
    for service in _SERVICES:
        get_service_model(service)
        cheap_models.regions(None, service)
    gc.freeze()  # what children do not look through stays shared


def main(channel: socket.socket) -> None:
    """Fork what is asked for and say how it ended, one after the other; return in what was forked."""
    codes: dict[int, int] = {}  # of what has ended, for one who asks again
    while True:
        text, descriptors, _, _ = socket.recv_fds(channel, MESSAGE, DESCRIPTORS)
        if not text:
            sys.exit(0)
        number, message = json.loads(text)
        if "ended" in message:
            pid = message["ended"]
            if pid not in codes:
                codes[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            answer = codes[pid]
        elif (answer := os.fork()) == 0:
            channel.close()
            _become(descriptors, **message)
            return
        else:
            codes.pop(answer, None)
        for descriptor in descriptors:
            os.close(descriptor)
        channel.send(json.dumps([number, answer]).encode())


def _become(descriptors: list[int], arguments: list[str], environment: dict[str, str]) -> None:
    """Be as one that was executed with an environment, and the listening socket as its first argument."""
    from moto.moto_api._internal import mock_random

    for standard, descriptor in enumerate(descriptors[:_STANDARD]):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    mock_random.seed()  # as Python's own does after a fork
    sys.argv[1:] = [str(descriptors[_STANDARD]), *arguments]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the parent, of whose end the channel tells
    prepare()
    main(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module(_PROGRAM, run_name="__main__", alter_sys=True)
