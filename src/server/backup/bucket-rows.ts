import type { BlobLedger } from '../../service/blobs/blob-ledger.ts'
import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import type { ServiceContext } from '../../service/context.ts'
import { blobReferenceKey, nullVersionsRange } from '../../service/keyspace.ts'
import { textPart } from '../../base/key.ts'
import { decodeObject, encodeObject } from '../../service/records/object-codec.ts'
import { decodePartLayout, encodePartLayout, type DecodedObject } from '../../service/records/object.ts'
import { recordSum } from '../../service/usage/record-sum.ts'
import { usageDelta } from '../../service/usage/usage.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { Damage } from './backup-state.ts'
import { copyBlobs } from './copy-blobs.ts'
import { targetBlobId } from './names.ts'
import type { BackupTarget } from './target.ts'

const ROWS_PER_COMMIT = 60
const BYTES_PER_COMMIT = 4 * 1024 * 1024
const MISSING_NAMED_MAX = 1_000

interface BucketRowsOptions {
  readonly context: ServiceContext
  readonly target: BackupTarget
  /** The ids of the bucket, in the backup and from now on. */
  readonly from: string
  readonly to: string
}

interface Row {
  readonly key: Buffer
  readonly value: Buffer
}

/** Writes versions of a bucket anew, under the bucket's new id and with new blobs: those of before may still be on their way out. */
export class BucketRows {
  readonly report = { versions: 0, blobs: 0, blobBytes: 0, missingCount: 0, missing: new Array<Damage>() }
  readonly #options: BucketRowsOptions
  readonly #prefixBytes: number
  readonly #toPart: Buffer
  #rows: Row[] = []
  #bytes = 0

  constructor(options: BucketRowsOptions) {
    this.#options = options
    this.#prefixBytes = 1 + textPart(options.from).length
    this.#toPart = textPart(options.to)
  }

  /** A row of the bucket in the backup: a version, or the place of a null version. */
  async add(key: Buffer, value: Buffer): Promise<void> {
    this.#rows.push({ key, value })
    this.#bytes += value.length
    if (this.#rows.length >= ROWS_PER_COMMIT || this.#bytes >= BYTES_PER_COMMIT) await this.flush()
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const rows = this.#rows
    this.#rows = []
    this.#bytes = 0
    if (rows.length === 0) return
    const { context } = this.#options
    const ledger = await context.blobLedger.open()
    const [placeTag] = nullVersionsRange('').start
    const places = rows.filter(({ key }) => key[0] === placeTag)
    const versions = rows
      .filter(({ key }) => key[0] !== placeTag)
      .map(({ key, value }) => ({ key, object: decodeObject(value) }))
    const newIds = new Map<BlobId, BlobId>()
    for (const { object } of versions)
      for (const id of blobsOfObject(object)) newIds.set(id, ledger.newBlobId())
    const lost = await this.#copyBlobs(newIds)
    const whole = versions.filter(({ object }) => !blobsOfObject(object).some((id) => lost.has(id)))
    const needed = whole.flatMap(({ object }) => blobsOfObject(object).map((id) => newIds.get(id) ?? id))
    const records = whole.map(({ key, object }) => ({
      key: this.#keyOf(key),
      value: withBlobs(object, newIds),
    }))
    await this.#commit(ledger, needed, {
      sets: [
        ...places.map(({ key, value }) => ({ key: this.#keyOf(key), value })),
        ...records,
        ...needed.map((id) => ({ key: blobReferenceKey(id), value: Buffer.alloc(0) })),
      ],
      adds: usageDelta(this.#options.to, {
        sizeBytes: whole.reduce((sum, { object }) => sum + object.record.sizeBytes, 0),
        objects: whole.length,
        recordSum: records.reduce((sum, { value }) => sum + recordSum(value), 0),
      }),
    })
    const unneeded = [...newIds.values()].filter((id) => !needed.includes(id))
    ledger.release(unneeded)
    this.report.versions += whole.length
  }

  async #commit(
    ledger: BlobLedger,
    blobIds: readonly BlobId[],
    change: { readonly sets: readonly Row[]; readonly adds: ReturnType<typeof usageDelta> },
  ): Promise<void> {
    const { metadata } = this.#options.context
    const outcome = await metadata.commit({ ...change, checks: ledger.leaseChecks(blobIds) })
    ledger.settle(blobIds)
    if (outcome !== 'ok')
      throw new ConfigurationError('this process lost its lease on the store; restore the bucket again')
  }

  /** Gives the ids, as in the backup, of those that could not be read there. */
  async #copyBlobs(newIds: ReadonlyMap<BlobId, BlobId>): Promise<ReadonlySet<BlobId>> {
    const { report } = this
    const lost = new Set<BlobId>()
    const ids = async function* () {
      yield* newIds.keys()
    }
    await copyBlobs(ids(), {
      from: this.#options.target.store,
      to: this.#options.context.blobs,
      idHere: targetBlobId,
      idThere: (id) => newIds.get(id) ?? id,
      onCopied: (_id, sizeBytes) => {
        report.blobs++
        report.blobBytes += sizeBytes
      },
      onDamage: (damage, id) => {
        lost.add(id)
        if (++report.missingCount <= MISSING_NAMED_MAX) report.missing.push(damage)
      },
    })
    return lost
  }

  #keyOf(key: Buffer): Buffer {
    return Buffer.concat([key.subarray(0, 1), this.#toPart, key.subarray(this.#prefixBytes)])
  }
}

function withBlobs({ record, tail }: DecodedObject, newIds: ReadonlyMap<BlobId, BlobId>): Buffer {
  const idOf = (id: BlobId): BlobId => newIds.get(id) ?? id
  if (record.body === 'blob' && record.blob)
    return encodeObject({ ...record, blob: { ...record.blob, id: idOf(record.blob.id) } }, tail)
  if (record.body !== 'parts') return encodeObject(record, tail)
  const { parts } = decodePartLayout(tail)
  const moved = parts.map((part) =>
    part.blobId === undefined ? part : { ...part, blobId: idOf(part.blobId) },
  )
  return encodeObject(record, encodePartLayout({ parts: moved }))
}
