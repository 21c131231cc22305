"""django-storages, as a Django project's default storage: files by name, never over one that is there."""
import django
from django.conf import settings
from django.core.files.base import ContentFile

settings.configure()
django.setup()

from botocore.exceptions import ClientError  # noqa: E402
from storages.backends.s3 import S3Storage  # noqa: E402
from steps import NotOffered  # noqa: E402


def open_store(place):
    return Store(place)


class Store:
    def __init__(self, place):
        self.storage = S3Storage(
            bucket_name=place.bucket, endpoint_url=place.endpoint, region_name=place.region,
            access_key=place.key_id, secret_key=place.secret, addressing_style="path", querystring_expire=300)

    def put(self, key, body):
        name = self.storage.save(key, ContentFile(body))
        if name != key:
            raise AssertionError(f"saved as {name}")

    def put_in_parts(self, key, body, part_bytes):
        with self.storage.open(key, "wb") as file:
            for at in range(0, len(body), part_bytes):
                file.write(body[at : at + part_bytes])

    def get(self, key):
        with self.storage.open(key, "rb") as file:
            return file.read()

    def get_range(self, key, first, last):
        with self.storage.open(key, "rb") as file:
            file.seek(first)
            return file.read(last - first + 1)

    def size(self, key):
        if not self.storage.exists(key) or self.storage.get_modified_time(key) is None:
            raise AssertionError("it is said not to exist")
        return self.storage.size(key)

    def copy(self, origin, target):
        raise NotOffered()

    def list(self, prefix, page_size):
        return sorted(self.walk(prefix.rstrip("/")))

    def walk(self, folder):
        folders, files = self.storage.listdir(folder)
        base = f"{folder}/" if folder else ""
        for name in files:
            yield base + name
        for name in folders:
            yield from self.walk(base + name)

    def presign(self, key):
        return self.storage.url(key)

    def delete(self, keys):
        for key in keys:
            self.storage.delete(key)

    def code(self, error):
        if isinstance(error, FileNotFoundError):
            return "FileNotFoundError"
        return error.response["Error"]["Code"] if isinstance(error, ClientError) else None
