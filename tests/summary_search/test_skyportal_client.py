"""SkyPortal's typed client asks for summaries."""

from tests.support.late import Late
from tests.support.skyportal_client import client_for

sp = Late("skyportal_py")


def test_it_reads_what_is_found(sources, user):
    with client_for(user) as client:
        results = client.post_summary_query(
            sp.summary_query.SummaryQueryPost(q="supernova", k=2, z_max=1.0)
        ).query_results
    assert [one.id for one in results] == sources[:2]
