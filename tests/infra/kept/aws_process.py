"""The embedded AWS with a folder, as a process that can be killed and started again."""

import os
import subprocess
import sys

import boto3
from botocore.config import Config

from infra.local.aws.kept import folder
from infra.local.aws.run_aws import CREATE
from infra.local.http.listening import listener, url
from tests.infra.kept.forked import Forked

ONCE = Config(retries={"total_max_attempts": 1}, max_pool_connections=1, connect_timeout=5, read_timeout=20)


class KeptAws:
    """Starts on construction, with the resources of a site if it has a prefix; a context manager.

    Clients wait while it is being started again.
    """

    def __init__(self, data, prefix=None, **environment):
        self._sock = listener()
        self.url = url(self._sock)
        self.data = data
        self._creates = [] if prefix is None else [CREATE]
        self._is_executed = bool(environment)  # what the loader or the imports might read is there from the beginning
        self._environment = {**os.environ, **environment, **({"SIDEROSTAT_PREFIX": prefix} if prefix else {})}
        self.start()

    def start(self):
        self.begin()
        self.go()
        assert self.process.stdout.readline().startswith(b"ready "), self.process.stderr.read()

    def begin(self):
        self._folder = folder.take(self.data)
        fds = self._sock.fileno(), self._folder.lock
        arguments = [str(self.data), *self._creates]
        start = self._executed if self._is_executed else Forked
        self.process = start(fds, arguments, self._environment)
        os.close(self._folder.lock)

    @staticmethod
    def _executed(fds, arguments, environment):
        return subprocess.Popen(
            [sys.executable, "-m", "infra.local.aws.run_aws", str(fds[0]), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            env=environment,
        )

    def go(self):
        self.process.stdin.write(b"go\n")
        self.process.stdin.flush()

    def client(self, service, **named):
        named = {"config": ONCE} | named
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", **named)

    def kill(self):
        self.process.kill()
        self.wait()

    def stop(self):
        self.process.stdin.close()
        self.wait()

    def wait(self):
        self.process.wait(timeout=20)
        self.said = self.process.stderr.read().decode()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.kill()
        self._sock.close()
