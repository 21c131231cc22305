"""boto3 with whatever credentials its own chain finds: stores, reads, lists and presigns below `in/`, and tries to store outside.

Arguments: bucket; "renewed" where credentials are to be renewed meanwhile, else "kept"; the endpoint, for versions that read none from settings.
Prints a line of JSON: presigned URLs, two where credentials were renewed, and the code with which the object outside was refused.
"""
import json
import sys
import time
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

bucket, course = sys.argv[1:3]
endpoint = sys.argv[3] if len(sys.argv) > 3 else None
BODY = b"from boto3"
RENEWAL_SECONDS_MAX = 60

s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(signature_version="s3v4"))


def presign():
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "in/a b"}, ExpiresIn=300)


def round_trip():
    s3.put_object(Bucket=bucket, Key="in/a b", Body=BODY)
    if s3.get_object(Bucket=bucket, Key="in/a b")["Body"].read() != BODY:
        raise AssertionError("another body")
    found = [it["Key"] for it in s3.list_objects_v2(Bucket=bucket, Prefix="in/")["Contents"]]
    if found != ["in/a b"]:
        raise AssertionError(found)


def key_of(url):
    query = parse_qs(urlsplit(url).query)
    return query["X-Amz-Credential"][0].split("/")[0]


round_trip()
urls = [presign()]
refused_with = None
try:
    s3.put_object(Bucket=bucket, Key="out", Body=BODY)
except ClientError as error:
    refused_with = error.response["Error"]["Code"]
if course == "renewed":
    give_up = time.monotonic() + RENEWAL_SECONDS_MAX
    while key_of(presign()) == key_of(urls[0]):
        if time.monotonic() > give_up:
            raise AssertionError("not renewed")
        round_trip()
    round_trip()
    urls.append(presign())
print(json.dumps({"urls": urls, "refusedWith": refused_with}))
