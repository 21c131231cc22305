import { Readable } from 'node:stream'
import { S3ServiceException } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Connection } from '../connect.ts'
import { explainError } from '../explain-error.ts'
import type { Place } from '../place.ts'
import { withRetries } from './retries.ts'
import type { RetryRules } from './retries.ts'

/** Programs that tell with each object how many tags it has, by what they say of themselves. */
const TAG_COUNTERS = /^(?:AmazonS3|MinIO|Lugsail)/i

/** One of the two stores of an import. */
export class Store {
  /** As messages call it. */
  readonly name: 'source' | 'destination'
  readonly client: S3Client
  readonly endpoint: string | undefined
  readonly #retries: RetryRules
  readonly #errors: WeakSet<object> = new WeakSet()
  /** Its clock minus this machine's, by its last response. */
  #clockOffsetMs = 0
  /** Whether responses say how many tags an object has; else each object is asked for its tags. */
  #countsTags = false
  /** It was asked for the tags of an object and said that it has no such thing. */
  knowsNoTags = false
  /** Buckets in which it has told tags of an object to this key, and so may count them. */
  readonly bucketsShowingTags: Set<string> = new Set()

  constructor(
    name: Store['name'],
    { client, endpoint }: Pick<Connection, 'client' | 'endpoint'>,
    retries: RetryRules,
  ) {
    this.name = name
    this.client = client
    this.endpoint = endpoint
    this.#retries = retries
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args)
        } catch (error) {
          if (error instanceof Error) this.#errors.add(error)
          throw error
        }
      },
      { step: 'initialize', name: 'lugsail-whose-error' },
    )
    client.middlewareStack.add(
      (next) => async (args) => {
        hearErrorsOf(args.request)
        const result = await next(args)
        this.#note(headersOf(result.response))
        return result
      },
      // Behind what makes errors of responses, so that it sees those as well.
      { step: 'deserialize', priority: 'low', name: 'lugsail-response-facts' },
    )
  }

  get clockOffsetMs(): number {
    return this.#clockOffsetMs
  }

  get countsTags(): boolean {
    return this.#countsTags
  }

  /** Asks something of the store, and again when it is busy or away. */
  ask<T>(question: (client: S3Client) => Promise<T>): Promise<T> {
    return withRetries(() => question(this.client), this.#retries)
  }

  /** Whether it is an error of a question to this store. */
  threw(error: unknown): boolean {
    return error instanceof Error && (this.#errors.has(error) || this.threw(error.cause))
  }

  /** As {@link ask}, once: for the first question, whose failure says that a setting is wrong. */
  askOnce<T>(question: (client: S3Client) => Promise<T>): Promise<T> {
    return question(this.client)
  }

  /** Does something that needs both stores, and again as {@link ask} does. */
  retry<T>(work: () => Promise<T>): Promise<T> {
    return withRetries(work, this.#retries)
  }

  /** Whether the store says that it does not have what it was asked for: the operation, not the thing. */
  isNotOffered(error: unknown): boolean {
    if (!(error instanceof S3ServiceException)) return false
    const status = error.$metadata.httpStatusCode
    return (
      status === 501 || status === 405 || error.name === 'NotImplemented' || error.name === 'MethodNotAllowed'
    )
  }

  /** Whether the store says that the question is one that it does not answer. */
  isRefusal(error: unknown): boolean {
    return (
      this.isNotOffered(error) ||
      (error instanceof S3ServiceException && [400, 416].includes(error.$metadata.httpStatusCode ?? 0))
    )
  }

  /** What went wrong here, in one line. */
  explain(error: unknown, place?: Place): string {
    return explainError(error, { endpoint: this.endpoint, place })
  }

  #note(headers: Readonly<Record<string, unknown>>): void {
    const { date, server } = headers
    const now = typeof date === 'string' ? Date.parse(date) : NaN
    if (!Number.isNaN(now)) this.#clockOffsetMs = now - Date.now()
    this.#countsTags = typeof server === 'string' && TAG_COUNTERS.test(server)
  }
}

/** The stream in which the SDK frames a body fails with that one, and has nobody who hears it; who sends the body hears the body. */
function hearErrorsOf(request: unknown): void {
  if (
    typeof request === 'object' &&
    request !== null &&
    'body' in request &&
    request.body instanceof Readable
  )
    request.body.on('error', () => undefined)
}

function headersOf(response: unknown): Readonly<Record<string, unknown>> {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {}
  const { headers } = response
  return typeof headers === 'object' && headers !== null ? { ...headers } : {}
}
