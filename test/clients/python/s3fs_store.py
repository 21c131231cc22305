"""s3fs, which pandas, dask and others open s3:// with: its files read ahead, and are written in parts."""
import s3fs


def open_store(place):
    return Store(place)


class Store:
    def __init__(self, place):
        self.bucket = place.bucket
        self.fs = s3fs.S3FileSystem(
            endpoint_url=place.endpoint, key=place.key_id, secret=place.secret,
            client_kwargs={"region_name": place.region}, use_listings_cache=False, skip_instance_cache=True)

    def path(self, key):
        return f"{self.bucket}/{key}"

    def put(self, key, body):
        self.fs.pipe_file(self.path(key), body)

    def put_in_parts(self, key, body, part_bytes):
        with self.fs.open(self.path(key), "wb", block_size=part_bytes) as file:
            file.write(body)

    def get(self, key):
        return self.fs.cat_file(self.path(key))

    def get_range(self, key, first, last):
        with self.fs.open(self.path(key), "rb") as file:
            file.seek(first)
            return file.read(last - first + 1)

    def size(self, key):
        return self.fs.size(self.path(key))

    def copy(self, origin, target):
        self.fs.copy(self.path(origin), self.path(target))

    def list(self, prefix, page_size):
        found = self.fs.find(f"{self.bucket}/{prefix}", maxdepth=None)
        return [path[len(self.bucket) + 1 :] for path in found]

    def presign(self, key):
        return self.fs.sign(self.path(key), expiration=300)

    def delete(self, keys):
        # rm takes brackets for a pattern.
        patterns = [key for key in keys if "[" in key]
        self.fs.rm([self.path(key) for key in keys if key not in patterns])
        for key in patterns:
            self.fs.rm_file(self.path(key))

    def code(self, error):
        """s3fs says it in Python's own errors, and has the code in their cause."""
        return type(error).__name__ if isinstance(error, OSError) else None
