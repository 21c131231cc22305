import { SeededRandom } from '../seeded-random.ts'
import { writeDraft, type WireRequest } from './draft.ts'
import { FuzzConnection, type Leaving, type Outcome } from './fuzz-connection.ts'
import { FuzzServer, type Holdings } from './fuzz-server.ts'
import { mutateDraft, mutateWire } from './mutate.ts'
import { anyDraft, type FuzzTargets } from './templates.ts'
import { isWellFormed } from './well-formed.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly requests: number
  /** Called now and then with how many requests were sent. */
  readonly onProgress?: (sent: number, counts: ReadonlyMap<string, number>) => void
}

export interface FuzzReport {
  readonly seed: number
  readonly requests: number
  /** How often each status came; `closed` without a response. */
  readonly counts: ReadonlyMap<string, number>
  readonly before: Holdings
  readonly after: Holdings
  /** What must not happen, each with the request that it happened to; at most {@link FAILURES_MAX}. */
  readonly failures: readonly string[]
}

/** Many of them wait for a server that waits for the rest of a request. */
const CONNECTIONS = 64
/** Targets are made anew after so many requests, since those destroy them. */
const EPOCH_REQUESTS = 4_000
const FAILURES_MAX = 20
/** Memory and descriptors settle within the first requests; what comes on top later must stay below these. */
const WARM_UP_SHARE = 0.2
const MEMORY_GROWTH_BYTES_MAX = 192 * 1024 * 1024
const DESCRIPTOR_GROWTH_MAX = 16
const REST_STEP_MS = 200
/** Longer than anything that the server does of itself between two looks. */
const REST_STABLE_MS = 2_000
const REST_MS_MAX = 40_000

