import { keyAfter } from '../base/key.ts'

/** A key: bytes, compared byte by byte, 1 to {@link KEY_BYTES_MAX} long. The first is no 0xff: such keys are the engines' own. */
export type Key = Uint8Array

/** Names one state of an entry. Opaque: compare with `===` only. A key that was deleted and set again gets a new one. */
export type Version = string | number

/** An entry as it was read. */
export interface Entry {
  /** May share memory with the key that was asked for. */
  readonly key: Buffer
  /** Belongs to the caller; the engine never changes it afterwards. Empty when only keys were asked for. */
  readonly value: Buffer
  readonly version: Version
  /** The value lies in the store without a checksum: an older release wrote it. */
  readonly isUnchecked?: true
  /** The value has fewer bytes than `valueBytesMax` allowed, and not all that there are; the engine has checked them by a checksum of its own. */
  readonly isCutShort?: true
}

/** What a delimited scan gives: an entry, or a prefix that stands for all entries under it. */
export type ListItem =
  | { readonly type: 'entry'; readonly entry: Entry }
  /**
   * `prefix` ends with the delimiter and includes the scan's own prefix. `first`: the first entry under it, where the engine has it at hand: what
   * vouches for the prefix.
   */
  | { readonly type: 'prefix'; readonly prefix: Buffer; readonly first?: Entry }

/** Which entries a scan gives. */
export interface ScanRange {
  /** Inclusive. */
  readonly start: Key
  /** Exclusive. */
  readonly end: Key
  /** At most this many entries, 1 or more. */
  readonly limit: number
  /** Descending order of keys; `start` and `end` keep their meaning. */
  readonly reverse?: boolean
  /** Leaves values empty. */
  readonly keysOnly?: boolean
  /** Cuts longer values to their first so many bytes: a listing wants the fields of records, not the bodies behind them. */
  readonly valueBytesMax?: number
  /** With so many bytes the engine may end a value before `valueBytesMax`, where more would cost it another read. When absent: it may not. */
  readonly valueBytesEnough?: number
}

/** Which entries and common prefixes a delimited scan gives. */
export interface DelimitedScanRange {
  /** Only keys that start with these bytes. */
  readonly prefix: Key
  /** Only keys below this one. */
  readonly end: Key
  /**
   * Where to start: only keys greater than or equal to this one. To go on after an entry pass `keyAfter(entry.key)`; to go
   * on after a common prefix pass `prefixEnd(prefix)`. A key in the middle of a common prefix makes that prefix appear
   * (when keys at or after `start` remain under it).
   */
  readonly start: Key
  /** One or more bytes; looked for behind `prefix`. */
  readonly delimiter: Uint8Array
  /** At most this many items (entries and prefixes together), 1 or more. */
  readonly limit: number
  /** Cuts longer values to their first so many bytes. */
  readonly valueBytesMax?: number
  /** As in {@link ScanRange}. */
  readonly valueBytesEnough?: number
}

/** One atomic change. A key occurs at most once over `sets`, `deletes` and `adds`. */
export interface Change {
  /** Each key must still have this version (null: must be absent), else the outcome is `conflict`. */
  readonly checks?: readonly { readonly key: Key; readonly version: Version | null }[]
  /** No entry may lie in any of these ranges (start inclusive, end exclusive) before the change, else `not-empty`. */
  readonly emptyRanges?: readonly { readonly start: Key; readonly end: Key }[]
  readonly sets?: readonly { readonly key: Key; readonly value: Uint8Array }[]
  /** Deleting an absent key is no error. */
  readonly deletes?: readonly Key[]
  /**
   * Adds to counters without reading them first, so that writers that share a counter do not conflict. The value is a row of
   * signed 64-bit big-endian integers, made of zeros when absent, lengthened with zeros when shorter than `amounts`.
   */
  readonly adds?: readonly { readonly key: Key; readonly amounts: readonly number[] }[]
  /**
   * Let in on a full disk, at the cost of the room that is kept for it: what removes more than it adds, and small records that are written over in place.
   * When absent: what deletes anything is. All else fails there with {@link StoreFull}. Engines without a disk of their own pass it over.
   */
  readonly usesReserve?: boolean
}

/** How a commit ended; `conflict` goes before `not-empty`, and after both nothing was changed. */
export type CommitOutcome = 'ok' | 'conflict' | 'not-empty'

