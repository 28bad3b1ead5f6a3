"""Analysis services and what belongs to them, in the services table.

===========  =============================  ====================================================
service_id   sk                             item
===========  =============================  ====================================================
<id>         service                        Service; a tombstone once `deleted_at` is set
<id>         reach#<group id>               Reach: the service is found by a group (index by_group)
<id>         default#<id>                   DefaultAnalysis
<id>         trigger#<default id>#<event>   Trigger: a default is found by an event (index by_trigger)
===========  =============================  ====================================================

The name of a service is kept unique by a NameLock in the registry table.
"""

from chalicelib.settings import settings


class TableMeta:
    """Settings that PynamoDB shares between the models of the services table."""

    table_name = settings().table("services")
    region = None
