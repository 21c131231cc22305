import type { Key } from '../metadata-store.ts'

/**
 * Scopes stand for parts of the key space in locks: a scope is a prefix of one of these lengths. Every process that shares a store must use
 * the same lengths, so a change of them needs a new schema version.
 */
const SCOPE_LENGTHS: readonly number[] = [
  0, 8, 16, 24, 32, 40, 48, 56, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536,
]

/** The narrowest scope in which the whole range lies. */
export function scopeOfRange({ start, end }: { readonly start: Key; readonly end: Key }): Uint8Array {
  let shared = 0
  while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared++
  // `end` may be the first key behind a prefix: then the keys below it share one byte more.
  if (end.length === shared + 1 && start.length > shared && end[shared] === (start[shared] ?? 0) + 1) shared++
  return start.subarray(0, SCOPE_LENGTHS.findLast((length) => length <= shared) ?? 0)
}

/** Every scope in which the key lies. */
export function scopesOfKey(key: Key): Uint8Array[] {
  return SCOPE_LENGTHS.filter((length) => length <= key.length).map((length) => key.subarray(0, length))
}
