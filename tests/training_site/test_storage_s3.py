"""Files in S3-compatible storage: the storages that ``S3_*`` variables choose, tried against a server that speaks S3."""

import json
import os
import subprocess
import sys

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.settings import ROOT

BUCKET = "training-files"

TRY = """
import json, django
django.setup()
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
private = storages["private"]
name = private.save("certificates/one.pdf", ContentFile(b"%PDF-1.7 first"))
again = private.save("certificates/one.pdf", ContentFile(b"%PDF-1.7 second"))
public = default_storage.save("images/logo.png", ContentFile(b"png"))
print(json.dumps({
    "name": name, "again": again, "public": public,
    "first": private.open(name).read().decode(), "exists": private.exists(name), "none": private.exists("nowhere"),
    "signed": "Signature" in private.url(name) or "X-Amz" in private.url(name),
    "backend": settings.STORAGES["private"]["BACKEND"],
}))
"""


@pytest.fixture(scope="module")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="eu-west-2", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    yield address, client
    server.stop()


TRY_NEWEST = """
import json, django
django.setup()
from cpd_records.ledger.kept import keep_newest, newest_kept, newest_name, other_logs_kept
origin, leaf = "force.example/ledger", bytes(32)
none, no_other = newest_kept(origin, leaf), other_logs_kept(origin)
keep_newest("force.example/ledger\\n1\\nfirst", leaf)
keep_newest("force.example/ledger\\n2\\nsecond", leaf)
print(json.dumps({
    "none": none, "no_other": no_other, "newest": newest_kept(origin, leaf), "other": other_logs_kept(origin),
    "name": newest_name(origin, leaf),
}))
"""


def environment(address, tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "training_site.settings",
        "VAR_DIR": str(tmp_path),
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": address,
        "S3_REGION": "eu-west-2",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "secret",
    }


def test_files_are_kept_in_the_bucket_apart_and_never_overwritten(s3, tmp_path):
    address, client = s3
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        cwd=ROOT,
        env=environment(address, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert answer["backend"] == "storages.backends.s3.S3Storage"
    assert answer["first"] == "%PDF-1.7 first"
    assert answer["again"] != answer["name"]
    assert answer["exists"]
    assert not answer["none"]
    assert answer["signed"]
    keys = {item["Key"] for item in client.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert {f"private/{answer['name']}", f"private/{answer['again']}", f"media/{answer['public']}"} <= keys


def test_half_of_the_settings_is_refused_by_name(s3, tmp_path):
    address, _client = s3
    half = environment(address, tmp_path)
    del half["S3_SECRET_KEY"]
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=half, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "S3_SECRET_KEY is not set: S3_BUCKET is set, so its secret key is needed." in done.stderr


def test_the_newest_checkpoint_of_the_ledger_is_one_object_that_is_replaced_whole(s3, tmp_path):
    address, client = s3
    done = subprocess.run(
        [sys.executable, "-c", TRY_NEWEST],
        cwd=ROOT,
        env=environment(address, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert (answer["none"], answer["no_other"]) == (None, False)
    assert answer["newest"].endswith("second")
    assert answer["other"]
    kept = client.list_objects_v2(Bucket=BUCKET, Prefix="private/ledger/newest/")["Contents"]
    assert [item["Key"] for item in kept] == [f"private/{answer['name']}"]
