"""SkyPortal's typed client asks for summaries."""

from skyportal_py.summary_query import SummaryQueryPost

from tests.support.skyportal_client import client_for


def test_it_reads_what_is_found(sources, user):
    with client_for(user) as client:
        results = client.post_summary_query(SummaryQueryPost(q="supernova", k=2, z_max=1.0)).query_results
    assert [one.id for one in results] == sources[:2]
