import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ManualClock } from '../manual-clock.ts'
import { SeededRandom } from '../seeded-random.ts'
import type { Admission } from '../../src/service/admission.ts'
import type { ServiceContext, ServiceSettings } from '../../src/service/context.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { blobReferencesRange, bucketKey, objectsRange, versionsRange } from '../../src/service/keyspace.ts'
import type { DigestBody } from '../../src/service/objects/copy-object.ts'
import type { ObjectAttributes } from '../../src/service/versions/object-attributes.ts'
import { blobsOfObject } from '../../src/service/bodies/object-blobs.ts'
import type { ObjectBody } from '../../src/service/bodies/object-body.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import type { OpenObjectInput } from '../../src/service/versions/open-object.ts'
import { putObject } from '../../src/service/objects/put-object.ts'
import type { PutObjectInput } from '../../src/service/objects/put-object.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import type { BucketRecord } from '../../src/service/records/bucket.ts'
import { compareCounts } from '../../src/server/store/count-bucket.ts'
import { decodeObject } from '../../src/service/records/object-codec.ts'
import { EnvelopeVault } from '../../src/service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../../src/service/secrets/master-keys.ts'
import { readUsage } from '../../src/service/usage/usage.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { bucketRecord } from '../bucket-record.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../service-settings.ts'

/** What was given up is asked about, answered, and then removed. */
const STEPS_TO_REMOVE = 2

export const NO_ATTRIBUTES: ObjectAttributes = { headers: {}, userMetadata: {} }

export interface ObjectWorldOptions {
  readonly metadata?: MetadataStore
  readonly blobs?: BlobStore
  readonly settings?: Partial<ServiceSettings>
}

/** Stores, a clock that stands still and one bucket: what the object rules work on. */
export class ObjectWorld {
  readonly clock: ManualClock
  readonly context: ServiceContext
  #admission: Admission

  private constructor(context: ServiceContext, clock: ManualClock, admission: Admission) {
    this.context = context
    this.clock = clock
    this.#admission = admission
  }

  static async make(
    bucket: Partial<BucketRecord> = {},
    options: ObjectWorldOptions = {},
  ): Promise<ObjectWorld> {
    const clock = new ManualClock()
    const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the test'))
    const context = createServiceContext({
      metadata: options.metadata ?? new MemoryMetadataStore(),
      blobs: options.blobs ?? new MemoryBlobStore(),
      clock,
      vault,
      settings: {
        ...DEFAULT_SERVICE_SETTINGS,
        inlineBodyBytesMax: 16,
        partSizeBytesMin: 10,
        bucketsPerAccountMax: 20,
        ...options.settings,
      },
    })
    const record = { ...EMPTY_BUCKET, ...bucket }
    await context.metadata.commit({
      sets: [{ key: bucketKey(record.name), value: bucketCodec.encode(record) }],
    })
    return new ObjectWorld(context, clock, await readAdmission(context, record.name))
  }

  get admission(): Admission {
    return this.#admission
  }

  /** Another process on the same stores: shares no memory with this one. */
  otherProcess(): ServiceContext {
    return createServiceContext(this.context)
  }

  async changeBucket(change: Partial<BucketRecord>): Promise<void> {
    const record = { ...this.#admission.bucket.record, ...change }
    await this.context.metadata.commit({
      sets: [{ key: bucketKey(record.name), value: bucketCodec.encode(record) }],
    })
    this.#admission = await readAdmission(this.context, record.name)
  }

  async put(objectKey: string, text: string, input: Partial<PutObjectInput> = {}) {
    return await putObject(this.context, this.#admission, {
      objectKey,
      body: wholeBody(text),
      attributes: NO_ATTRIBUTES,
      ...input,
    })
  }

