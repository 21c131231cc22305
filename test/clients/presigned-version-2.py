"""Presigns with boto3 as it does unless it is told otherwise, and uses the URLs: presigned-version-2.py BUCKET."""

import sys
import urllib.error
import urllib.request

import boto3

bucket = sys.argv[1]
s3 = boto3.client("s3")


def send(operation, params, method, body=None, headers=None):
    url = s3.generate_presigned_url(operation, Params={"Bucket": bucket, **params}, ExpiresIn=600)
    assert "AWSAccessKeyId=" in url and "X-Amz-Signature" not in url, url
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    # urllib would add a content type of its own to a body.
    if body is not None and not headers:
        request.add_unredirected_header("Content-type", "")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def check(what, got, wanted):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


for key in ["plain", "with space", "plus+sign", "per%cent", "%2F", "é/ü", "a&b=c?d#e", "it's (1)~"]:
    put = send("put_object", {"Key": key, "ContentType": "text/plain"}, "PUT", key.encode(), {"Content-Type": "text/plain"})
    check(f"put of {key}", put[0], 200)
    status, headers, body = send("get_object", {"Key": key}, "GET")
    check(f"get of {key}", (status, body), (200, key.encode()))
    check(f"type of {key}", headers["Content-Type"], "text/plain")
    check(f"head of {key}", send("head_object", {"Key": key}, "HEAD")[0], 200)
    check(f"listed {key}", s3.get_object(Bucket=bucket, Key=key)["Body"].read(), key.encode())
    check(f"delete of {key}", send("delete_object", {"Key": key}, "DELETE")[0], 204)

s3.put_object(Bucket=bucket, Key="report", Body=b"report")
disposition = 'attachment; filename="a&b+c (1).txt"'
dressed = {"Key": "report", "ResponseContentDisposition": disposition, "ResponseContentType": "text/css; charset=utf-8"}
status, headers, _ = send("get_object", dressed, "GET")
check("content disposition", (status, headers["Content-Disposition"]), (200, disposition))
check("content type", headers["Content-Type"], "text/css; charset=utf-8")
check("version", send("get_object", {"Key": "report", "VersionId": "null"}, "GET")[2], b"report")
check("checksum mode", send("get_object", {"Key": "report", "ChecksumMode": "ENABLED"}, "GET")[2], b"report")

given = {"Key": "given", "Metadata": {"note": "two  blanks"}, "Tagging": "a=b&c=d", "ChecksumAlgorithm": "SHA256"}
check("put with headers in the query", send("put_object", given, "PUT", b"given")[0], 200)
check("metadata", s3.head_object(Bucket=bucket, Key="given")["Metadata"], {"note": "two  blanks"})
check("tags", len(s3.get_object_tagging(Bucket=bucket, Key="given")["TagSet"]), 2)
check("copy", send("copy_object", {"Key": "copied", "CopySource": f"{bucket}/given"}, "PUT", b"")[0], 200)

upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
part = send("upload_part", {"Key": "parts", "UploadId": upload, "PartNumber": 1}, "PUT", b"part")
check("part", part[0], 200)
parts = {"Parts": [{"PartNumber": 1, "ETag": part[1]["ETag"]}]}
s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload=parts)
check("parts", send("get_object", {"Key": "parts"}, "GET")[2], b"part")

status, _, body = send("list_objects_v2", {"Prefix": "a"}, "GET")
check("list with a prefix that is not signed", status, 400)
assert b"Please use AWS4-HMAC-SHA256" in body, body

print("all URLs are good")
