"""pyarrow as it is by default: writes, reads, copies and deletes a dataset in one bucket.

Arguments: bucket, endpoint, region. The key is found in the environment.
"""
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as fs
import pyarrow.parquet as pq

bucket, endpoint, region = sys.argv[1:]
s3 = fs.S3FileSystem(endpoint_override=endpoint, region=region)
root = f"{bucket}/tables/with space+plus é"

# A dataset of several files, read whole, by partition and by column.
rows = 200_000
table = pa.table({"id": range(rows), "half": [n % 2 for n in range(rows)], "text": [f"row {n}" for n in range(rows)]})
partitioning = ds.partitioning(pa.schema([("half", pa.int64())]), flavor="hive")
ds.write_dataset(table, root, filesystem=s3, format="parquet", partitioning=partitioning, max_rows_per_file=40_000,
                 max_rows_per_group=40_000)
dataset = ds.dataset(root, filesystem=s3, format="parquet", partitioning=partitioning)
assert len(dataset.files) > 2, dataset.files
assert dataset.to_table().sort_by("id").select(["id", "half", "text"]).equals(table)
odd = dataset.to_table(filter=ds.field("half") == 1, columns=["id"])
assert odd.num_rows == rows // 2 and set(odd["id"].to_pylist()) == set(range(1, rows, 2))

# One file in many parts, and ranges of it.
large = bytes(range(256)) * 100_000
with s3.open_output_stream(f"{bucket}/large") as stream:
    for at in range(0, len(large), 3_000_000):
        stream.write(large[at : at + 3_000_000])
with s3.open_input_file(f"{bucket}/large") as file:
    assert file.size() == len(large)
    file.seek(12_345_678)
    assert file.read(1000) == large[12_345_678:12_346_678]
    file.seek(0)
    assert file.read() == large

# A table by its path, copied, moved and told of.
pq.write_table(table, f"{bucket}/a+b c.parquet", filesystem=s3)
s3.copy_file(f"{bucket}/a+b c.parquet", f"{bucket}/copy.parquet")
s3.move(f"{bucket}/copy.parquet", f"{bucket}/moved.parquet")
assert pq.read_table(f"{bucket}/moved.parquet", filesystem=s3).equals(table)
kinds = [info.type for info in s3.get_file_info([f"{bucket}/moved.parquet", f"{bucket}/copy.parquet", root])]
assert kinds == [fs.FileType.File, fs.FileType.NotFound, fs.FileType.Directory], kinds

# All of it is deleted.
s3.delete_dir(f"{bucket}/tables")
for name in ("large", "a+b c.parquet", "moved.parquet"):
    s3.delete_file(f"{bucket}/{name}")
left = [info.path for info in s3.get_file_info(fs.FileSelector(bucket, recursive=True))]
assert left == [], left
print("all datasets are equal")