  /** The text of a version. */
  async get(objectKey: string, input: Omit<OpenObjectInput, 'objectKey'> = {}): Promise<string> {
    const open = await openObject(this.context, this.#admission, { objectKey, ...input })
    return await readText(await open.read())
  }

  /** What the bucket holds; fails unless its counters are those of the records that are there. */
  async usage() {
    const { record } = this.#admission.bucket
    assert.equal(await compareCounts(this.context, record), null)
    return await readUsage(this.context.metadata, record.bucketId)
  }

  /** Fails unless the blobs named by versions, those referred to, and those stored once all that was released is removed are the same. */
  async assertBlobsAreWhole(contexts: readonly ServiceContext[] = [this.context]): Promise<void> {
    const { bucketId } = this.#admission.bucket.record
    const named: string[] = []
    for (const range of [objectsRange(bucketId), versionsRange(bucketId)]) {
      const entries = await this.context.metadata.scan({ ...range, limit: 100_000 })
      named.push(...entries.flatMap(({ value }) => blobsOfObject(decodeObject(value))))
    }
    const { referenced, stored } = await this.#blobIds(contexts)
    assert.deepEqual(referenced, named.sort())
    assert.deepEqual(stored, referenced)
  }

  async #blobIds(contexts: readonly ServiceContext[]) {
    this.clock.advance(3_600_000)
    const ledgers = await Promise.all(contexts.map(({ blobLedger }) => blobLedger.open()))
    for (let step = 0; step < STEPS_TO_REMOVE; step++) {
      for (const ledger of ledgers) await ledger.reclaimDue()
      for (const ledger of ledgers) await ledger.answerQuestions()
    }
    const references = await this.context.metadata.scan({ ...blobReferencesRange(), limit: 100_000 })
    const stored = await this.context.blobs.list({ limit: 100_000 })
    return {
      referenced: references.map(({ key }) => key.toString('latin1', 1, key.length - 2)).sort(),
      stored: stored.map(({ id }) => id).sort(),
    }
  }
}

const EMPTY_BUCKET = bucketRecord({ origin: 's3', sumsRecords: true })

async function readAdmission(context: ServiceContext, name: string): Promise<Admission> {
  const [entry] = await context.metadata.getMany([bucketKey(name)])
  if (!entry) throw new Error('the bucket is not there')
  return {
    principal: { type: 'account', accountId: EMPTY_BUCKET.accountId, accessKeyId: 'AKIAROOT' },
    credential: null,
    bucket: { record: bucketCodec.decode(entry.value), version: entry.version },
  }
}

export const md5Hex = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

export function wholeBody(text: string | Buffer): ObjectBody {
  const bytes = Buffer.from(text)
  return { bytes, finish: () => ({ md5Hex: md5Hex(bytes) }) }
}

/** A body that arrives in pieces; its size is known before or not. */
export function streamedBody(pieces: readonly (string | Buffer)[], sizeBytes?: number): ObjectBody {
  const hash = createHash('md5')
  async function* stream() {
    for (const piece of pieces) {
      await Promise.resolve()
      const bytes = Buffer.from(piece)
      hash.update(bytes)
      yield bytes
    }
  }
  return {
    stream: stream(),
    ...(sizeBytes !== undefined && { sizeBytes }),
    finish: () => ({ md5Hex: hash.digest('hex') }),
  }
}

export const digestCopy: DigestBody = (source) => {
  if ('bytes' in source) return wholeBody(Buffer.from(source.bytes))
  const { stream: incoming, sizeBytes } = source
  const hash = createHash('md5')
  async function* stream() {
    for await (const chunk of incoming) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { stream: stream(), sizeBytes, finish: () => ({ md5Hex: hash.digest('hex') }) }
}

export const readText = async (content: Buffer | Readable): Promise<string> =>
  (Buffer.isBuffer(content) ? content : await buffer(content)).toString()

/** A store whose responses come a random number of turns later, so that concurrent work interleaves. */
export function interleaving(store: MetadataStore, random: () => number): MetadataStore {
  const later = async () => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns--)
      await new Promise((resolve) => setImmediate(resolve))
  }
  const delayed =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await later()
      const result = await call(...args)
      await later()
      return result
    }
  return {
    getMany: delayed((keys) => store.getMany(keys)),
    scan: delayed((range) => store.scan(range)),
    scanDelimited: delayed((range) => store.scanDelimited(range)),
    snapshot: delayed(() => store.snapshot()),
    commit: delayed((change) => store.commit(change)),
    close: () => store.close(),
  }
}

/** A generator of numbers in [0, 1) that repeats for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed of this run; tests print it. */
export const testSeed = (): number => new SeededRandom().seed
