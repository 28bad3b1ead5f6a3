"""Rounds of load and `kill -9`; what an AWS with a folder has answered is there afterwards."""

import random
import time

from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.ledger import Ledger, Load, compare, create

LOAD_SECONDS = (0.5, 2.5)


def kill_under_load(data, rounds):
    """Return how much was answered."""
    ledger, randomness = Ledger(), random.Random()
    with KeptAws(data) as aws:
        create(aws)
        for _ in range(rounds):
            with Load(aws, ledger):
                time.sleep(randomness.uniform(*LOAD_SECONDS))
                aws.kill()
                aws.start()  # within the load: what waits for an answer gets one, and nobody is left that writes
            compare(aws, ledger)
            # what was drained is hidden for an hour: begin with an empty queue
            aws.client("sqs").purge_queue(QueueUrl=f"{aws.url}/123456789012/ledger")
            ledger.sent.clear()
            ledger.deleted.clear()
            ledger.unanswered_deletions.clear()
    return ledger.answers
