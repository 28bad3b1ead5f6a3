"""Pages of bare lists."""

from chalicelib.http.pages import link_to_next
from chalicelib.settings import settings


def test_the_link_leads_to_the_next_page_of_the_same_list():
    headers = link_to_next("/api/obj/a%2Bb/analysis", {"summaryOnly": "true", "cursor": "9"}, 5)
    url = f"{settings().public_url}/api/obj/a%2Bb/analysis?summaryOnly=true&cursor=5"
    assert headers == {"Link": f'<{url}>; rel="next"'}


def test_values_of_the_query_cannot_break_out_of_the_link():
    (link,) = link_to_next("/api/x", {"objID": 'a>; rel="evil" & b'}, 5).values()
    assert link.count(">") == 1
    assert link.count("rel=") == 1


def test_the_last_page_has_no_link():
    assert link_to_next("/api/x", {}, None) == {}
