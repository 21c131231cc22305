import type { Exchange } from '../../api/exchange.ts'
import type { RequestRecord } from './types.ts'

/** A request under way, or what is left of one that is over. */
interface Entry {
  exchange: Exchange | null
  record: RequestRecord | null
}

/** The last requests, oldest first. */
export class RequestJournal {
  readonly #recordsMax: number
  #entries: Entry[] = []
  readonly #underWay = new WeakMap<Exchange, Entry>()

  /** `recordsMax`: so many are kept. */
  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax
  }

  begin(exchange: Exchange): void {
    const entry = { exchange, record: null }
    this.#underWay.set(exchange, entry)
    this.#entries.push(entry)
    // Now and then, so that it costs nothing.
    if (this.#entries.length >= 2 * this.#recordsMax) this.#entries = this.#kept()
  }

  /** The exchange is over, and is not kept. */
  end(exchange: Exchange): void {
    const entry = this.#underWay.get(exchange)
    if (!entry) return
    entry.record = recordOf(exchange)
    entry.exchange = null
  }

  list(): RequestRecord[] {
    return this.#kept().flatMap(({ exchange, record }) => record ?? (exchange ? recordOf(exchange) : []))
  }

  clear(): void {
    this.#entries = []
  }

  #kept(): Entry[] {
    return this.#recordsMax === 0 ? [] : this.#entries.slice(-this.#recordsMax)
  }
}

function recordOf({ request, response, facts, requestId, receivedAt }: Exchange): RequestRecord {
  return {
    requestId,
    receivedAt: new Date(receivedAt),
    service: facts.service ?? 's3',
    operation: facts.operation ?? null,
    method: request.method ?? '',
    path: request.url?.split('?', 1)[0] ?? '',
    bucketName: facts.bucketName ?? null,
    objectKey: facts.objectKey ?? null,
    versionId: facts.versionId ?? null,
    accessKeyId: facts.accessKeyId ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    status: response.headersSent ? response.statusCode : null,
    errorCode: facts.errorCode ?? null,
  }
}
