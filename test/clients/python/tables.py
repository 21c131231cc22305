"""polars, deltalake and pyiceberg as they are by default: each writes a table into one bucket, changes it and reads it back.

Arguments: name of the client, endpoint, region, bucket. The key is found in the environment.
"""
import os
import sys
import tempfile

client, endpoint, region, bucket = sys.argv[1:]
ROWS = 200_000


def rows():
    return {"id": list(range(ROWS)), "half": [n % 2 for n in range(ROWS)], "text": [f"row {n} é" for n in range(ROWS)]}


def polars():
    import polars as pl

    options = {"aws_endpoint_url": endpoint, "aws_region": region, "aws_allow_http": "true"}
    frame = pl.DataFrame(rows())
    paths = [f"s3://{bucket}/polars/{name}" for name in ("a b.parquet", "c+d.parquet", "é%20.parquet")]
    for path in paths:
        frame.write_parquet(path, storage_options=options, row_group_size=50_000)
        assert pl.read_parquet(path, storage_options=options).equals(frame), path
        odd = pl.scan_parquet(path, storage_options=options).filter(pl.col("half") == 1).select("id").collect()
        assert odd["id"].to_list() == list(range(1, ROWS, 2)), path
    assert pl.scan_parquet(f"s3://{bucket}/polars/*.parquet", storage_options=options).select(pl.len()).collect().item() == 3 * ROWS
    frame.lazy().sink_csv(f"s3://{bucket}/polars/all.csv", storage_options=options)
    assert pl.scan_csv(f"s3://{bucket}/polars/all.csv", storage_options=options).collect().equals(frame)


def deltalake():
    import pyarrow as pa
    from deltalake import DeltaTable, write_deltalake

    # The commit is a PUT that must find nothing (If-None-Match), so that two writers cannot both have a version.
    options = {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": region, "AWS_ALLOW_HTTP": "true"}
    uri = f"s3://{bucket}/delta/a table"
    table = pa.table(rows())
    write_deltalake(uri, table, storage_options=options, partition_by=["half"])
    write_deltalake(uri, table, storage_options=options, mode="append")
    delta = DeltaTable(uri, storage_options=options)
    assert delta.version() == 1
    assert delta.to_pyarrow_table().num_rows == 2 * ROWS
    delta.delete("half = 1")
    assert DeltaTable(uri, storage_options=options).to_pyarrow_table().num_rows == ROWS
    delta.optimize.compact()
    delta.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    delta.create_checkpoint()
    assert DeltaTable(uri, storage_options=options).to_pyarrow_table().num_rows == ROWS
    assert DeltaTable(uri, storage_options=options, version=0).version() == 0


def pyiceberg():
    import pyarrow as pa
    from pyiceberg.catalog.sql import SqlCatalog

    with tempfile.TemporaryDirectory() as folder:
        catalog = SqlCatalog("here", **{
            "uri": f"sqlite:///{folder}/catalog.db", "warehouse": f"s3://{bucket}/iceberg", "s3.endpoint": endpoint, "s3.region": region,
            "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"], "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"]})
        catalog.create_namespace("space")
        data = pa.table(rows())
        table = catalog.create_table("space.rows", schema=data.schema)
        table.append(data)
        table.append(data)
        table.delete("half = 1")
        assert catalog.load_table("space.rows").scan().to_arrow().num_rows == ROWS


{"polars": polars, "deltalake": deltalake, "pyiceberg": pyiceberg}[client]()
print("all tables are equal")
