"""How many AWS calls a relay takes on a warm function."""

from chalicelib.analyses.handlers import on_dispatch_message
from chalicelib.relay.forward import forward
from tests.support.aws_calls import recorded_aws_calls
from tests.support.scene import SUCCESS
from tests.support.worker import take


def _calls_of(operation):
    with recorded_aws_calls() as calls:
        operation()
    return calls


def test_what_a_portal_posts_takes_six(relayed):
    portal = relayed.portal
    relayed.ask(portal.record("ZTF26a"))
    document = portal.document(portal.record("ZTF26b"))
    calls = _calls_of(lambda: relayed.post(document))
    assert calls == ["GetItem", "GetItem", "Encrypt", "PutObject", "TransactWriteItems", "SendMessage"]


def test_a_dispatch_takes_as_many_as_any_and_a_webhook_one_message_more(relayed):
    for name in ("ZTF26a", "ZTF26b"):
        relayed.ask(relayed.portal.record(name))
    first, second = take("dispatch")
    on_dispatch_message(first)
    sent = ["UpdateItem", "TransactGetItems", "GetObject", "PutObject", "UpdateItem"]
    assert _calls_of(lambda: on_dispatch_message(second)) == sent
    relayed.scene.answer(relayed.scene.service.received[0].token, SUCCESS)
    token = relayed.scene.service.received[1].token
    calls = _calls_of(lambda: relayed.scene.answer(token, SUCCESS))
    assert calls == ["GetItem", "PutObject", "TransactWriteItems", "SendMessage", "SendMessage"]


def test_forwarding_takes_eight(relayed):
    for name in ("ZTF26a", "ZTF26b"):
        _, run_id = relayed.begin(name)
        relayed.answer()
        relayed.clock.advance(seconds=6)
        calls = _calls_of(lambda run_id=run_id: forward(run_id))
    assert calls == [
        "GetItem",
        "GetItem",
        "UpdateItem",
        "Decrypt",
        "HeadObject",
        "GetObject",
        "UpdateItem",
        "UpdateItem",
    ]
