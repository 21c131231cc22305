/**
 * Scans with a delimiter in the server. Entries come from one index scan until a key has the delimiter behind the prefix; then a
 * new scan starts behind everything that shares that common prefix, so the cost follows the items returned. STABLE: every statement
 * inside sees the snapshot of the query that called it.
 */
export const scanDelimitedFunction = (schema: string) => `
create function ${schema}.scan_delimited(
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
      select kv.k, kv.v, kv.ver from ${schema}.kv
      where kv.k >= place and kv.k < scan_end order by kv.k limit item_limit - item_count
    loop
      found_at := position(delimiter in substring(entry.k from length(scan_prefix) + 1));
      if found_at > 0 then
        k := substring(entry.k for length(scan_prefix) + found_at + length(delimiter) - 1);
        v := ''; ver := ''; is_prefix := true;
        place := ${schema}.prefix_end(k);
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
$body$`

/** The first key behind all keys that start with the prefix; null when there is none. */
export const prefixEndFunction = (schema: string) => `
create function ${schema}.prefix_end(prefix bytea) returns bytea
language plpgsql immutable strict parallel safe as $body$
begin
  for index in reverse length(prefix) - 1 .. 0 loop
    if get_byte(prefix, index) < 255 then
      return set_byte(substring(prefix for index + 1), index, get_byte(prefix, index) + 1);
    end if;
  end loop;
  return null;
end
$body$`
