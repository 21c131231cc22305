import { Counter, Gauge, type Registry } from 'prom-client'
import type { ExchangeFacts } from '../../api/exchange.ts'
import type { HeldByBucket } from './largest-buckets.ts'

/** What was counted of one bucket or access key. */
interface Counts {
  requests: number
  /** Answered with an error, whoever's it was. */
  failed: number
  receivedBytes: number
  sentBytes: number
}

/** Stands for all that have no series of their own; no bucket can have this name. */
const OTHERS = '(others)'

/** Counts for each name that came first, so many at most; whatever comes later is counted together. */
class CountsByName {
  readonly #namesMax: number
  readonly #counts = new Map<string, Counts>()

  constructor(namesMax: number) {
    this.#namesMax = namesMax
  }

  add(name: string, isFailed: boolean, { requestBodyBytes = 0, responseBodyBytes = 0 }: ExchangeFacts): void {
    const counts = this.#counts.get(name) ?? this.#begin(name)
    counts.requests++
    if (isFailed) counts.failed++
    counts.receivedBytes += requestBodyBytes
    counts.sentBytes += responseBodyBytes
  }

  #begin(name: string): Counts {
    const own = this.#counts.size < this.#namesMax ? name : OTHERS
    const known = this.#counts.get(own)
    if (known) return known
    const counts = { requests: 0, failed: 0, receivedBytes: 0, sentBytes: 0 }
    this.#counts.set(own, counts)
    return counts
  }

  [Symbol.iterator](): Iterator<[string, Counts]> {
    return this.#counts.entries()
  }
}

/**
 * What buckets and access keys do, by their names: only of buckets that exist and of keys whose signature was right, so that nobody makes names up, and of `namesMax` of each.
 * A request costs two look-ups; the series are made when they are asked for.
 */
export class MetricsByName {
  readonly #buckets: CountsByName
  readonly #keys: CountsByName
  readonly #namesMax: number
  readonly #storedBytes: Gauge<'bucket'>
  readonly #objects: Gauge<'bucket'>

  /** `namesMax`: 0 counts nothing by name. */
  constructor(registry: Registry, namesMax: number) {
    this.#namesMax = namesMax
    this.#buckets = new CountsByName(namesMax)
    this.#keys = new CountsByName(namesMax)
    const registers = [registry]
    counter(registers, this.#buckets, 'bucket', {
      name: 'lugsail_bucket_requests_total',
      help: 'Requests to a bucket, by outcome: ok, or failed, with whatever error.',
    })
    bytesCounter(registers, this.#buckets, {
      name: 'lugsail_bucket_body_bytes_total',
      help: 'Bytes of bodies that a bucket received and sent.',
    })
    counter(registers, this.#keys, 'access_key_id', {
      name: 'lugsail_access_key_requests_total',
      help: 'Requests that an access key signed, by outcome; those of temporary credentials are their key’s.',
    })
    this.#storedBytes = new Gauge({
      name: 'lugsail_bucket_stored_bytes',
      help: 'What a bucket holds; counted as lugsail_bundle_buckets, of the buckets that hold most.',
      labelNames: ['bucket'],
      registers,
    })
    this.#objects = new Gauge({
      name: 'lugsail_bucket_objects',
      help: 'Versions of objects in a bucket; counted as lugsail_bucket_stored_bytes.',
      labelNames: ['bucket'],
      registers,
    })
  }

  observe(facts: ExchangeFacts, status: number): void {
    if (this.#namesMax === 0) return
    const isFailed = status >= 400
    const { bucketId, bucketName, signer } = facts
    if (bucketId !== undefined && bucketName !== undefined) this.#buckets.add(bucketName, isFailed, facts)
    if (signer) this.#keys.add(signer.accessKeyId ?? OTHERS, isFailed, facts)
  }

  setHeld(buckets: Iterable<HeldByBucket>): void {
    this.#storedBytes.reset()
    this.#objects.reset()
    for (const { bucketName, storedBytes, objects } of buckets) {
      this.#storedBytes.set({ bucket: bucketName }, storedBytes)
      this.#objects.set({ bucket: bucketName }, objects)
    }
  }
}

interface Described {
  readonly name: string
  readonly help: string
}

function counter(
  registers: Registry[],
  counted: CountsByName,
  label: 'bucket' | 'access_key_id',
  described: Described,
): void {
  new Counter({
    ...described,
    labelNames: [label, 'outcome'],
    registers,
    collect() {
      this.reset()
      for (const [name, { requests, failed }] of counted) {
        this.inc({ [label]: name, outcome: 'ok' }, requests - failed)
        this.inc({ [label]: name, outcome: 'failed' }, failed)
      }
    },
  })
}

function bytesCounter(registers: Registry[], counted: CountsByName, described: Described): void {
  new Counter({
    ...described,
    labelNames: ['bucket', 'direction'],
    registers,
    collect() {
      this.reset()
      for (const [bucket, { receivedBytes, sentBytes }] of counted) {
        this.inc({ bucket, direction: 'received' }, receivedBytes)
        this.inc({ bucket, direction: 'sent' }, sentBytes)
      }
    },
  })
}
