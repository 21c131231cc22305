import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand as CreateLightsailBucket } from '@aws-sdk/client-lightsail'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import type { SeededRandom } from '../seeded-random.ts'

/** Stored as it is, and encrypted. */
const BUCKETS = ['rot-plain', 'rot-sealed'] as const
const AT_ONCE = 16
/** One object in so many lies in a blob, the others in their records. */
const BLOB_EVERY = 8

interface StoredObject {
  readonly Bucket: string
  readonly Key: string
  readonly md5: string
  readonly sizeBytes: number
}

/** What became of reads after bits were flipped. */
export interface RotOutcome {
  flips: number
  read: number
  /** Answered with an error, or cut. */
  refused: number
  /** 404: the page that led there is damaged. */
  lost: number
  /** Listings that ended well. */
  listed: number
  /** The server did not start, or died. */
  crashes: number
  /** Bytes, or entries of a listing, that are not what was stored, with a good end. */
  readonly wrong: string[]
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** A store of a server that is stopped, and what it holds. */
export class RottingStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lugsail-rot-'))
  readonly #whole = join(this.#folder, 'whole')
  readonly #rotten = join(this.#folder, 'rotten')
  readonly #random: SeededRandom
  readonly #objects = new Map<string, StoredObject>()

  private constructor(random: SeededRandom) {
    this.#random = random
  }

  /** Stores so many objects, of 1 byte to 300,000. */
  static async make(random: SeededRandom, objects: number): Promise<RottingStore> {
    const store = new RottingStore(random)
    const server = await startServer({ dataFolder: store.#whole })
    const s3 = s3Client(server)
    await lightsailClient(server).send(
      new CreateLightsailBucket({ bucketName: BUCKETS[0], bundleId: 'small_1_0' }),
    )
    await s3.send(new CreateBucketCommand({ Bucket: BUCKETS[1] }))
    await inParallel(Array.from({ length: objects }).keys(), async (number) => {
      const Bucket = BUCKETS[number % 2] ?? BUCKETS[0]
      const sizeBytes = number % BLOB_EVERY === 0 ? 66_000 + random.below(234_000) : 1 + random.below(8_000)
      const Body = Buffer.alloc(sizeBytes, md5(Buffer.from(`body ${number}`)))
      const Key = `folder-${number % 7}/object-${number}`
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
      store.#objects.set(`${Bucket}/${Key}`, { Bucket, Key, md5: md5(Body), sizeBytes })
    })
    s3.destroy()
    await server.stop()
    return store
  }

  /** Flips bits in a copy of the store, so many in its metadata and so many in blobs, starts a server on it and reads all. */
  async rot(
    flips: { readonly metadata: number; readonly blobs: number },
    outcome: RotOutcome,
  ): Promise<void> {
    rmSync(this.#rotten, { recursive: true, force: true })
    cpSync(this.#whole, this.#rotten, { recursive: true })
    const store = join(this.#rotten, 'store')
    for (let flip = 0; flip < flips.metadata; flip++) this.#flip(join(store, 'metadata', 'metadata.mdb'))
    const blobs = filesIn(join(store, 'blobs', 'blobs'))
    for (let flip = 0; flip < flips.blobs; flip++) this.#flip(blobs[this.#random.below(blobs.length)] ?? '')
    outcome.flips += flips.metadata + flips.blobs
    let server: RunningServer
    try {
      server = await startServer({ dataFolder: this.#rotten })
    } catch {
      outcome.crashes++
      return
    }
    const s3 = s3Client(server)
    try {
      for (const Bucket of BUCKETS) await this.#list(s3, Bucket, outcome)
      await inParallel(this.#objects.values(), (object) => this.#read(s3, object, outcome))
    } finally {
      s3.destroy()
      await server.kill()
    }
    if (server.log().includes('"signal"')) outcome.crashes++
  }

  async #read(
    s3: S3Client,
    { Bucket, Key, md5: expected }: StoredObject,
    outcome: RotOutcome,
  ): Promise<void> {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
      if (md5(bytes) === expected) outcome.read++
      else outcome.wrong.push(`GET ${Bucket}/${Key}`)
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) outcome.lost++
      else outcome.refused++
    }
  }

  async #list(s3: S3Client, Bucket: string, outcome: RotOutcome): Promise<void> {
    let ContinuationToken: string | undefined
    try {
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken, MaxKeys: 100 }))
        for (const { Key = '', ETag, Size } of page.Contents ?? []) {
          const stored = this.#objects.get(`${Bucket}/${Key}`)
          if (ETag !== `"${stored?.md5}"` || Size !== stored?.sizeBytes)
            outcome.wrong.push(`listing of ${Bucket}: ${Key}`)
        }
        outcome.listed++
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken !== undefined)
    } catch {
      // A listing that ends with an error says that it is not whole.
      outcome.refused++
    }
  }

  #flip(file: string): void {
    const descriptor = openSync(file, 'r+')
    try {
      const at = this.#random.below(statSync(file).size)
      const byte = Buffer.alloc(1)
      readSync(descriptor, byte, 0, 1, at)
      byte.writeUInt8(byte.readUInt8(0) ^ (1 << this.#random.below(8)))
      writeSync(descriptor, byte, 0, 1, at)
    } finally {
      closeSync(descriptor)
    }
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export const noOutcome = (): RotOutcome => ({
  flips: 0,
  read: 0,
  refused: 0,
  lost: 0,
  listed: 0,
  crashes: 0,
  wrong: [],
})

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
