"""Files attached to comments."""

import base64

import pytest

from tests.support.aws_calls import recorded_aws_calls
from tests.support.parallel import at_once
from tests.support.people import make_group
from tests.support.scene import PNG, stored

TEXT = b"a finding chart"


def encoded(content):
    return base64.b64encode(content).decode()


def posted(sky, content=TEXT, name="chart.txt", **fields):
    body = {"text": "see there", "attachment": {"name": name, "body": encoded(content)}, **fields}
    return sky.user.post(f"{sky.source}/comments", body).data["comment_id"]


def path(sky, number):
    return f"{sky.source}/comments/{number}"


def read(sky, number, api=None, **query):
    return (api or sky.user).get(f"{path(sky, number)}/attachment", **query)


def objects(sky):
    return stored(f"data/{sky.obj_id}/comment-")


@pytest.mark.parametrize("content", [TEXT, PNG, bytes(range(256)), b""])
def test_a_file_comes_back_byte_for_byte(sky, content):
    number = posted(sky, content, "chart.bin")

    answer = read(sky, number)

    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="chart.bin"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sky.user.get(path(sky, number)).data["attachment_name"] == "chart.bin"


@pytest.mark.parametrize(
    "file",
    [
        {"attachment": {"name": "a.txt", "body": encoded(TEXT)}},
        {"attachment": {"name": "a.txt", "body": f"data:text/plain;name=a.txt;base64,{encoded(TEXT)}"}},
        {"attachment": {"name": "a.txt", "body": f"{encoded(TEXT)[:8]}\r\n {encoded(TEXT)[8:]}\n"}},
        {"attachment_name": "a.txt", "attachment_bytes": encoded(TEXT)},
        {"attachment_name": "a.txt", "attachment_bytes": f"data:;base64,{encoded(TEXT)}"},
    ],
)
def test_every_way_to_send_a_file(sky, file):
    number = sky.user.post(f"{sky.source}/comments", {"text": "see there", **file}).data["comment_id"]

    assert read(sky, number).body == TEXT


