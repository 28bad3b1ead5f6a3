"""The tests of this folder run on the store that is asked for: else a second run of them would prove nothing new."""

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from chalicelib.settings import settings
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept.items import KeptItems
from infra.local.aws.kept.objects import KeptKeys
from tests.support import stores


def test_what_the_world_stores_lies_where_it_is_asked_for(world):
    world.start()
    table = dynamodb_backends[ACCOUNT_ID][REGION].tables[settings().table("analyses")]
    bucket = s3_backends[ACCOUNT_ID]["aws"].buckets[settings().bucket]
    kept = [isinstance(table.items, KeptItems), isinstance(bucket.keys, KeptKeys)]
    assert kept == [stores.in_a_folder()] * 2
    if stores.in_a_folder():
        table.items.store.database.settle()
        assert table.items.store.database.read("SELECT count(*) FROM items WHERE tbl = ?", (table.items.number,))[0][0]
