"""The template of a deployment: what stands around the functions so that nothing that comes in is trusted."""

import json

import pytest
import yaml

from infra.edge import api_properties, gateway_responses
from infra.package import ROOT, additions

CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())


@pytest.fixture(scope="module")
def merged():
    return additions()


def of_type(merged, kind):
    return {name: each for name, each in merged["Resources"].items() if each.get("Type") == kind}


def test_every_stage_is_regional_and_makes_its_own_roles():
    assert CONFIG["api_gateway_endpoint_type"] == "REGIONAL"
    assert CONFIG["autogen_policy"] is False
    for stage in CONFIG["stages"].values():
        assert "manage_iam_role" not in stage
        assert "iam_role_arn" not in stage


def test_requests_are_throttled_by_the_gateway_and_results_least(merged):
    everything, webhook = api_properties()["MethodSettings"]
    defaults = {name: parameter.get("Default") for name, parameter in merged["Parameters"].items()}

    assert (everything["ResourcePath"], everything["HttpMethod"]) == ("/*", "*")
    assert webhook["ResourcePath"].replace("~1", "/") == "//api/webhook/obj_analysis/{token}"
    for settings in (everything, webhook):
        assert 0 < defaults[settings["ThrottlingRateLimit"]["Ref"]] <= 10_000
        assert 0 < defaults[settings["ThrottlingBurstLimit"]["Ref"]] <= 5_000
    assert defaults[webhook["ThrottlingRateLimit"]["Ref"]] > defaults[everything["ThrottlingRateLimit"]["Ref"]]


def test_no_log_of_the_gateway_holds_a_path_a_body_or_a_header():
    setting = api_properties()["AccessLogSetting"]
    logged = set(json.loads(setting["Format"]).values())

    assert "$context.resourcePath" in logged
    assert not {each for each in logged if each in {"$context.path", "$context.authorizer.claims"}}
    assert all(each.startswith("$context.") for each in logged)
    for settings in api_properties()["MethodSettings"]:
        assert (settings["DataTraceEnabled"], settings["LoggingLevel"]) == (False, "OFF")


def test_what_the_gateway_answers_itself_has_the_shape_and_the_headers_of_all_answers():
    responses = gateway_responses()

    assert {kind: each.get("statusCode") for kind, each in responses.items()} == {
        "MISSING_AUTHENTICATION_TOKEN": "404",
        "RESOURCE_NOT_FOUND": "404",
        "REQUEST_TOO_LARGE": "413",
        "THROTTLED": "429",
        "INTEGRATION_TIMEOUT": "504",
        "DEFAULT_4XX": None,
        "DEFAULT_5XX": None,
    }
    for kind, each in responses.items():
        headers = {name.removeprefix("gatewayresponse.header."): v for name, v in each["responseParameters"].items()}
        assert headers["X-Content-Type-Options"] == "'nosniff'"
        assert headers["X-Frame-Options"] == "'DENY'"
        assert headers["Content-Security-Policy"] == "'sandbox'"
        assert headers["Strict-Transport-Security"].startswith("'max-age=")
        assert all(value[0] == value[-1] == "'" and value.count("'") == 2 for value in headers.values())
        assert ("Retry-After" in headers) == (kind == "THROTTLED")


