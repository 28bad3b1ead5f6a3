"""The life cycle as a state machine: whatever happens in whatever order, its rules hold and it comes to rest."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run.webhook_token import token_of
from chalicelib.analyses.states import ENDED, OPEN, State
from tests.faults.invariants import check
from tests.faults.wire import Died
from tests.faults.world import TIMEOUT
from tests.support.service import Reaction

EXAMPLES, STEPS = 20, 20

RUNS = st.integers(0, 20)
MESSAGES = st.tuples(st.sampled_from(["dispatch", "collect", "cleanup"]), st.integers(0, 20))
REACTIONS = [
    Reaction(200),
    Reaction(503, b"later", {"Retry-After": "30"}),
    Reaction(422, b"no"),
    Reaction(429, b"busy"),
]


class LifeCycle(RuleBasedStateMachine):
    """Rules are what people, services, queues, the clock and crashes may do; each run is checked at every step."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        world.rewind()
        world.scene.service.reaction = Reaction()

    def choose(self, number):
        return self.world.started[number % len(self.world.started)]

    @rule()
    @precondition(lambda self: len(self.world.started) < 4)
    def start(self):
        self.world.start()

    @rule(reaction=st.sampled_from(REACTIONS))
    def the_service_changes(self, reaction):
        self.world.scene.service.reaction = reaction

    @rule(wanted=MESSAGES, twice=st.booleans())
    def a_message_is_delivered(self, wanted, twice):
        queue, number = wanted
        messages = self.world.receive(queue)
        if messages:
            message = messages[number % len(messages)]
            self.world.deliver(queue, message, keep=twice)
            if twice:
                self.world.deliver(queue, message)

    @rule(wanted=MESSAGES)
    def a_message_is_lost(self, wanted):
        queue, number = wanted
        messages = self.world.receive(queue)
        if messages:
            self.world.drop(queue, messages[number % len(messages)])

    @rule()
    def all_messages_are_delivered(self):
        self.world.pump()

    @rule(wanted=MESSAGES, point=st.integers(0, 6), before=st.booleans())
    def a_function_dies(self, wanted, point, before):
        queue, _ = wanted
        messages = self.world.receive(queue)
        if messages:
            with self.world.wire.dying(point, before=before):
                self.world.deliver(queue, messages[0])

    @rule(number=RUNS, status=st.sampled_from(["success", "failure", None]))
    @precondition(lambda self: self.world.started)
    def the_service_posts(self, number, status):
        analysis_id = self.choose(number)
        was = Run.find(analysis_id)
        answer = self.world.post(analysis_id, status=status)
        if was.state not in OPEN:
            assert answer == 403
        elif answer == 200:
            assert Run.find(analysis_id).state is (State.COMPLETED if status == "success" else State.FAILURE)
        else:
            assert Run.find(analysis_id).state not in OPEN

    @rule(number=RUNS, garbage=st.sampled_from([b"[]", b"{", b"\xff", b'"success"']))
    @precondition(lambda self: self.world.started)
    def the_service_posts_garbage(self, number, garbage):
        analysis_id = self.choose(number)
        was = Run.find(analysis_id).state
        assert self.world.scene.answer(token_of(analysis_id), raw=garbage).status == 400
        assert Run.find(analysis_id).state is was  # and the token stays valid

    @rule(number=RUNS, point=st.integers(0, 4), before=st.booleans())
    @precondition(lambda self: self.world.started)
    def the_webhook_dies(self, number, point, before):
        analysis_id = self.choose(number)
        with self.world.wire.dying(point, before=before):
            try:
                self.world.post(analysis_id)
            except Died:
                self.world.look()

    @rule(number=RUNS)
    @precondition(lambda self: self.world.started)
    def somebody_deletes(self, number):
        analysis_id = self.choose(number)
        gone = Run.find(analysis_id).state is State.DELETED
        answer = self.world.scene.user.delete(f"/api/obj/analysis/{analysis_id}")
        assert answer.status == (403 if gone else 200)
        assert Run.find(analysis_id).state is State.DELETED

    @rule(number=RUNS)
    @precondition(lambda self: self.world.started)
    def somebody_cancels(self, number):
        analysis_id = self.choose(number)
        was = Run.find(analysis_id).state
        answer = self.world.scene.user.post(f"/api/obj/analysis/{analysis_id}/cancel")
        is_now = Run.find(analysis_id).state
        assert is_now not in OPEN
        assert (is_now is State.CANCELLED) == (was is State.CANCELLED or answer.status == 200)
        assert was in OPEN or is_now is was

    @rule(number=RUNS)
    @precondition(lambda self: 0 < len(self.world.started) < 6)
    def somebody_retries(self, number):
        analysis_id = self.choose(number)
        if Run.find(analysis_id).state in ENDED:
            self.world.begin(f"/api/obj/analysis/{analysis_id}/retry", None)

    @rule(seconds=st.sampled_from([1, 61, 91, TIMEOUT + 1, TIMEOUT + 61, 400, 3600]))
    def time_passes(self, seconds):
        self.world.advance(seconds=seconds)

    @rule()
    def the_clock_strikes(self):
        self.world.sweep()

    @rule()
    @precondition(lambda self: self.world.started)
    def people_look(self):
        shown = {row["id"]: row["status"] for row in self.world.scene.user.get("/api/obj/analysis").data}
        assert shown == {run.id: run.status for run in self.world.runs() if run.state is not State.DELETED}

    def teardown(self):
        self.world.settle()
        check(self.world)


@pytest.mark.timeout(400)
def test_no_order_of_events_breaks_the_life_cycle(world):
    run_state_machine_as_test(
        lambda: LifeCycle(world),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
