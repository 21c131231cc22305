-- The schema as `lugsail store migrate` made it at version 1. Never changed: migrations are tested with it.
create schema "older";

create table "older".kv (k bytea primary key, v bytea not null, ver bytea not null);

alter table "older".kv alter v set storage external;

alter table "older".kv set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, fillfactor = 90);

create table "older".sessions (id bytea primary key, last_commit bytea, opened_at timestamptz not null default now())
      with (fillfactor = 10, autovacuum_vacuum_threshold = 1000);

create table "older".version (version int not null);

create function "older".add_counters(counters bytea, amounts bytea) returns bytea
language plpgsql immutable strict parallel safe as $body$
declare
  result bytea := counters;
  at int := 0;
begin
  while at < length(amounts) loop
    if at < length(counters) then
      result := overlay(result placing int8send(
        ('x' || encode(substring(counters from at + 1 for 8), 'hex'))::bit(64)::int8
        + ('x' || encode(substring(amounts from at + 1 for 8), 'hex'))::bit(64)::int8
      ) from at + 1);
    else
      result := result || substring(amounts from at + 1 for 8);
    end if;
    at := at + 8;
  end loop;
  return result;
end
$body$;

create function "older".commit(
  session_id bytea, commit_id bytea,
  check_keys bytea[], check_versions bytea[],
  range_starts bytea[], range_ends bytea[], range_scopes bytea[], write_scopes bytea[],
  delete_keys bytea[],
  set_keys bytea[], set_values bytea[],
  add_keys bytea[], add_amounts bytea[]
) returns text language plpgsql as $body$
declare
  written_keys constant bytea[] := set_keys || delete_keys || add_keys;
begin
  if cardinality(written_keys) + cardinality(check_keys) > 256 then
    perform pg_advisory_xact_lock(1282762611, 1);
  else
    perform pg_advisory_xact_lock_shared(1282762611, 1);
    perform case when is_exclusive then pg_advisory_xact_lock(hash) else pg_advisory_xact_lock_shared(hash) end
    from (
      select hash, bool_or(is_exclusive) as is_exclusive
      from (
        select hashtextextended(encode(key, 'hex'), 0) as hash, true as is_exclusive from unnest(written_keys) as key
        union all
        select hashtextextended(encode(key, 'hex'), 0), false from unnest(check_keys) as key
        union all
        select hashtextextended(encode(scope, 'hex'), 1), true from unnest(range_scopes) as scope
        union all
        select hashtextextended(encode(scope, 'hex'), 1), false from unnest(write_scopes) as scope
      ) as lock
      group by hash
      order by hash
    ) as ordered_lock;
  end if;

  if cardinality(check_keys) > 0 and exists (
    select from unnest(check_keys, check_versions) as expected (k, ver)
    where (select kv.ver from "older".kv where kv.k = expected.k) is distinct from expected.ver
  ) then
    return 'conflict';
  end if;

  for range_index in 1 .. cardinality(range_starts) loop
    if exists (select from "older".kv where k >= range_starts[range_index] and k < range_ends[range_index]) then
      return 'not-empty';
    end if;
  end loop;

  if cardinality(written_keys) = 0 then
    return 'ok';
  end if;
  if cardinality(delete_keys) > 0 then
    delete from "older".kv where k = any (delete_keys);
  end if;
  if cardinality(set_keys) > 0 then
    insert into "older".kv (k, v, ver)
    select entry.k, entry.v, commit_id from unnest(set_keys, set_values) as entry (k, v)
    on conflict (k) do update set v = excluded.v, ver = excluded.ver;
  end if;
  if cardinality(add_keys) > 0 then
    insert into "older".kv as kv (k, v, ver)
    select counter.k, counter.amounts, commit_id from unnest(add_keys, add_amounts) as counter (k, amounts)
    on conflict (k) do update set v = "older".add_counters(kv.v, excluded.v), ver = excluded.ver;
  end if;
  update "older".sessions set last_commit = commit_id where id = session_id;
  if not found then
    raise exception 'this session was ended' using errcode = 'LS001';
  end if;
  return 'ok';
end
$body$;

create function "older".prefix_end(prefix bytea) returns bytea
language plpgsql immutable strict parallel safe as $body$
begin
  for index in reverse length(prefix) - 1 .. 0 loop
    if get_byte(prefix, index) < 255 then
      return set_byte(substring(prefix for index + 1), index, get_byte(prefix, index) + 1);
    end if;
  end loop;
  return null;
end
$body$;

create function "older".scan_delimited(
  scan_prefix bytea, scan_start bytea, scan_end bytea, delimiter bytea, item_limit int, value_bytes_max int
) returns table (k bytea, v bytea, ver bytea, is_prefix bool)
language plpgsql stable as $body$
declare
  entry record;
  place bytea := scan_start;
  found_at int;
  item_count int := 0;
begin
  while place is not null and item_count < item_limit loop
    found_at := 0;
    for entry in
      select kv.k, kv.v, kv.ver from "older".kv
      where kv.k >= place and kv.k < scan_end order by kv.k limit item_limit - item_count
    loop
      found_at := position(delimiter in substring(entry.k from length(scan_prefix) + 1));
      if found_at > 0 then
        k := substring(entry.k for length(scan_prefix) + found_at + length(delimiter) - 1);
        v := ''; ver := ''; is_prefix := true;
        place := "older".prefix_end(k);
      else
        k := entry.k;
        v := substring(entry.v from 1 for value_bytes_max); ver := entry.ver; is_prefix := false;
      end if;
      return next;
      item_count := item_count + 1;
      exit when is_prefix;
    end loop;
    exit when found_at = 0;
  end loop;
end
$body$;

insert into "older".version values (1);