/** Bytes of a key. */
export const KEY_BYTES_MAX = 1_900
/** Bytes of a value. */
export const VALUE_BYTES_MAX = 8 * 1024 * 1024
/** Bytes that what lies around an engine may put to each value beyond that. */
export const VALUE_BYTES_ADDED_MAX = 16
/**
 * A change that names at most this many different keys makes only those wait who share a key with it. An engine may let a larger one stop all
 * others until it is durable: split what can be split.
 */
export const KEYS_PER_COMMIT_ADVISED = 240

/** The state of a metadata store at one instant, for as long as somebody reads it. */
export interface MetadataSnapshot {
  /** As {@link MetadataStore.scan}: what was there at that instant, whatever was committed since. */
  scan(range: ScanRange): Promise<Entry[]>
  /** Lets the engine reuse what it kept for this. To be called once, when nothing is read from it any more. */
  close(): Promise<void>
}

/** How much of the disk an engine's own file takes. */
export interface StoreSpace {
  readonly fileBytes: number
  /** Those of them that hold nothing: new records go there, and a compaction gives them back. */
  readonly freeBytes: number
}

/** How a compaction is to go. */
export interface CompactOptions {
  /** Ends it, and leaves everything as it was. */
  readonly signal?: AbortSignal
  /** Told after each piece how many entries were copied, of about how many. */
  readonly onProgress?: (copied: number, total: number) => void
  /** Called between two pieces of the work, with the time that the one before took, in milliseconds. Resolves when the next may begin. */
  readonly rest?: (workedMs: number) => Promise<void>
}

/** What a compaction did. */
export interface Compaction {
  readonly bytesBefore: number
  readonly bytesAfter: number
  readonly entries: number
  /** How often a key was copied again because it was changed meanwhile. */
  readonly copiedAgain: number
  readonly durationMs: number
  /** How long commits had to wait at its end. */
  readonly pauseMs: number
}

/** A compaction could not be made, or was given up; the store is as it was. The message says why. */
export class CompactionFailed extends Error {
  override readonly name = 'CompactionFailed'
}

/**
 * An ordered key-value store with atomic, durable, conditional commits: what every engine under `storage/` gives.
 *
 * Keys are {@link KEY_BYTES_MAX} bytes long at most, and do not begin with 0xff. Reads take others, and bounds of any bytes: nothing is stored there.
 * Reads are linearizable: a read that starts after a commit resolved, in this process or any other that shares the store, sees it.
 * Failures: an engine that cannot answer throws {@link StoreUnavailable}; the caller may try again. A `commit` whose change may have
 * happened all the same throws {@link CommitUnknown}; after any other failure it has not.
 */
export interface MetadataStore {
  /** One consistent read of several keys, in the order asked; null for an absent key. */
  getMany(keys: readonly Key[]): Promise<(Entry | null)[]>
  /**
   * Names the state that a read which begins now would see: the same object for as long as nobody commits anything, in whichever process. Null while that
   * cannot be told. Absent: it could not be told without asking a server. Never throws.
   */
  stateMark?(): object | null
  /** Entries in byte order of their keys, from one consistent snapshot. */
  scan(range: ScanRange): Promise<Entry[]>
  /**
   * As `scan`, but keys that share a prefix up to and including the delimiter come once, as that prefix. The engine skips what lies
   * under a prefix: the cost follows the items returned, not the keys passed.
   */
  scanDelimited(range: DelimitedScanRange): Promise<ListItem[]>
  /**
   * The state of this moment, kept for reading while others commit; it has every commit that resolved before the call. The engine cannot use
   * anew what was replaced meanwhile, so it is for reading through and closing, and takes a connection of its own where the engine has such.
   * Reading it throws {@link StoreUnavailable} when the engine lost it.
   */
  snapshot(): Promise<MetadataSnapshot>
  /** All or nothing; durable (survives a crash of process and machine) when it resolves with `ok`; unchanged otherwise. */
  commit(change: Change): Promise<CommitOutcome>
  /**
   * The error with which a change that adds something would be refused now, so that nobody takes in a body first; null when the store takes writes. Absent:
   * the engine never knows beforehand.
   */
  refusal?(): StoreUnavailable | null
  /** Which keys lie in parts of its file that the disk cannot read, as far as that is known: from one up to another, null where nothing bounds them. Absent: it reads no file of its own. Never throws. */
  unreadable?(): readonly UnreadableKeys[]
  /** What its file takes of the disk; null, as when it is absent: it has none of its own here. Throws StoreUnavailable. */
  space?(): Promise<StoreSpace | null>
  /**
   * Gives back to the disk what its file does not use, while others read and commit; only its last step keeps commits waiting. Entries and their versions stay as they are. Null, as when it is absent: there is no such
   * file. Rejects with {@link CompactionFailed}, with the reason of `signal`, or with the system's error, and has then changed nothing.
   */
  compact?(options?: CompactOptions): Promise<Compaction | null>
  /** Waits for commits under way, then frees what the engine holds. Further calls fail. */
  close(): Promise<void>
}