@pytest.mark.parametrize("file", [{}, {"attachment": None}, {"attachment_name": None, "attachment_bytes": None}])
def test_a_comment_without_a_file_has_none(sky, file):
    number = sky.user.post(f"{sky.source}/comments", {"text": "nothing to see", **file}).data["comment_id"]

    assert sky.user.get(path(sky, number)).data["attachment_name"] is None
    assert read(sky, number).error == (404, "Comment has no attachment")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"attachment": "chart.txt"}, "attachment"),
        ({"attachment": {}}, "attachment.name"),
        ({"attachment": {"name": "a.txt"}}, "attachment.body"),
        ({"attachment": {"body": "YQ=="}}, "attachment.name"),
        ({"attachment": {"name": " ", "body": "YQ=="}}, "attachment.name"),
        ({"attachment": {"name": "a\r\nb", "body": "YQ=="}}, "attachment.name"),
        ({"attachment": {"name": "x" * 256, "body": "YQ=="}}, "attachment.name"),
        ({"attachment": {"name": "a.txt", "body": 7}}, "attachment.body"),
        ({"attachment": {"name": "a.txt", "body": "no base64!"}}, "attachment.body is not base64"),
        ({"attachment": {"name": "a.txt", "body": "YQ"}}, "attachment.body is not base64"),
        ({"attachment": {"name": "a.txt", "body": "data:text/plain,YQ=="}}, "attachment.body is not base64"),
        ({"attachment": {"name": "a.txt", "body": "é==="}}, "attachment.body is not base64"),
        ({"attachment_name": "a.txt"}, "must be given together"),
        ({"attachment_bytes": "YQ=="}, "must be given together"),
        ({"attachment_name": "a.txt", "attachment_bytes": "???"}, "attachment_bytes is not base64"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_with_its_comment(sky, file, reason):
    number = posted(sky)
    for answer in (
        sky.user.post(f"{sky.source}/comments", {"text": "lost", **file}),
        sky.user.put(path(sky, number), {"text": "lost", **file}),
    ):
        code, message = answer.error
        assert (code, reason in message) == (400, True)
    assert [one["text"] for one in sky.user.get(f"{sky.source}/comments").data] == ["see there"]
    assert len(objects(sky)) == 1


def test_a_file_has_a_size_limit(sky):
    assert read(sky, posted(sky, b"x" * 3_000_000)).body == b"x" * 3_000_000
    body = {"text": "large", "attachment": {"name": "a", "body": encoded(b"x" * 3_000_001)}}
    code, message = sky.user.post(f"{sky.source}/comments", body).error
    assert (code, "3000001 bytes; at most 3000000" in message) == (413, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.PNG", "image/png"), ("a.txt", "text/plain; charset=utf-8"), ("a.b.pdf", "application/pdf")],
)
def test_a_preview_is_shown_by_the_browser(sky, name, kind):
    number = posted(sky, name=name)
    for query in ({"preview": "true"}, {"preview": "True", "download": ""}):
        answer = read(sky, number, **query)
        assert (answer.body, answer.headers["Content-Type"]) == (TEXT, kind)
        assert answer.headers["Content-Disposition"].startswith("inline; ")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_what_could_do_harm_or_cannot_be_drawn_has_no_preview(sky):
    for name in ("page.html", "cube.fits", "png", "a.js"):
        code, message = read(sky, posted(sky, name=name), preview="true").error
        assert (code, f"Cannot show {name}" in message) == (400, True)


def test_a_text_is_read_as_json(sky):
    number = posted(sky, "größer".encode(), "note.txt")
    for query in ({"download": "false"}, {"download": "", "preview": ""}):
        assert read(sky, number, **query).data == {
            "commentId": number,
            "attachment": "größer",
            "attachmentName": "note.txt",
        }
    code, message = read(sky, posted(sky, PNG, "a.png"), download="false").error
    assert (code, "a.png is not text in UTF-8" in message) == (400, True)


def test_the_name_cannot_break_out_of_the_header(sky):
    answer = read(sky, posted(sky, name='../"; x=y.html'))

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="_')
    assert answer.headers["Content-Disposition"].count('"') == 2


def test_who_may_see_the_comment_may_read_its_file_and_nobody_else(sky):
    private = make_group(sky.admin, members=[sky.user])
    number = posted(sky, group_ids=[private])

    assert read(sky, number).body == TEXT
    assert read(sky, number, sky.member()).error == (403, "Cannot access this comment.")
    assert read(sky, number, sky.outsider()).error == (404, "Source not found")
    assert read(sky, 12345).error == (403, "Cannot access this comment.")


def test_the_file_goes_with_its_comment(sky):
    number = posted(sky)
    assert len(objects(sky)) == 1

    assert sky.user.delete(path(sky, number)).data == {}

    assert objects(sky) == []
    assert read(sky, number).error[0] == 403


def test_the_file_is_gone_with_its_source_and_comes_back_with_it(sky):
    number = posted(sky)
    sky.admin.delete(sky.source)
    assert read(sky, number).error == (404, "Source not found")

    sky.user.post("/api/sources", {"id": sky.obj_id, "group_ids": [sky.group_id]})
    assert read(sky, number).body == TEXT


def test_a_comment_is_changed_as_far_as_is_given(sky):
    number = posted(sky)
    before = sky.user.get(path(sky, number)).data

    assert sky.user.put(path(sky, number), {"text": "better"}).data == {}
    after = sky.user.get(path(sky, number)).data
    assert after == {**before, "text": "better", "modified": after["modified"]}
    assert read(sky, number).body == TEXT

    sky.user.put(path(sky, number), {"attachment": {"name": "b.txt", "body": "Yg=="}})
    assert (read(sky, number).body, sky.user.get(path(sky, number)).data["text"]) == (b"b", "better")
    assert len(objects(sky)) == 1

    sky.user.put(path(sky, number), {"attachment": None})
    assert sky.user.get(path(sky, number)).data["attachment_name"] is None
    assert objects(sky) == []


def test_a_comment_is_shared_with_other_groups(sky):
    private = make_group(sky.admin, members=[sky.user])
    number = posted(sky)
    assert sky.member().get(path(sky, number)).status == 200

    sky.user.put(path(sky, number), {"group_ids": [private]})

    assert sky.member().get(path(sky, number)).error[0] == 403
    assert sky.user.get(path(sky, number)).data["text"] == "see there"


def test_of_files_that_come_at_once_one_stays(sky):
    number = posted(sky)
    files = [{"attachment": {"name": f"{index}.txt", "body": encoded(str(index).encode())}} for index in range(4)]

    answers = at_once(lambda file: sky.user.put(path(sky, number), file), files)

    assert [answer.status for answer in answers] == [200] * 4
    assert len(objects(sky)) == 1
    name = sky.user.get(path(sky, number)).data["attachment_name"]
    assert read(sky, number).body.decode() == name.removesuffix(".txt")


def test_a_file_costs_three_calls(sky):
    number = posted(sky)
    with recorded_aws_calls() as calls:
        read(sky, number)
    assert calls == ["GetItem", "GetItem", "GetObject"]