/** Sends mutated requests of all kinds to a server of its own and says what must not have happened: 500s, crashes, hangs, broken answers, growth. */
export async function fuzz({ seed, requests, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const server = await FuzzServer.start()
  try {
    const run = new FuzzRun(server, seed)
    const warmUpRequests = Math.ceil(requests * WARM_UP_SHARE)
    let before = server.holdings()
    let to = 0
    for (let from = 0; from < requests && run.failures.length < FAILURES_MAX; from = to) {
      // An epoch ends with the warm-up, so that short runs have something to compare, too.
      const end = from < warmUpRequests ? warmUpRequests : requests
      to = Math.min(from + EPOCH_REQUESTS, end)
      await run.epoch(from, to)
      if (to === warmUpRequests) before = await run.rest()
      onProgress?.(to, run.counts)
    }
    const after = await run.rest()
    run.compare(before, after)
    return { seed, requests, counts: run.counts, before, after, failures: run.failures }
  } finally {
    await server.stop()
  }
}

class FuzzRun {
  readonly counts = new Map<string, number>()
  readonly failures: string[] = []
  readonly #server: FuzzServer
  readonly #seed: number
  #errorsSeen = 0

  constructor(server: FuzzServer, seed: number) {
    this.#server = server
    this.#seed = seed
  }

  async epoch(from: number, to: number): Promise<void> {
    const targets = await this.#server.newTargets()
    let next = from
    const clients = Array.from({ length: CONNECTIONS }, async () => {
      const connection = new FuzzConnection(this.#server.port)
      while (next < to && this.failures.length < FAILURES_MAX) await this.#one(next++, targets, connection)
      connection.close()
    })
    await Promise.all(clients)
    const errors = this.#server.errors()
    for (const line of errors.slice(this.#errorsSeen)) this.#fail(`the server's log: ${line.slice(0, 2_000)}`)
    this.#errorsSeen = errors.length
    if (!(await this.#server.isHealthy())) this.#fail('the server is not well any more')
  }

  /** What the server holds once what the clients left behind is gone: when it closes no more descriptors. */
  async rest(): Promise<Holdings> {
    const deadline = Date.now() + REST_MS_MAX
    let holdings = this.#server.holdings()
    for (let stableMs = 0; stableMs < REST_STABLE_MS && Date.now() < deadline; stableMs += REST_STEP_MS) {
      await new Promise((resolve) => setTimeout(resolve, REST_STEP_MS))
      const now = this.#server.holdings()
      if (now.descriptors !== holdings.descriptors) stableMs = 0
      holdings = now
    }
    return holdings
  }

  /** Fails where the server holds more than the requests between can explain. */
  compare(before: Holdings, after: Holdings): void {
    if (after.descriptors > before.descriptors + DESCRIPTOR_GROWTH_MAX)
      this.#fail(`${before.descriptors} descriptors became ${after.descriptors}`)
    if (after.memoryBytes > before.memoryBytes + MEMORY_GROWTH_BYTES_MAX)
      this.#fail(`${before.memoryBytes} bytes of memory became ${after.memoryBytes}`)
  }

  /** The request with that number is the same in each run with the same seed, but for its time and what is there to ask for. */
  async #one(number: number, targets: FuzzTargets, connection: FuzzConnection): Promise<void> {
    const random = new SeededRandom((this.#seed + Math.imul(number, 2_654_435_761)) >>> 0)
    // The first numbers of sequences whose seeds are close are close.
    for (let skip = 0; skip < 3; skip++) random.below(2)
    const draft = anyDraft(targets, random)
    if (random.below(10) > 0) mutateDraft(draft, random)
    let wire = writeDraft(draft, this.#server.host, Date.now())
    if (random.below(5) === 0) wire = mutateWire(wire, random)
    const { pieces, leaving } = delivery(wire, random)
    const outcome = await connection.exchange(pieces, wire.method === 'HEAD', leaving)
    const key = outcome.kind === 'answer' ? String(outcome.status) : outcome.kind
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
    const fault = faultOf(outcome, random)
    if (fault === null) return
    const sent = Buffer.concat(pieces).toString('latin1').slice(0, 3_000)
    this.#fail(`request ${number} (seed ${this.#seed}): ${fault}\n${JSON.stringify(sent)}`)
  }

  #fail(what: string): void {
    if (this.failures.length < FAILURES_MAX) this.failures.push(what)
  }
}

/** In one piece, most often; cut anywhere, or cut short. */
function delivery(
  { head, body }: WireRequest,
  random: SeededRandom,
): { readonly pieces: readonly Buffer[]; readonly leaving: Leaving } {
  const whole = Buffer.concat([head, body])
  switch (random.below(24)) {
    case 0:
      return { pieces: random.pieces(whole, 900).slice(0, 200), leaving: 'end' }
    case 1:
      return { pieces: [whole.subarray(0, random.below(whole.length))], leaving: 'end' }
    case 2:
      return {
        pieces: [whole.subarray(0, random.below(whole.length))],
        leaving: random.oneOf(['leave', 'reset']),
      }
    case 3:
      return { pieces: [whole], leaving: random.oneOf(['end', 'leave', 'reset']) }
    case 4:
      return { pieces: [head, body], leaving: 'keep' }
    default:
      return { pieces: [whole], leaving: 'keep' }
  }
}

/** What is wrong with an outcome, whatever was asked. */
function faultOf(outcome: Outcome, random: SeededRandom): string | null {
  if (outcome.kind === 'hang') return 'no response, and no end'
  if (outcome.kind === 'closed') return null
  const { status, head, body } = outcome
  const text = body.toString('utf8').slice(0, 500)
  if (status === 0) return `no HTTP: ${head.slice(0, 200)}`
  if (status === 500 || status === 502 || status === 504) return `${status}: ${text}`
  if (random.below(4) > 0 || body.length === 0) return null
  const isJson = /^content-type: application\/x-amz-json/im.test(head)
  const isXml = /^content-type: application\/xml/im.test(head) && body.toString('latin1', 0, 5) === '<?xml'
  const isReadable = isJson ? canParse(body) : !isXml || isWellFormed(body.toString('utf8'))
  return isReadable ? null : `a response that cannot be read: ${text}`
}

function canParse(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'))
    return true
  } catch {
    return false
  }
}
