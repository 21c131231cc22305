/**
 * The commit of a change, done in the server in one round trip. Why it is right, in the order of its steps:
 *
 * 1. Locks. Every key that the change writes is locked exclusively and every key that it only checks is locked shared, until the
 *    transaction ends, that is until the change is durable. The locks are advisory, on the hash of the key, so that they also cover keys
 *    that do not exist; two keys with one hash merely wait for each other. All transactions take them in ascending order: no deadlock.
 *    A change with more than LOCKS_MAX different keys locks out all others instead, since the server's lock table is shared and bounded.
 * 2. Checks. At READ COMMITTED each statement of the function sees what was committed when that statement began, so the checks see all
 *    that happened before the locks were had, and nothing can change under them afterwards.
 * 3. Empty ranges. The keys of a range cannot be locked one by one, and changes without empty ranges shall not pay for those with. So a change
 *    E with a range locks the scope in which the range lies exclusively, and the scopes in which its own writes lie shared: two changes with
 *    ranges, of which one writes into the range of the other, exclude each other. A change W without ranges may set an entry into E's range that
 *    E does not see. That is an entry set after E. Only a chain of changes from W to E, each before the next, could contradict. Its last step
 *    cannot be a lock that E waited for, for then all of the chain was committed, and W's entry seen, before E looked at its range. So it is a
 *    change with a range into which E writes, and that did not see it: the two excluded each other, and again the chain was committed before E looked.
 * 4. Writes, and with them the session's note of the commit id, from which a client that lost its connection learns whether the commit
 *    won. Without that note (the client gave the session up, or the schema was migrated) nothing is written.
 */
export const commitFunction = (schema: string) => `
create or replace function ${schema}.commit(
  session_id bytea, commit_id bytea,
  check_keys bytea[], check_versions bytea[],
  range_starts bytea[], range_ends bytea[], range_scopes bytea[], write_scopes bytea[],
  delete_keys bytea[],
  set_keys bytea[], set_values bytea[],
  add_keys bytea[], add_amounts bytea[]
) returns text language plpgsql as $body$
declare
  written_keys constant bytea[] := set_keys || delete_keys || add_keys;
  is_large bool := cardinality(written_keys) + cardinality(check_keys) > ${LOCKS_MAX};
begin
  if is_large then
    -- Most keys are both checked and written: they need one lock.
    is_large := (select count(distinct key) > ${LOCKS_MAX} from unnest(written_keys || check_keys) as key);
  end if;
  if is_large then
    perform pg_advisory_xact_lock(${LOCK_CLASS}, 1);
  else
    perform pg_advisory_xact_lock_shared(${LOCK_CLASS}, 1);
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
    where (select kv.ver from ${schema}.kv where kv.k = expected.k) is distinct from expected.ver
  ) then
    return 'conflict';
  end if;

  for range_index in 1 .. cardinality(range_starts) loop
    if exists (select from ${schema}.kv where k >= range_starts[range_index] and k < range_ends[range_index]) then
      return 'not-empty';
    end if;
  end loop;

  if cardinality(written_keys) = 0 then
    return 'ok';
  end if;
  if cardinality(delete_keys) > 0 then
    delete from ${schema}.kv where k = any (delete_keys);
  end if;
  if cardinality(set_keys) > 0 then
    insert into ${schema}.kv (k, v, ver)
    select entry.k, entry.v, commit_id from unnest(set_keys, set_values) as entry (k, v)
    on conflict (k) do update set v = excluded.v, ver = excluded.ver;
  end if;
  if cardinality(add_keys) > 0 then
    insert into ${schema}.kv as kv (k, v, ver)
    select counter.k, counter.amounts, commit_id from unnest(add_keys, add_amounts) as counter (k, amounts)
    on conflict (k) do update set v = ${schema}.add_counters(kv.v, excluded.v), ver = excluded.ver;
  end if;
  update ${schema}.sessions set last_commit = commit_id where id = session_id;
  if not found then
    raise exception 'this session was ended' using errcode = '${SESSION_ENDED}';
  end if;
  return 'ok';
end
$body$`

/** Adds two rows of signed 64-bit big-endian integers, column by column; the shorter one is taken to go on with zeros. */
export const addCountersFunction = (schema: string) => `
create function ${schema}.add_counters(counters bytea, amounts bytea) returns bytea
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
$body$`

/** SQLSTATE by which a commit says that its session is gone and that nothing was written. */
export const SESSION_ENDED = 'LS001'

/** PostgreSQL's default lock table has room for 64 locks a connection; commits are mostly far below this bound. */
const LOCKS_MAX = 256

/** First half of the two-part advisory locks that stand for no single key. Key locks live in a space of their own. */
export const LOCK_CLASS = 0x4c75_6773
