import { sha256Hex } from '../signing/hashing.ts'
import { utf8 } from '../signing/bytes.ts'
import { signRequest, type Signer } from '../signing/sign-request.ts'
import { ApiError, isAborted } from './api-error.ts'
import { readError } from './read-error.ts'

/** A request to one of the server's APIs. */
export interface Call {
  readonly service: 's3' | 'lightsail' | 'lugsail' | 'sts'
  readonly region: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Not encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** A text is signed whole. A Blob goes out unsigned, so that it need not be read into memory first. */
  readonly body?: string | Blob
  /** Whether it may be sent again when nobody knows what became of it; where absent, what HTTP says of the method. */
  readonly isIdempotent?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Gives who signs; asked anew for each attempt, since temporary credentials are renewed. */
export interface Sender {
  readonly signer: () => Promise<Signer>
}

const ATTEMPTS_MAX = 4
const WAIT_MS = 200
const RETRY_AFTER_MS_MAX = 5_000
/** Statuses that tell of a trouble that passes. */
const PASSING = new Set([429, 500, 502, 503, 504])
/** The request came too slowly, as from a machine that is busy: a status of 400 by which nothing is wrong with it. */
const REQUEST_TIMEOUT = 'RequestTimeout'
const SKEWED = new Set([
  'RequestTimeTooSkewed',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'RequestExpired',
])
/** Less is within what the server lets pass. */
const SKEW_MS_MIN = 60_000

/** How far the server's clock is ahead of this machine's, once it refused a request for it. */
let serverAheadMs = 0

/** The time by the server's clock, as far as it is known; epoch milliseconds. */
export const serverNow = (): number => Date.now() + serverAheadMs

/**
 * Signs and sends a request. What may be sent again is, with growing waits, when the server does not answer or is in passing trouble. Throws
 * ApiError for every refusal, and the signal's reason when it is given up.
 */
export async function send(sender: Sender, call: Call): Promise<Response> {
  const isIdempotent = call.isIdempotent ?? call.method !== 'POST'
  let isClockSet = false
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendOnce(await sender.signer(), call)
    if (outcome instanceof Response && outcome.ok) return outcome
    const error = outcome instanceof Response ? await readError(outcome) : outcome
    if (outcome instanceof Response && !isClockSet && SKEWED.has(error.code) && setClock(outcome)) {
      isClockSet = true
      continue
    }
    const mayPass = error.status === 0 || PASSING.has(error.status) || error.code === REQUEST_TIMEOUT
    if (!isIdempotent || !mayPass || attempt === ATTEMPTS_MAX) throw error
    await wait(waitOf(attempt, outcome), call.signal)
  }
}

async function sendOnce(signer: Signer, call: Call): Promise<Response | ApiError> {
  const { service, region, method, path, query, headers, body, signal } = call
  const payloadHash = body instanceof Blob ? 'UNSIGNED-PAYLOAD' : await sha256Hex(utf8(body ?? ''))
  const signed = await signRequest(
    {
      method,
      path,
      ...(query && { query }),
      ...(headers && { headers }),
      payloadHash,
      service,
      region,
      host: location.host,
      nowMs: serverNow(),
    },
    signer,
  )
  try {
    return await fetch(signed.target, {
      method,
      headers: signed.headers,
      ...(body !== undefined && { body }),
      signal: signal ?? null,
      credentials: 'omit',
      // Nothing else is cached; and with it browsers send a Cache-Control, which S3 would take for one of the object that is stored.
      cache: method === 'GET' || method === 'HEAD' ? 'no-store' : 'force-cache',
      redirect: 'error',
    })
  } catch (error) {
    if (isAborted(error)) throw error
    return new ApiError('Unreachable', error instanceof Error ? error.message : String(error))
  }
}

/** Takes over the server's time where this machine's differs from it; whether it did. */
function setClock(response: Response): boolean {
  const serverMs = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(serverMs) || Math.abs(serverMs - serverNow()) < SKEW_MS_MIN) return false
  serverAheadMs = serverMs - Date.now()
  return true
}

function waitOf(attempt: number, outcome: Response | ApiError): number {
  const seconds = outcome instanceof Response ? Number(outcome.headers.get('retry-after') ?? NaN) : NaN
  if (seconds > 0) return Math.min(seconds * 1_000, RETRY_AFTER_MS_MAX)
  return WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random())
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
