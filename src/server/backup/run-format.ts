import { createHash } from 'node:crypto'
import type { Version } from '../../storage/metadata-store.ts'

/**
 * A run holds records in ascending order of key, each once. Its values lie one after the other in one half; the other half has, for each record:
 *
 *     key length      2 bytes  big-endian
 *     kind            1 byte   0: a value; 1: the record was removed; 2 added to it: the version is a number
 *     version length  1 byte
 *     value length    4 bytes  big-endian
 *     digest         16 bytes  the beginning of the value's SHA-256; zeros where there is no value
 *     key, version (text)
 *
 * So two states are compared without reading a value.
 */
export interface RunKey {
  readonly key: Buffer
  /** What named the record's state in its store; it means nothing in another store. */
  readonly version: Version
  readonly isRemoved: boolean
  readonly valueBytes: number
  readonly digest: Buffer
}

/** A record of a run with its value; null: it was removed. */
export interface RunEntry {
  readonly key: Buffer
  readonly version: Version
  readonly value: Buffer | null
}

/** What a state says of one of its runs. */
export interface RunInfo {
  readonly id: string
  readonly entries: number
  readonly keyBytes: number
  readonly keySha256: string
  readonly valueBytes: number
  readonly valueSha256: string
}

const HEAD_BYTES = 24
const DIGEST_BYTES = 16
const REMOVED = 1
const NUMERIC_VERSION = 2
const NO_DIGEST = Buffer.alloc(DIGEST_BYTES)

/** By what a value is recognised. */
export const digestOf = (value: Uint8Array): Buffer =>
  createHash('sha256').update(value).digest().subarray(0, DIGEST_BYTES)

/** An entry's part in the half of keys. */
export function encodeRunKey({ key, version, value }: RunEntry): Buffer {
  const versionText = Buffer.from(String(version))
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + key.length + versionText.length)
  bytes.writeUInt16BE(key.length, 0)
  bytes[2] = (value === null ? REMOVED : 0) + (typeof version === 'number' ? NUMERIC_VERSION : 0)
  bytes[3] = versionText.length
  bytes.writeUInt32BE(value?.length ?? 0, 4)
  bytes.set(value === null ? NO_DIGEST : digestOf(value), 8)
  bytes.set(key, HEAD_BYTES)
  bytes.set(versionText, HEAD_BYTES + key.length)
  return bytes
}

/** Reads the entry that begins at `at`; null when `bytes` do not hold all of it. */
export function decodeRunKey(
  bytes: Buffer,
  at: number,
): { readonly entry: RunKey; readonly end: number } | null {
  if (bytes.length < at + HEAD_BYTES) return null
  const keyEnd = at + HEAD_BYTES + bytes.readUInt16BE(at)
  const end = keyEnd + bytes.readUInt8(at + 3)
  if (bytes.length < end) return null
  const kind = bytes.readUInt8(at + 2)
  const versionText = bytes.toString('utf8', keyEnd, end)
  return {
    end,
    entry: {
      key: bytes.subarray(at + HEAD_BYTES, keyEnd),
      version: (kind & NUMERIC_VERSION) !== 0 ? Number(versionText) : versionText,
      isRemoved: (kind & REMOVED) !== 0,
      valueBytes: bytes.readUInt32BE(at + 4),
      digest: bytes.subarray(at + 8, at + HEAD_BYTES),
    },
  }
}
