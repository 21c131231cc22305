import { randomBytes } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { uint64Part } from '../../base/key.ts'
import { changeLogKey } from '../../service/keyspace.ts'
import type { Change, CommitOutcome, MetadataStore } from '../../storage/metadata-store.ts'
import { MetadataStoreWrapper } from '../../storage/wrap/metadata-store-wrapper.ts'
import { isOfThisPlace } from '../backup/process-records.ts'

/**
 * Notes with each commit, and in it, which records it changes: what a mirror has still to take over. An entry is the time of the commit (8 bytes, epoch milliseconds),
 * then for each key its length (2 bytes, big-endian) and its bytes.
 */
export class LoggedMetadataStore extends MetadataStoreWrapper {
  readonly #clock: Clock
  readonly #writer = randomBytes(8).toString('hex')
  #count = 0

  constructor(store: MetadataStore, clock: Clock) {
    super(store)
    this.#clock = clock
  }

  override commit(change: Change): Promise<CommitOutcome> {
    const keys: Uint8Array[] = []
    for (const { key } of change.sets ?? []) if (!isOfThisPlace(key)) keys.push(key)
    for (const key of change.deletes ?? []) if (!isOfThisPlace(key)) keys.push(key)
    for (const { key } of change.adds ?? []) if (!isOfThisPlace(key)) keys.push(key)
    if (keys.length === 0) return this.store.commit(change)
    const entry = {
      key: changeLogKey(this.#writer, this.#count++),
      value: encodeLogEntry(this.#clock.now(), keys),
    }
    return this.store.commit({ ...change, sets: [...(change.sets ?? []), entry] })
  }
}

function encodeLogEntry(at: number, keys: readonly Uint8Array[]): Buffer {
  const pieces: Uint8Array[] = [uint64Part(at)]
  for (const key of keys) {
    const length = Buffer.allocUnsafe(2)
    length.writeUInt16BE(key.byteLength)
    pieces.push(length, key)
  }
  return Buffer.concat(pieces)
}

/** What a commit changed, and when. Throws RangeError for what is no entry. */
export function decodeLogEntry(value: Buffer): { readonly at: number; readonly keys: readonly Buffer[] } {
  const keys: Buffer[] = []
  for (let at = 8; at < value.length;) {
    const end = at + 2 + value.readUInt16BE(at)
    keys.push(value.subarray(at + 2, end))
    at = end
  }
  return { at: Number(value.readBigUInt64BE(0)), keys }
}
