import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { RunningServer } from '../harness/server.ts'

export const BUCKET = 'drill'
/** Below and above what is kept in the record, and above what a blob store sends in one piece from memory. */
const SIZES = [100, 5_000, 1_500_000]
const ABSENT = 'absent'

/** A client that tries once: a drill wants to see each failure. */
export const clientOf = ({ endpoint, region, credentials }: RunningServer): S3Client =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })

/** What went on while something was broken, and what must be true of it afterwards. */
export class DrillLoad {
  /** Each load has keys of its own: what an earlier one left is no concern of this one. */
  readonly #prefix = randomBytes(4).toString('hex')
  readonly #gateways: () => readonly RunningServer[]
  /** For each key the states that it may be in: one, unless the outcome of a write is not known. */
  readonly #allowed = new Map<string, Set<string>>()
  readonly #failures = new Map<string, number>()
  acknowledged = 0

  constructor(gateways: () => readonly RunningServer[]) {
    this.#gateways = gateways
  }

  /** Failures by HTTP status and code, or by the connection's error. */
  get failures(): ReadonlyMap<string, number> {
    return this.#failures
  }

  /** Writes with `writers` at once, each on keys of its own, while `work` goes on. */
  async during(writers: number, work: () => Promise<void>): Promise<void> {
    let isOver = false
    const writing = Array.from({ length: writers }, async (_, writer) => {
      for (let round = 0; !isOver; round++)
        await this.write(writer, `${this.#prefix}/writer-${writer}/${round % 9}`, round)
    })
    try {
      await work()
    } finally {
      isOver = true
      await Promise.all(writing)
    }
  }

  /** Resolves when this many more writes were acknowledged: proof that the cluster serves. */
  async waitForAcknowledged(more: number): Promise<void> {
    const wanted = this.acknowledged + more
    const deadline = Date.now() + 60_000
    while (this.acknowledged < wanted) {
      assert.ok(
        Date.now() < deadline,
        `no ${more} writes within a minute; failures: ${this.#describeFailures()}`,
      )
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** One put or delete through some gateway, and what may be true of the key after it. */
  async write(writer: number, key: string, round: number): Promise<void> {
    const gateways = this.#gateways()
    const gateway = gateways[(writer + round) % gateways.length]
    assert.ok(gateway)
    const client = clientOf(gateway)
    const bytes = round % 5 === 4 ? null : randomBytes(SIZES[round % SIZES.length] ?? 100)
    const state = bytes ? hashOf(bytes) : ABSENT
    try {
      const place = { Bucket: BUCKET, Key: key }
      await client.send(
        bytes ? new PutObjectCommand({ ...place, Body: bytes }) : new DeleteObjectCommand(place),
      )
      this.#allowed.set(key, new Set([state]))
      this.acknowledged++
    } catch (error) {
      const allowed = this.#allowed.get(key) ?? new Set([ABSENT])
      this.#allowed.set(key, allowed.add(state))
      const kind = kindOf(error)
      this.#failures.set(kind, (this.#failures.get(kind) ?? 0) + 1)
    } finally {
      client.destroy()
    }
  }

  /** Reads every key that was ever written and compares it with what it may be. */
  async checkReadable(): Promise<void> {
    const [gateway] = this.#gateways()
    assert.ok(gateway)
    const client = clientOf(gateway)
    for (const [key, allowed] of this.#allowed) {
      const state = await readState(client, key)
      assert.ok(allowed.has(state), `${key} is ${state}, it may be ${[...allowed].join(' or ')}`)
    }
    client.destroy()
  }

  /** All failures must be ones that tell the client to try again: nothing was called missing, forbidden or wrong. */
  assertOnlyRetryable(): void {
    for (const kind of this.#failures.keys())
      assert.match(kind, /^(503 (ServiceUnavailable|SlowDown)|connection )/, this.#describeFailures())
  }

  #describeFailures(): string {
    return [...this.#failures].map(([kind, count]) => `${count} × ${kind}`).join(', ')
  }
}

async function readState(client: S3Client, key: string): Promise<string> {
  try {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    return hashOf((await body?.transformToByteArray()) ?? new Uint8Array())
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return ABSENT
    throw error
  }
}

function kindOf(error: unknown): string {
  if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode ?? ''} ${error.name}`
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return `connection ${code}`
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
