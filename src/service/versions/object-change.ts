import { bucketKey, nullVersionKey, versionKey, versionsOfObjectRange } from '../keyspace.ts'
import { bucketCodec, type BucketRecord } from '../records/bucket.ts'
import { encodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import { BucketChange } from '../commit/bucket-change.ts'
import { checkRemovable, lockOf } from '../locks/lock-rules.ts'
import { blobsOfObject } from '../bodies/object-blobs.ts'
import { nullVersionPointer } from './object-state.ts'
import type { ObjectState, StoredVersion } from './object-state.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'

/**
 * One change of an object's versions, gathered and then committed at once. It keeps these invariants (see keyspace.ts): the current, visible
 * version alone is the `C` row; without one, the newest `V` row is a delete marker; at most one null version, and the `0` row tells its
 * place while it is among `V`. Each change of what is on top writes the `C` row (deletes it even when absent), so that two of them
 * never commit side by side.
 */
export class ObjectChange extends BucketChange {
  readonly #bucket: BucketRecord
  readonly #nowMs: number
  readonly #bypassGovernance: boolean
  #locksAreWatched: boolean

  constructor(bucket: BucketRecord, nowMs: number, options: { readonly bypassGovernance?: boolean } = {}) {
    super(bucket.bucketId)
    this.#bucket = bucket
    this.#nowMs = nowMs
    this.#bypassGovernance = options.bypassGovernance ?? false
    this.#locksAreWatched = bucket.locksAreWatched ?? false
  }

  /** Puts a new version (`value` is its encoded record) or delete marker on top of an object, as the bucket's versioning has it. */
  placeOnTop(state: ObjectState, record: ObjectRecord, value: Uint8Array): void {
    const { bucketId, versioning } = this.#bucket
    const { current, newestMarker, olderNullVersion, nullPointerVersion, objectKey } = state
    const nullKey = nullVersionKey(bucketId, objectKey)
    // The rows were read one after the other: a null version that came among `V` in between would stay beside the new one.
    if (nullPointerVersion !== undefined) this.checks.push({ key: nullKey, version: nullPointerVersion })
    let nullOrder: string | undefined
    this.checks.push({ key: state.currentKey, version: current?.version ?? null })
    if (current) {
      const isNull = current.record.versionId === NULL_VERSION_ID
      if (current.isLost || (isNull && versioning !== 'Enabled')) {
        this.#discard(current)
      } else {
        this.#countLeaving(current)
        this.#store(versionKey(bucketId, objectKey, current.record.order), current.record, current.value)
        if (isNull) nullOrder = current.record.order
      }
    } else if (versioning !== 'NeverEnabled') {
      this.#guardNewest(objectKey, newestMarker)
    }
    if (olderNullVersion) {
      this.#checkOnce(olderNullVersion)
      this.deletes.push(olderNullVersion.storeKey)
      this.#discard(olderNullVersion)
    }
    if (record.isDeleteMarker) {
      this.#store(versionKey(bucketId, objectKey, record.order), record, value)
      this.deletes.push(state.currentKey)
      if (record.versionId === NULL_VERSION_ID) nullOrder = record.order
    } else {
      this.#store(state.currentKey, record, value)
    }
    if (nullOrder !== undefined) this.sets.push({ key: nullKey, value: nullVersionPointer(nullOrder) })
    else if (olderNullVersion) this.deletes.push(nullKey)
    this.bytesDelta += record.sizeBytes
    this.objectsDelta += 1
  }

  /** Removes the current object where no versions are kept, or where it is the last one. */
  removeCurrent(state: ObjectState, current: StoredVersion): void {
    this.checks.push({ key: state.currentKey, version: current.version })
    this.deletes.push(state.currentKey)
    this.#discard(current)
  }

  /** Removes the newest version, `target`, and lets `next`, the newest of the others, be the current one unless it is a delete marker. */
  removeNewest(state: ObjectState, target: StoredVersion, next: StoredVersion | null): void {
    const { bucketId } = this
    this.checks.push({ key: state.currentKey, version: state.current?.version ?? null })
    if (!state.current) {
      this.#guardNewest(state.objectKey, target)
      this.deletes.push(target.storeKey)
    }
    this.#discard(target)
    let isNullPointerStale = !state.current && target.record.versionId === NULL_VERSION_ID
    if (next) this.checks.push({ key: next.storeKey, version: next.version })
    if (next && next.record.isDeleteMarker !== true) {
      this.#countLeaving(next)
      this.#store(state.currentKey, next.record, next.value)
      this.deletes.push(next.storeKey)
      isNullPointerStale ||= next.record.versionId === NULL_VERSION_ID
    } else {
      this.deletes.push(state.currentKey)
    }
    if (isNullPointerStale) this.deletes.push(nullVersionKey(bucketId, state.objectKey))
  }

  /** Removes a version that is not the newest. */
  removeOlder(state: ObjectState, target: StoredVersion): void {
    this.checks.push({ key: state.currentKey, version: state.current?.version ?? null })
    this.checks.push({ key: target.storeKey, version: target.version })
    this.deletes.push(target.storeKey)
    if (!state.current) this.deletes.push(state.currentKey)
    if (target.record.versionId === NULL_VERSION_ID)
      this.deletes.push(nullVersionKey(this.bucketId, state.objectKey))
    this.#discard(target)
  }

  /** Removes the row of a version whose record is damaged. The blobs that it named belong to nothing then, and stay. */
  removeLost(target: StoredVersion): void {
    this.#checkOnce(target)
    this.deletes.push(target.storeKey)
    this.#discard(target)
  }

  /** Writes another record in a version's place: its bytes stay the same. */
  rewrite(target: StoredVersion, record: ObjectRecord): void {
    this.checks.push({ key: target.storeKey, version: target.version })
    this.#countLeaving(target)
    this.#store(target.storeKey, record, encodeObject(record, target.tail))
  }

  /** Every row of a version is written here: who looks for locks in the bucket meanwhile must not overlook this one (see watch-locks.ts). */
  #store(key: Buffer, record: ObjectRecord, value: Uint8Array): void {
    this.sets.push({ key, value })
    this.countStored(value)
    if (!this.#locksAreWatched || lockOf(record, this.#nowMs) === null) return
    this.#locksAreWatched = false
    const bucket = withoutWatch(this.#bucket)
    this.sets.push({ key: bucketKey(bucket.name), value: bucketCodec.encode(bucket) })
  }

  /** `newest` must still be there and still be the newest `V` row; null: there must be none. */
  #guardNewest(objectKey: string, newest: StoredVersion | null): void {
    const range = versionsOfObjectRange(this.bucketId, objectKey)
    if (!newest) {
      this.emptyRanges.push(range)
      return
    }
    this.emptyRanges.push({ start: range.start, end: newest.storeKey })
    this.checks.push({ key: newest.storeKey, version: newest.version })
  }

  #checkOnce(target: StoredVersion): void {
    const isChecked = this.checks.some(({ key }) => target.storeKey.equals(key))
    if (!isChecked) this.checks.push({ key: target.storeKey, version: target.version })
  }

  /** A record goes from its row, for good or to another one. */
  #countLeaving({ value, isLost }: StoredVersion): void {
    if (isLost) this.lostRecords++
    else this.countRemoved(value)
  }

  #discard(target: StoredVersion): void {
    checkRemovable(target.record, this.#nowMs, this.#bypassGovernance)
    this.#countLeaving(target)
    this.releasedBlobs.push(...blobsOfObject(target))
    this.bytesDelta -= target.record.sizeBytes
    this.objectsDelta -= 1
  }
}

const withoutWatch = ({ locksAreWatched: _removed, ...record }: BucketRecord): BucketRecord => record
