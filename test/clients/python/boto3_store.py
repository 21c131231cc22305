"""boto3 as it is by default, in any of its versions."""
import io

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError


def open_store(place):
    return Store(place)


class Store:
    def __init__(self, place):
        self.bucket = place.bucket
        self.s3 = boto3.client(
            "s3", endpoint_url=place.endpoint, region_name=place.region,
            aws_access_key_id=place.key_id, aws_secret_access_key=place.secret)

    def put(self, key, body):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def put_in_parts(self, key, body, part_bytes):
        config = TransferConfig(multipart_threshold=part_bytes, multipart_chunksize=part_bytes)
        self.s3.upload_fileobj(io.BytesIO(body), self.bucket, key, Config=config)

    def get(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def get_range(self, key, first, last):
        return self.s3.get_object(Bucket=self.bucket, Key=key, Range=f"bytes={first}-{last}")["Body"].read()

    def size(self, key):
        return self.s3.head_object(Bucket=self.bucket, Key=key)["ContentLength"]

    def copy(self, origin, target):
        self.s3.copy_object(Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": origin})

    def list(self, prefix, page_size):
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, PaginationConfig={"PageSize": page_size})
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def presign(self, key):
        return self.s3.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=300)

    def delete(self, keys):
        self.s3.delete_object(Bucket=self.bucket, Key=keys[0])
        answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys[1:]]})
        if answer.get("Errors"):
            raise AssertionError(answer["Errors"])

    def code(self, error):
        return error.response["Error"]["Code"] if isinstance(error, ClientError) else None