/** The engine could not answer (connection lost, disk full, pool exhausted); nothing is known to be wrong with the data. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** What the engine gave is not what was stored there: the disk, or something on the way from it, changed it. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord'
  readonly key: Buffer
  /** Of the damaged entry, so that a commit can replace or remove it; empty where it cannot be read. */
  readonly version: Version
  /** The first key behind what is damaged. */
  readonly behind: Key

  /** `place`: where the store lies; `reason`: what does not fit. `behind`: where others than this record cannot be read either. */
  constructor(
    entry: { readonly key: Buffer; readonly version: Version; readonly behind?: Key },
    place: string,
    reason: string,
  ) {
    super(`record ${printableKey(entry.key)} in ${place} is damaged: ${reason}`)
    this.key = entry.key
    this.version = entry.version
    this.behind = entry.behind ?? keyAfter(entry.key)
  }
}

/** Keys whose records cannot be read, nor written. */
export interface UnreadableKeys {
  readonly from: Uint8Array | null
  readonly to: Uint8Array | null
}

/** What an engine cannot read without its process ending: the disk does not give a part of its mapped file. All else is read and written as before. */
export class UnreadableRecord extends StoreUnavailable {
  /** `row`: the value of the key; `after` and `before`: whatever comes next behind it, or in front of it, and its key too. */
  readonly what: 'row' | 'after' | 'before'
  readonly key: Buffer

  constructor(what: UnreadableRecord['what'], key: Buffer) {
    super(
      what === 'row'
        ? `the disk cannot read the part of the metadata in which the record ${printableKey(key)} lies`
        : `the disk cannot read the part of the metadata ${what === 'after' ? 'behind' : 'in front of'} the record ${printableKey(key)}`,
    )
    this.what = what
    this.key = key
  }
}

/** A key for people: what does not print comes as `.`. */
export const printableKey = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength)
    .toString('latin1')
    .replace(/[^ -~]/g, '.')

/** The store takes no writes until its disk takes them again; what is stored is read as before. */
export class StoreReadOnly extends StoreUnavailable {
  /** Why, in words for people, without paths. */
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super(`the store takes no writes: ${reason}`, options)
    this.reason = reason
  }

  /** As a sentence in a response. */
  get forClients(): string {
    return `The server takes no writes now: ${this.reason}. Reading goes on.`
  }
}

/** The disk, or the memory of a store in memory, has no room for this; what removes something is let in all the same. */
export class StoreFull extends StoreUnavailable {
  /** At least so many bytes have to be made free for it. */
  readonly missingBytes: number
  readonly #place: 'disk' | 'memory'

  constructor(missingBytes: number, options: ErrorOptions & { readonly place?: 'disk' | 'memory' } = {}) {
    const { place = 'disk' } = options
    super(`the ${place} is full: at least ${missingBytes} bytes more are needed`, options)
    this.missingBytes = missingBytes
    this.#place = place
  }

  /** As a sentence in a response. */
  get forClients(): string {
    return `The ${this.#place} of the server is full: at least ${this.missingBytes} bytes more are needed. Deleting goes on.`
  }
}

/** Whether the change of this commit happened could not be learnt: the connection was lost, and stayed so, or the disk failed in the middle. */
export class CommitUnknown extends StoreUnavailable {}

/** Reads a counter row as written by {@link Change.adds}; absent entries and missing columns are 0. */
export function readCounters(entry: Entry | null, columns: number): number[] {
  const value = entry?.value ?? Buffer.alloc(0)
  return Array.from({ length: columns }, (_, column) =>
    column * 8 + 8 <= value.length ? Number(value.readBigInt64BE(column * 8)) : 0,
  )
}
