import json

import pytest

from infra.package.template import ROOT, additions, deployed, text_of
from infra.plain_yaml import read_yaml
from tests.support.packages import generated

QUEUES = {
    "Dispatch": "DispatchQueue",
    "Collect": "CollectQueue",
    "Cleanup": "CleanupQueue",
    "Triggers": "TriggersQueue",
    "Batch": "BatchQueue",
    "Relay": "RelayQueue",
    "Summarize": "SummarizeQueue",
    "Events": "EventsQueue",
    "Embed": "EmbedQueue",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The template of a deployment, packaged without dependencies."""
    return read_yaml(text_of(deployed(generated(tmp_path_factory, "dev")[0], "dev", "x86_64")))


def functions(built):
    return {name: each for name, each in built["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}


def statements(built):
    return [
        (name, statement)
        for name, resource in built["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
        for policy in resource["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def texts(value):
    """Yield the keys and texts of a template's values."""
    if isinstance(value, dict):
        yield from value
        yield from texts(list(value.values()))
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def references(value):
    """Yield the names that a template's values refer to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_queue_with_a_handler_feeds_its_function(built):
    for name, queue in QUEUES.items():
        [source] = functions(built)[name]["Properties"]["Events"].values()
        assert source["Properties"]["Queue"] == {"Fn::GetAtt": [queue, "Arn"]}
        assert source["Properties"]["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_a_queue_hides_a_message_for_six_times_its_functions_time_limit(built):
    for name, queue in QUEUES.items():
        timeout = functions(built)[name]["Properties"]["Timeout"]
        assert built["Resources"][queue]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_everything_that_is_referred_to_exists(built):
    made_by_sam = {"RestAPI.Stage", "SweepSweepEvent"}
    known = set(built["Resources"]) | set(built["Parameters"]) | made_by_sam

    assert {name for name in references(built["Resources"]) if not name.startswith("AWS::")} <= known
    assert set(references(built["Globals"])) <= known


def test_the_gateway_is_regional_binary_and_answers_in_the_one_shape(built):
    api = built["Resources"]["RestAPI"]["Properties"]
    body = api["DefinitionBody"]

    assert api["EndpointConfiguration"] == "REGIONAL"
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    for answer in body["x-amazon-apigateway-gateway-responses"].values():
        content = json.loads(answer["responseTemplates"]["application/json"])
        assert set(content) == {"status", "message", "data", "version"}
        assert content["status"] == "error"


def test_no_policy_allows_all_actions_or_all_resources(built):
    for name, statement in statements(built):
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if "*" in action], name
        assert statement["Resource"] != "*", name
        assert "*" not in statement["Resource"], name


def test_only_dispatch_may_decrypt_credentials_and_others_what_is_sealed_for_them(built):
    decrypting = {name: each["Condition"] for name, each in statements(built) if "kms:Decrypt" in each["Action"]}

    assert set(decrypting) == {"DispatchRole", "EmbedRole", "EventsRole", "RelayRole", "SummarizeRole"}
    assert decrypting["EmbedRole"]["StringLike"] == {"kms:EncryptionContext:owner": ["user#*"]}
    assert decrypting["RelayRole"]["StringLike"] == {"kms:EncryptionContext:owner": ["relay#*"]}
    assert decrypting["EventsRole"]["StringLike"] == {"kms:EncryptionContext:owner": ["event_subscription#*"]}
    assert decrypting["SummarizeRole"]["StringLike"] == {"kms:EncryptionContext:owner": ["summary#*"]}


def test_the_sites_key_of_the_language_model_is_known_to_dispatch_alone(built):
    knowing = {
        name
        for name, each in built["Resources"].items()
        if {"SIDEROSTAT_OPENAI_API_KEY", "ssm:GetParameter"} & set(texts(each)) and "openai-api-key" in json.dumps(each)
    }

    assert knowing == {"Dispatch", "DispatchRole"}


def test_the_products_function_may_write_logs_and_knows_no_setting(built):
    function = built["Resources"]["ProductsFunction"]["Properties"]
    allowed = {action for name, each in statements(built) if name == "ProductsRole" for action in each["Action"]}

    assert allowed == {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert set(function["Environment"]["Variables"]) == {"MPLCONFIGDIR"}


def test_every_handler_has_a_policy_of_its_own():
    for stage in json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"].values():
        files = [function["iam_policy_file"] for function in stage["lambda_functions"].values()]
        assert len(files) == len(set(files))
        for file in files:
            assert (ROOT / ".chalice" / file).exists()


def test_every_resource_is_part_of_what_is_merged():
    wanted = read_yaml((ROOT / "infra" / "resources.yaml").read_text())["Resources"]

    assert wanted.items() <= additions()["Resources"].items()