def test_every_dead_letter_queue_has_an_alarm(merged):
    queues = of_type(merged, "AWS::SQS::Queue")
    dead = {
        each["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for each in queues.values()
        if "RedrivePolicy" in each["Properties"]
    }
    watched = {name.removesuffix("Alarm") for name in of_type(merged, "AWS::CloudWatch::Alarm")}

    assert dead <= watched
    assert len(dead) >= 4
    for alarm in of_type(merged, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]


def test_every_queue_that_feeds_a_function_gives_up_into_a_dead_letter_queue(merged):
    for name, queue in of_type(merged, "AWS::SQS::Queue").items():
        assert ("RedrivePolicy" in queue["Properties"]) != name.endswith("DeadQueue"), name


def test_the_bucket_is_private_encrypted_and_reached_over_tls_only(merged):
    [bucket] = of_type(merged, "AWS::S3::Bucket").values()
    [policy] = of_type(merged, "AWS::S3::BucketPolicy").values()
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["Properties"]["BucketEncryption"]
    assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "s3:*", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_tables_are_encrypted_and_can_be_put_back(merged):
    for table in of_type(merged, "AWS::DynamoDB::Table").values():
        assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionPolicy"] == "Retain"


def test_keys_rotate_and_the_webhook_secret_is_made_by_aws(merged):
    [key] = of_type(merged, "AWS::KMS::Key").values()
    [secret] = of_type(merged, "AWS::SecretsManager::Secret").values()

    assert key["Properties"]["EnableKeyRotation"] is True
    assert "SecretString" not in secret["Properties"]
    assert secret["Properties"]["GenerateSecretString"]["PasswordLength"] >= 32


def test_the_first_administrators_token_is_known_to_the_api_alone(merged):
    knowing = {
        name
        for name, each in merged["Resources"].items()
        if "SIDEROSTAT_ADMIN_TOKEN" in yaml.safe_dump(each.get("Properties", {}))
    }

    assert knowing == {"APIHandler"}
    assert "SIDEROSTAT_ADMIN_TOKEN" not in yaml.safe_dump(merged["Globals"])
    for name, parameter in merged["Parameters"].items():
        assert parameter.get("NoEcho", False) == name.endswith(("Token", "Key")), name


def test_the_periodograms_function_has_limits_a_role_of_its_own_and_no_settings(merged):
    functions = of_type(merged, "AWS::Lambda::Function")
    properties = functions["PeriodogramsFunction"]["Properties"]
    role = merged["Resources"]["PeriodogramsRole"]["Properties"]

    assert set(functions) == {"ProductsFunction", "PeriodogramsFunction"}
    assert properties["Role"] == {"Fn::GetAtt": ["PeriodogramsRole", "Arn"]}
    assert (properties["MemorySize"], properties["Timeout"]) == (1769, 25)  # less than the gateway's 29 s
    assert set(properties["Environment"]["Variables"]) == {"HOME"}
    assert "ManagedPolicyArns" not in role
    [policy] = role["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert {action.partition(":")[0] for action in statement["Action"]} == {"logs"}
    assert statement["Resource"] == {"Fn::GetAtt": ["PeriodogramsLogs", "Arn"]}


def test_the_products_function_has_limits_a_role_of_its_own_and_no_settings(merged):
    properties = of_type(merged, "AWS::Lambda::Function")["ProductsFunction"]["Properties"]
    role = merged["Resources"]["ProductsRole"]["Properties"]

    assert properties["Role"] == {"Fn::GetAtt": ["ProductsRole", "Arn"]}
    assert (properties["MemorySize"], properties["Timeout"]) == (2048, 120)
    assert properties["EphemeralStorage"] == {"Size": 2048}  # 300 + 400 + 300 + 400 MB, and room
    assert "Layers" not in properties
    assert set(properties["Environment"]["Variables"]) == {"MPLCONFIGDIR"}
    assert "ManagedPolicyArns" not in role
    [policy] = role["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert {action.partition(":")[0] for action in statement["Action"]} == {"logs"}


def test_every_function_of_a_queue_has_a_maximum_concurrency(merged):
    """What API Gateway and SQS may start at once, so that one flood does not take all of the account's functions."""
    for name in CONFIG["stages"]["prod"]["lambda_functions"]:
        logical = "".join(part.title() for part in name.split("_"))
        for event in merged["Resources"].get(logical, {}).get("Properties", {}).get("Events", {}).values():
            assert event["Properties"]["ScalingConfig"]["MaximumConcurrency"] >= 2
