import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { DiskFault, DiskFaults } from '../harness/disk-faults/disk-faults.ts'
import type { RunningServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse, type S3Request } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'
import type { SeededRandom } from '../seeded-random.ts'

const WRITERS = 8
const KEYS = 5
const READY_IN_A_ROW = 2
const BUCKET = 'failing-disk'

/** What a key may hold: the last acknowledged body, or one of those whose fate was not told. Null: no object. */
type Possible = Set<string | null>

interface FaultOutcome {
  requests: number
  acknowledged: number
  refused: number
}

/**
 * Writers put, read and delete while calls of the server on its disk fail, another one in each round. Each request is answered, with what is there or with 503 or
 * 507; what was acknowledged is there; and once the disk is whole again the server goes on by itself.
 */
export class DiskFaultRounds {
  readonly #server: RunningServer
  readonly #faults: DiskFaults
  readonly #random: SeededRandom
  readonly #client: SignedClient
  readonly #history: string[] = []
  readonly #possible = new Map<string, Possible>()
  readonly outcome: FaultOutcome = { requests: 0, acknowledged: 0, refused: 0 }

  constructor(server: RunningServer, faults: DiskFaults, random: SeededRandom) {
    this.#server = server
    this.#faults = faults
    this.#random = random
    this.#client = new SignedClient(server, server.credentials)
  }

  async makeBucket(): Promise<void> {
    const made = await this.#client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
  }

  /** One round: a fault is planted, writers write, the fault goes, and all is looked at. */
  async run(): Promise<void> {
    this.#faults.set(this.#pickFault())
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(writer)))
    this.#faults.set()
    await this.#ready()
    await this.check()
  }

  /** Each key holds what it may hold. */
  async check(): Promise<void> {
    await Promise.all([...this.#possible].map(([key, possible]) => this.#read(key, possible)))
  }

  #pickFault(): DiskFault {
    const path = this.#random.oneOf(['metadata.mdb', 'metadata.mdb', '/incoming/', '/blobs'])
    return {
      // A page of the metadata that cannot be written ends a worker: that has a test of its own.
      call: this.#random.oneOf([path === 'metadata.mdb' ? 'sync' : 'write', 'point', 'sync', 'sync']),
      path,
      error: this.#random.oneOf(['EIO', 'ENOSPC', 'EDQUOT', 'EROFS']),
      after: this.#random.below(6),
      times: this.#random.oneOf([1, 1, 2, 5]),
    }
  }

  async #write(writer: number): Promise<void> {
    for (let step = 0; step < 4; step++) {
      const key = `${writer}/${this.#random.below(KEYS)}`
      const possible = this.#possible.get(key) ?? new Set<string | null>([null])
      this.#possible.set(key, possible)
      const kind = this.#random.below(10)
      if (kind < 2) await this.#read(key, possible)
      else if (kind < 4) await this.#change(key, possible, null)
      else {
        const sizeBytes = kind < 8 ? this.#random.below(20_000) : 100_000 + this.#random.below(100_000)
        await this.#change(key, possible, Buffer.alloc(sizeBytes, `${key} ${this.#random.below(2 ** 30)} `))
      }
    }
  }

  async #change(key: string, possible: Possible, body: Buffer | null): Promise<void> {
    const path = `/${BUCKET}/${key}`
    const response = await this.#ask(body ? { method: 'PUT', path, body } : { method: 'DELETE', path })
    const { status } = response
    if (status === 200 || status === 204) {
      this.outcome.acknowledged++
      possible.clear()
    } else {
      assert.ok(status === 503 || status === 507, `${key}: ${status}`)
      this.outcome.refused++
    }
    possible.add(body && digestOf(body))
    const what = body ? `put ${digestOf(body)}` : 'delete'
    this.#history.push(`${key} ${what}: ${status}`)
  }

  #ask(request: S3Request): Promise<HttpResponse> {
    this.outcome.requests++
    return this.#client.s3(request)
  }

  async #read(key: string, possible: Possible): Promise<void> {
    const response = await this.#ask({ method: 'GET', path: `/${BUCKET}/${key}` })
    // A blob is held before it is read, for which a lease may have to be written: `SlowDown` and the like are answers too, errors are not.
    if (response.status === 503) return
    assert.ok(response.status === 200 || response.status === 404, `${key}: ${response.status}`)
    const found = response.status === 200 ? digestOf(response.body) : null
    this.#history.push(`${key} get: ${found ?? 'no object'}`)
    assert.ok(
      possible.has(found),
      `${key} holds what was not written, or has lost what was acknowledged:\n${this.#historyOf(key)}`,
    )
    possible.clear()
    possible.add(found)
  }

  #historyOf(key: string): string {
    return this.#history
      .filter((line) => line.startsWith(`${key} `))
      .slice(-10)
      .join('\n')
  }

  async #ready(): Promise<void> {
    let [inARow, text] = [0, '']
    await until(
      async () => {
        text = await fetch(`${this.#server.endpoint}/-/ready`, { headers: { connection: 'close' } }).then(
          (response) => response.text(),
          String,
        )
        inARow = text.startsWith('ok\n') ? inARow + 1 : 0
        // Each worker answers for itself; requests go to them in turn.
        return inARow === READY_IN_A_ROW
      },
      () => `not ready: ${text}`,
    )
  }
}

const digestOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')
