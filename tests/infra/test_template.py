"""The template of a deployment: what stands around the functions so that nothing that comes in is trusted."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.edge import api_properties, gateway_responses
from infra.package.template import ROOT, deployed, text_of
from tests.support.packages import generated

CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    return deployed(generated(tmp_path_factory, "dev")[0], "dev", "x86_64")


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

    assert dead | {"ClockDeadQueue"} == {name for name in queues if name.endswith("DeadQueue")}
    assert {name for name in queues if name.endswith("DeadQueue")} <= watched
    assert len(dead) >= 4
    for alarm in of_type(merged, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]


def test_a_tick_of_the_clock_that_is_lost_or_fails_is_kept_to_be_looked_at(merged):
    sweep = merged["Resources"]["Sweep"]
    queue = {"Fn::GetAtt": ["ClockDeadQueue", "Arn"]}
    clocks = {
        name: event["Properties"]
        for name, function in of_type(merged, "AWS::Serverless::Function").items()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "Schedule"
    }
    [sender] = [each["Properties"] for each in of_type(merged, "AWS::IAM::Policy").values()]
    [accepts] = [
        statement
        for policy in of_type(merged, "AWS::SQS::QueuePolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]

    assert {name: each["DeadLetterConfig"] for name, each in clocks.items()} == {"Sweep": {"Arn": queue}}
    assert sweep["Properties"]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] == queue
    assert sweep["DependsOn"] == "FailedTicks"
    assert sender["Roles"] == [{"Ref": "SweepRole"}]
    assert [each["Resource"] for each in sender["PolicyDocument"]["Statement"]] == [queue]
    assert (accepts["Principal"], accepts["Resource"]) == ({"Service": "events.amazonaws.com"}, queue)
    assert accepts["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["SweepSweepEvent", "Arn"]}}}


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
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"


def test_keys_rotate_and_the_webhook_secret_is_made_by_aws(merged):
    [key] = of_type(merged, "AWS::KMS::Key").values()

    assert key["Properties"]["EnableKeyRotation"] is True
    for secret in of_type(merged, "AWS::SecretsManager::Secret").values():
        assert "SecretString" not in secret["Properties"]
        assert secret["Properties"]["GenerateSecretString"]["PasswordLength"] >= 32


def test_the_first_administrators_token_is_known_to_the_api_alone(merged):
    knowing = {
        name
        for name, each in merged["Resources"].items()
        if "SIDEROSTAT_ADMIN_TOKEN" in text_of(each.get("Properties", {}))
    }

    assert knowing == {"APIHandler"}
    assert "SIDEROSTAT_ADMIN_TOKEN" not in text_of(merged["Globals"])
    for parameter in merged["Parameters"].values():
        assert "NoEcho" not in parameter


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
    for name in CONFIG["stages"]["dev"]["lambda_functions"]:
        logical = "".join(part.title() for part in name.split("_"))
        for event in merged["Resources"].get(logical, {}).get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "SQS":
                assert event["Properties"]["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_every_log_expires_and_every_function_writes_its_own(merged):
    logs = of_type(merged, "AWS::Logs::LogGroup")
    functions = of_type(merged, "AWS::Serverless::Function") | of_type(merged, "AWS::Lambda::Function")
    own = {each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for each in functions.values()}

    assert all(each["Properties"]["RetentionInDays"] == {"Ref": "LogDays"} for each in logs.values())
    assert merged["Parameters"]["LogDays"]["Default"] == 90
    assert own == set(logs) - {"AccessLogs"}
    assert len(own) == len(functions)


def test_all_functions_run_on_one_runtime_and_architecture(merged):
    functions = of_type(merged, "AWS::Serverless::Function") | of_type(merged, "AWS::Lambda::Function")

    assert {each["Properties"]["Runtime"] for each in functions.values()} == {"python3.13"}
    assert {tuple(each["Properties"]["Architectures"]) for each in functions.values()} == {("x86_64",)}
    assert not [name for name, each in functions.items() if "ReservedConcurrentExecutions" in each["Properties"]]


def test_nothing_in_the_template_is_of_one_site_one_stage_or_one_partition(merged):
    text = json.dumps({**merged, "Parameters": {}})

    assert "siderostat-" not in text
    assert "siderostat*" not in text
    assert "arn:aws:" not in text


def test_a_policy_names_the_resources_of_its_stack_alone(merged):
    roles = of_type(merged, "AWS::IAM::Role")
    statements = [
        statement
        for role in roles.values()
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    named = [
        each
        for one in statements
        for each in ([one["Resource"]] if isinstance(one["Resource"], dict) else one["Resource"])
    ]

    assert len(statements) > 40
    for resource in named:
        [(function, argument)] = resource.items()
        if function == "Fn::Sub":
            assert "${Prefix}" in argument
            assert "*" not in argument or argument.endswith("/*"), argument
        else:
            assert function in {"Ref", "Fn::GetAtt"}


@pytest.mark.parametrize(
    ("url", "taken"),
    [("", True), ("https://api.example.org/dev", True), ("https://api.example.org", True)]
    + [
        (url, False)
        for url in ("https://api.example.org/dev/", "https://api.example.org/", "api.example.org", "https://a b")
    ],
)
def test_the_public_url_has_no_slash_at_its_end_and_need_not_be_known(merged, url, taken):
    parameter = merged["Parameters"]["PublicUrl"]

    assert parameter["Default"] == ""
    assert (re.fullmatch(parameter["AllowedPattern"], url) is not None) == taken


def test_the_url_of_the_api_is_known_to_functions_without_a_circle(merged):
    variables = merged["Globals"]["Function"]["Environment"]["Variables"]
    [_, _, otherwise] = variables["SIDEROSTAT_PUBLIC_URL"]["Fn::If"]

    assert otherwise["Fn::If"][2] == {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/dev"}
    assert "APIHandler" not in json.dumps(merged["Resources"]["RestAPI"])


def test_the_api_has_one_stage_which_waits_for_the_accounts_role(merged):
    api = merged["Resources"]["RestAPI"]

    assert api["DependsOn"] == ["GatewayAccount"]
    assert api["Properties"]["OpenApiVersion"] == "2.0"  # without it SAM makes a stage named "Stage"


def test_secrets_are_named_in_environments_never_held(merged):
    environments = [merged["Globals"]["Function"]] + [each["Properties"] for each in merged["Resources"].values()]
    variables = [one for each in environments for one in each.get("Environment", {}).get("Variables", {}).items()]
    secret = {name: value for name, value in variables if name.endswith(("TOKEN", "API_KEY", "PASSWORD"))}

    assert set(secret) == {
        "SIDEROSTAT_ADMIN_TOKEN",
        "SIDEROSTAT_EMBEDDING_API_KEY",
        "SIDEROSTAT_OPENAI_API_KEY",
        "SIDEROSTAT_SUMMARIZER_TOKEN",
    }
    assert secret.pop("SIDEROSTAT_ADMIN_TOKEN") == {"Ref": "AdminToken"}
    assert merged["Resources"]["AdminToken"]["Type"] == "AWS::SecretsManager::Secret"
    for value in secret.values():
        assert ":ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Prefix}/" in value["Fn::Sub"]
    assert "resolve:" not in json.dumps(merged)
    assert merged["Outputs"]["AdminTokenSecret"]["Value"] == {"Fn::Sub": "${Prefix}-admin-token"}


def test_what_holds_data_is_kept_but_for_a_create_that_failed_and_so_is_what_it_needs(merged):
    kept = {name for name, each in merged["Resources"].items() if each.get("DeletionPolicy") == "RetainExceptOnCreate"}

    assert kept == {
        *of_type(merged, "AWS::DynamoDB::Table"),
        *of_type(merged, "AWS::S3::Bucket"),
        *of_type(merged, "AWS::KMS::Key"),
        *of_type(merged, "AWS::KMS::Alias"),
        *of_type(merged, "AWS::SecretsManager::Secret"),
        "GatewayAccount",
        "GatewayLogsRole",
    }
    assert not [name for name, each in merged["Resources"].items() if each.get("DeletionPolicy") == "Retain"]


def test_tables_can_be_protected_and_objects_brought_back(merged):
    [bucket] = of_type(merged, "AWS::S3::Bucket").values()

    assert merged["Parameters"]["DeletionProtection"]["Default"] == "false"
    for table in of_type(merged, "AWS::DynamoDB::Table").values():
        assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_functions_are_traced_if_a_parameter_says_so(merged):
    assert merged["Parameters"]["Tracing"]["Default"] == "PassThrough"
    for function in of_type(merged, "AWS::Serverless::Function").values():
        assert function["Properties"]["Tracing"] == {"Ref": "Tracing"}


def test_queues_are_encrypted_and_may_be_answered_in_part(merged):
    assert all(each["Properties"]["SqsManagedSseEnabled"] for each in of_type(merged, "AWS::SQS::Queue").values())
    for function in of_type(merged, "AWS::Serverless::Function").values():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == "SQS":
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_what_must_be_watched_is_watched(merged):
    alarms = of_type(merged, "AWS::CloudWatch::Alarm")
    watched = {
        (each["Properties"].get("MetricName"), str(each["Properties"].get("Dimensions"))) for each in alarms.values()
    }
    functions = of_type(merged, "AWS::Serverless::Function") | of_type(merged, "AWS::Lambda::Function")
    consumed = [name for name in of_type(merged, "AWS::SQS::Queue") if not name.endswith("DeadQueue")]

    assert {name for name, _ in watched} >= {"5XXError", "Errors", "Invocations"}
    assert {d for name, d in watched if name == "Throttles"} == {
        str([{"Name": "FunctionName", "Value": {"Ref": name}}]) for name in functions
    }
    assert {d for name, d in watched if name == "ApproximateAgeOfOldestMessage"} == {
        str([{"Name": "QueueName", "Value": {"Fn::GetAtt": [name, "QueueName"]}}]) for name in consumed
    }
    assert [name for name, each in alarms.items() if each["Properties"]["TreatMissingData"] == "breaching"] == [
        "ClockAlarm"
    ]


def test_every_alarm_tells_somebody_and_has_a_paragraph_that_says_what_to_do(merged):
    runbook = (ROOT / "docs" / "operations.md").read_text()
    anchors = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", runbook, re.MULTILINE)}

    for name, alarm in of_type(merged, "AWS::CloudWatch::Alarm").items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]
        assert alarm["Properties"]["AlarmDescription"].partition("operations.md#")[2].rstrip(".") in anchors
        assert f"`{name}`" in runbook


def test_there_is_one_dashboard_of_which_every_graph_is_understood(merged):
    [dashboard] = of_type(merged, "AWS::CloudWatch::Dashboard").values()
    widgets = json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]

    assert len(widgets) >= 10
    assert all(each["type"] == "metric" and each["properties"]["metrics"] for each in widgets)


def test_cloudformation_understands_it_and_the_rules_for_serverless_stacks_hold(merged, tmp_path):
    file = tmp_path / "template.yaml"
    file.write_text(text_of(merged))
    lint = str(Path(sys.executable).with_name("cfn-lint"))
    rules = ("--append-rules", "cfn_lint_serverless.rules", "--template", str(file))
    done = subprocess.run((lint, *rules), cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_a_template_has_no_aliases_which_cloudformation_does_not_know(merged):
    assert not re.search(r"[:-] [&*]id\d+", text_of(merged))


def test_a_template_is_the_same_text_where_there_is_no_libyaml(merged, monkeypatch):
    text = text_of(merged)
    monkeypatch.setattr("infra.plain_yaml.SafeDumper", yaml.SafeDumper)

    assert text_of(merged) == text
