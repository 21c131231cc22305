"""Sends and fetches objects with boto3's transfer manager, many parts and threads at once, and compares every byte.

Usage: boto3-transfers.py BUCKET FOLDER; key, region and endpoint come from the environment.
"""

import hashlib
import io
import os
import sys
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from concurrent.futures import ThreadPoolExecutor

bucket, folder = sys.argv[1:]
s3 = boto3.client("s3")
MIB = 1024 * 1024
config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=8)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# One large file: parts in parallel, up and down.
source, back = os.path.join(folder, "large"), os.path.join(folder, "large-back")
s3.upload_file(source, bucket, "large", Config=config, ExtraArgs={"Metadata": {"origin": "boto3"}, "ContentType": "x/y"})
head = s3.head_object(Bucket=bucket, Key="large")
assert head["ContentLength"] == os.path.getsize(source), head
assert head["Metadata"] == {"origin": "boto3"} and head["ContentType"] == "x/y", head
s3.download_file(bucket, "large", back, Config=config)
assert digest(source) == digest(back), "the large file came back different"

# A copy in the bucket, in parts.
s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "large-copy", Config=config)
s3.download_file(bucket, "large-copy", back, Config=config)
assert digest(source) == digest(back), "the copy differs"

# Bodies of unknown length, and several threads with one client.
def round_trip(number):
    data = os.urandom(number * 700_001)
    key = f"thread/{number} ü+&=.bin"
    s3.upload_fileobj(io.BytesIO(data), bucket, key, Config=config)
    fetched = io.BytesIO()
    s3.download_fileobj(bucket, key, fetched, Config=config)
    assert fetched.getvalue() == data, f"{key} came back different"
    return key


with ThreadPoolExecutor(8) as threads:
    keys = list(threads.map(round_trip, range(24)))
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="thread/", PaginationConfig={"PageSize": 7})
listed = [item["Key"] for page in pages for item in page.get("Contents", [])]
assert listed == sorted(keys, key=str.encode), listed

# Ranges, and a URL that needs no key.
with open(source, "rb") as file:
    file.seek(7 * MIB + 3)
    expected = file.read(3 * MIB)
got = s3.get_object(Bucket=bucket, Key="large", Range=f"bytes={7 * MIB + 3}-{10 * MIB + 2}")["Body"].read()
assert got == expected, "the range differs"

# A form whose policy boto3 signs, sent as a browser sends it.
form = s3.generate_presigned_post(
    bucket,
    "form/${filename}",
    Fields={"Content-Type": "text/x-note"},
    Conditions=[{"Content-Type": "text/x-note"}, ["content-length-range", 1, 100]],
)
boundary = "boundary-of-the-form"
parts = [f'name="{name}"\r\n\r\n{value}' for name, value in form["fields"].items()]
parts.append('name="file"; filename="note.txt"\r\n\r\nsent by a form')
body = "".join(f"--{boundary}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + f"--{boundary}--\r\n"
headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
with urllib.request.urlopen(urllib.request.Request(form["url"], body.encode(), headers)) as answer:
    assert answer.status == 204, answer.status
stored = s3.get_object(Bucket=bucket, Key="form/note.txt")
assert stored["Body"].read() == b"sent by a form" and stored["ContentType"] == "text/x-note", stored

resource = boto3.resource("s3").Bucket(bucket)
resource.objects.all().delete()
assert list(resource.objects.all()) == []
print("all round trips are equal")
