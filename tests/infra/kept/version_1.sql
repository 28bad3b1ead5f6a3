BEGIN TRANSACTION;
CREATE TABLE entries (
    tbl INTEGER NOT NULL, idx TEXT NOT NULL, idx_hash BLOB NOT NULL, idx_range BLOB NOT NULL,
    hash BLOB NOT NULL, range BLOB NOT NULL, item INTEGER NOT NULL,
    PRIMARY KEY (tbl, idx, idx_hash, idx_range, hash, range)
) WITHOUT ROWID;
INSERT INTO "entries" VALUES(1,'by_group',X'67',X'31',X'6B30',X'31',1);
INSERT INTO "entries" VALUES(1,'by_group',X'67',X'31',X'6B31',X'31',2);
INSERT INTO "entries" VALUES(1,'by_group',X'67',X'31',X'6B32',X'31',3);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
    content TEXT NOT NULL, indexed TEXT NOT NULL, expires REAL, UNIQUE (tbl, hash, range)
);
INSERT INTO "items" VALUES(1,1,X'6B30',X'31','{"pk":{"S":"k0"},"sk":{"S":"1"},"group":{"S":"g"},"bytes":{"B":{"(bytes)":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"}},"number":{"N":"-1.5"},"map":{"M":{"list":{"L":[{"NULL":true},{"BOOL":false}]},"set":{"NS":["1","2"]}}}}','[["by_group", "67", "31"]]',NULL);
INSERT INTO "items" VALUES(2,1,X'6B31',X'31','{"pk":{"S":"k1"},"sk":{"S":"1"},"group":{"S":"g"},"bytes":{"B":{"(bytes)":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"}},"number":{"N":"-1.5"},"map":{"M":{"list":{"L":[{"NULL":true},{"BOOL":false}]},"set":{"NS":["1","2"]}}}}','[["by_group", "67", "31"]]',NULL);
INSERT INTO "items" VALUES(3,1,X'6B32',X'31','{"pk":{"S":"k2"},"sk":{"S":"1"},"group":{"S":"g"},"bytes":{"B":{"(bytes)":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"}},"number":{"N":"-1.5"},"map":{"M":{"list":{"L":[{"NULL":true},{"BOOL":false}]},"set":{"NS":["1","2"]}}}}','[["by_group", "67", "31"]]',NULL);
CREATE TABLE messages (
    id TEXT PRIMARY KEY, queue TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, facts TEXT NOT NULL,
    delivery TEXT NOT NULL, UNIQUE (queue, place)
) WITHOUT ROWID;
INSERT INTO "messages" VALUES('1fffa9a9-6cfd-4ed4-b3e4-10875f6fc9de','queue',1,'message','{"message_attributes":{},"system_attributes":{},"sent_timestamp":4102444800000,"deduplication_id":null,"group_id":null,"sequence_number":null}','{"receipt_handle": null, "_old_receipt_handles": [], "approximate_first_receive_timestamp": null, "approximate_receive_count": 0, "visible_at": 0.0, "delayed_until": 0.0, "at": 1795680611395.9082}');
CREATE TABLE objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, modified REAL NOT NULL,
    facts TEXT NOT NULL, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
INSERT INTO "objects" VALUES('bucket','a/key','a7a3a69cfd5c496792661be9513a0cf8',7,1.79568061129339694974e+09,'{"_storage_class": "STANDARD", "_etag": "9a0364b9e99bb480dd25e1f0284c8555", "encryption": null, "kms_key_id": null, "bucket_key_enabled": null, "checksum_algorithm": "CRC32", "checksum_value": "/sUwqQ==", "checksum_type": null, "checksum_parts": null, "website_redirect_location": null, "lock_mode": null, "lock_legal_status": null, "lock_until": null, "metadata": {"content-type": "text/x-test", "x-amz-meta-n": "1", "x-amz-content-sha256": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"}}');
CREATE TABLE resources (kind TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (kind, name));
INSERT INTO "resources" VALUES('table','table','{"name": "table", "schema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}], "attr": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}, {"AttributeName": "group", "AttributeType": "S"}], "global_indexes": [{"IndexName": "by_group", "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}], "indexes": [], "billing_mode": "PAY_PER_REQUEST", "deletion_protection_enabled": false}');
INSERT INTO "resources" VALUES('bucket','bucket','{"region": "us-east-1", "created": "2026-11-26T08:10:11.190755+00:00"}');
INSERT INTO "resources" VALUES('queue','queue','{"DelaySeconds": 0, "MaximumMessageSize": 1048576, "MessageRetentionPeriod": 345600, "ReceiveMessageWaitTimeSeconds": 0, "VisibilityTimeout": 30, "SqsManagedSseEnabled": "true"}');
INSERT INTO "resources" VALUES('key','d8749732-00ed-4f2e-9bd6-92008abc4a8c','{"id": "d8749732-00ed-4f2e-9bd6-92008abc4a8c", "arn": "arn:aws:kms:us-east-1:123456789012:key/d8749732-00ed-4f2e-9bd6-92008abc4a8c", "creation_date": 1795680611.454468, "policy": "{\"Version\": \"2012-10-17\", \"Id\": \"key-default-1\", \"Statement\": [{\"Sid\": \"Enable IAM User Permissions\", \"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::123456789012:root\"}, \"Action\": \"kms:*\", \"Resource\": \"*\"}]}", "key_usage": null, "key_state": "Enabled", "description": "key", "enabled": true, "key_spec": "SYMMETRIC_DEFAULT", "origin": "AWS_KMS", "key_manager": "CUSTOMER", "key_rotation_status": false, "material": "DLaKmBJQPwRsrQ7olw0hiSNsfIxLpRZqh3KuAtbFA9I=", "aliases": ["alias/key"]}');
INSERT INTO "resources" VALUES('secret','secret','{"secret_id": "secret", "name": "secret", "arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:secret-afuQVU", "account_id": "123456789012", "region": "us-east-1", "secret_string": "hidden", "secret_binary": null, "description": "", "tags": null, "kms_key_id": null, "version_stages": null, "last_changed_date": 1795680611, "created_date": 1795680611, "rotation_requested": false, "rotation_enabled": false, "rotation_lambda_arn": "", "auto_rotate_after_days": 0, "deleted_date": null, "policy": null, "next_rotation_date": null, "last_rotation_date": null, "versions": {"b366a5ef-3956-4f74-a2b6-1835fc538054": {"createdate": 1795680611, "version_id": "b366a5ef-3956-4f74-a2b6-1835fc538054", "version_stages": ["AWSCURRENT"], "secret_string": "hidden"}}, "default_version_id": "b366a5ef-3956-4f74-a2b6-1835fc538054"}');
CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER NOT NULL DEFAULT 0);
INSERT INTO "tables" VALUES(1,'table',3);
CREATE INDEX expiring_items ON items (tbl, expires) WHERE expires IS NOT NULL;
CREATE TRIGGER items_in AFTER INSERT ON items BEGIN UPDATE tables SET count = count + 1 WHERE id = NEW.tbl; END;
CREATE TRIGGER items_out AFTER DELETE ON items BEGIN UPDATE tables SET count = count - 1 WHERE id = OLD.tbl; END;
CREATE INDEX object_files ON objects (file);
COMMIT;
PRAGMA user_version = 1;
