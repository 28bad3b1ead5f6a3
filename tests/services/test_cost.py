"""What lists of services and default analyses cost does not grow with their groups and authors."""

from chalicelib import memory
from tests.services.registering import register
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user


def calls_of(api, path):
    """What a list calls when the process remembers nothing but who is asking."""
    memory.forget()
    api.get("/api/internal/profile")
    with recorded_aws_calls() as made:
        assert api.get(path).status == 200
    return made


def test_the_list_of_services_reads_all_groups_together(admin):
    register(admin, group_ids=[make_group(admin)])
    few = calls_of(admin, "/api/analysis_service")
    for _ in range(5):
        register(admin, group_ids=[make_group(admin), make_group(admin)])
    assert calls_of(admin, "/api/analysis_service") == few


def test_the_list_of_defaults_reads_all_groups_and_authors_together(admin):
    group = make_group(admin)
    service_id = register(admin, group_ids=[group])
    path = f"/api/analysis_service/{service_id}/default_analysis"

    def add():
        other = make_group(admin)
        author = make_user(admin, groups=[group, other])
        assert author.post(path, {"group_ids": [group, other]}).status == 200

    add()
    few = calls_of(admin, path)
    for _ in range(5):
        add()
    assert calls_of(admin, path) == few
