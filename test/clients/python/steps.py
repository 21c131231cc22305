"""Takes one Python client of S3 through the steps that all clients of the matrix go through, and prints a line of JSON for each.

Arguments: name of the client, the file with the steps' values, endpoint, region, the key's bucket, another bucket.
The bucket's key is found in the environment.
"""
import importlib
import json
import os
import sys
import urllib.request
from collections import namedtuple

Place = namedtuple("Place", "endpoint region bucket key_id secret")


class NotOffered(Exception):
    """The client has no such operation."""


def body_of(length):
    """The object of so many bytes that each program of the matrix makes alike."""
    return bytes((at * 7 + (at >> 8)) & 255 for at in range(length))


def expect(got, wanted):
    if got != wanted:
        shown = [f"{len(it)} bytes" if isinstance(it, bytes) else repr(it) for it in (got, wanted)]
        raise AssertionError(f"{shown[0]} instead of {shown[1]}")


def step(name, do):
    try:
        do()
    except NotOffered:
        return
    except Exception as error:
        print(json.dumps({"step": name, "error": f"{type(error).__name__}: {error}"}), flush=True)
    else:
        print(json.dumps({"step": name}), flush=True)


def refusal(name, store, key):
    """Says with which code something that must fail was refused."""
    line = {"step": name, "error": "it was not refused"}
    try:
        store.get(key)
    except Exception as error:
        code = store.code(error)
        line = {"step": name, "refusedWith": code} if code else {"step": name, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(line), flush=True)


def main(open_store, values, place, other):
    with open(values, encoding="utf-8") as file:
        values = json.load(file)
    store = open_store(place)
    keys, small, large = values["keys"], body_of(values["smallBytes"]), values["large"]

    def put():
        for key in keys:
            store.put(key, small)

    def get():
        for key in keys:
            expect(bytes(store.get(key)), small)

    def ranges():
        for key in keys:
            for first, last in values["ranges"]:
                expect(bytes(store.get_range(key, first, last)), small[first : last + 1])

    def head():
        for key in keys:
            expect(store.size(key), len(small))

    def parts():
        body = body_of(large["bytes"])
        store.put_in_parts(large["key"], body, large["partBytes"])
        expect(bytes(store.get(large["key"])), body)
        first, last = large["range"]
        expect(bytes(store.get_range(large["key"], first, last)), body[first : last + 1])

    def copy():
        for origin, target in values["copies"]:
            store.copy(origin, target)
            expect(bytes(store.get(target)), small)

    def listing():
        expect(list(store.list("keys/", 3)), sorted(keys))
        pages = values["pages"]
        paged = [f"{pages['prefix']}{number:03}" for number in range(pages["count"])]
        for key in paged:
            store.put(key, b"")
        expect(list(store.list(pages["prefix"], pages["size"])), paged)

    def presign():
        for key in keys:
            with urllib.request.urlopen(store.presign(key)) as answer:
                expect(answer.read(), small)

    def delete():
        store.delete(list(store.list("", 1000)))
        expect(list(store.list("", 1000)), [])

    for name, do in [("put", put), ("get", get), ("range", ranges), ("head", head), ("parts", parts), ("copy", copy),
                     ("list", listing), ("presign", presign)]:
        step(name, do)
    refusal("missing", store, values["missing"])
    refusal("wrong-secret", open_store(place._replace(secret=place.secret + "x")), keys[0])
    refusal("unknown-key", open_store(place._replace(key_id="AKIAUNKNOWNUNKNOWN00")), keys[0])
    refusal("other-bucket", open_store(place._replace(bucket=other)), keys[0])
    step("delete", delete)


if __name__ == "__main__":
    client, values_file, endpoint, region, bucket, other_bucket = sys.argv[1:]
    key = [os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]]
    main(importlib.import_module(client).open_store, values_file, Place(endpoint, region, bucket, *key), other_bucket)
