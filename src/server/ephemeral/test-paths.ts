import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFromThisMachine, isHostOfThisMachine } from '../http/local-request.ts'
import type { EphemeralServer, Snapshot } from './ephemeral-server.ts'
import { InvalidInput } from './invalid-input.ts'
import type { Duration, Seed } from './types.ts'

/** Bytes of a request's document: a seed may have objects in it. */
const BODY_BYTES_MAX = 64 * 1024 * 1024
/** Snapshots that are kept. */
const SNAPSHOTS_MAX = 100

type Input = Readonly<Record<string, unknown>>
/** Gives what is answered as JSON. */
type Action = (input: Input) => unknown

/** `/-/test/`: what a test does with a server that is a process of its own, in any language. Answers JSON, errors as `{"message":"…"}`. */
export class TestPaths {
  readonly #readers: 'loopback' | 'everyone'
  readonly #snapshots = new Map<string, Snapshot>()
  #lastSnapshot = 0

  constructor(readers: 'loopback' | 'everyone') {
    this.#readers = readers
  }

  /** Answers a request below `/-/test/`, which came from that address. Rejects when the response cannot be sent. */
  async answer(
    server: EphemeralServer,
    request: IncomingMessage,
    response: ServerResponse,
    from: string,
  ): Promise<void> {
    const answer = (status: number, content: unknown, headers: Record<string, string> = {}): void => {
      const text = `${JSON.stringify(content)}\n`
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...headers,
      })
      response.end(text)
    }
    const refusal = this.#refusal(request, from)
    if (refusal !== null) return answer(403, { message: refusal })
    const [path = ''] = (request.url ?? '').split('?', 1)
    const actions = this.#actions(server)[path]
    if (!actions)
      return answer(404, {
        message: `there is no ${path}; there are ${Object.keys(this.#actions(server)).join(', ')}`,
      })
    const action = actions[request.method ?? '']
    if (!action) {
      const allow = Object.keys(actions).join(', ')
      return answer(405, { message: `${path} takes ${allow}` }, { allow })
    }
    try {
      answer(200, (await action(await readInput(request))) ?? {})
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      answer(400, { message: error.message })
    }
  }

  /** Pages of the browser must not reach this by the address of a test's server. */
  #refusal(request: IncomingMessage, from: string): string | null {
    const { headers } = request
    if (this.#readers === 'loopback' && !isFromThisMachine(request, from))
      return '/-/test/ is for this machine only; see the setting testPaths'
    if (this.#readers === 'loopback' && !isHostOfThisMachine(request))
      return '/-/test/ is for this machine only, called by an address or localhost; see the setting testPaths'
    const site = headers['sec-fetch-site']
    return headers.origin !== undefined || (site !== undefined && site !== 'none')
      ? '/-/test/ is not for pages in a browser'
      : null
  }

  #actions(server: EphemeralServer): Readonly<Record<string, Readonly<Record<string, Action>>>> {
    return {
      '/-/test/reset': { POST: () => server.reset() },
      '/-/test/snapshot': {
        POST: () => this.#takeSnapshot(server),
        DELETE: () => this.#snapshots.clear(),
      },
      '/-/test/restore': { POST: ({ snapshot }) => server.restore(this.#snapshot(snapshot)) },
      '/-/test/seed': { POST: (input) => server.seed(input as unknown as Seed) },
      '/-/test/clock': {
        GET: () => ({ now: server.now() }),
        POST: async ({ advance, advanceTo }) => {
          if ((advance === undefined) === (advanceTo === undefined))
            throw new InvalidInput('expected advance, such as "30d", or advanceTo, such as "2030-01-31"')
          if (advance === undefined) await server.advanceTo(advanceTo)
          else await server.advance(advance as Duration)
          return { now: server.now() }
        },
      },
      '/-/test/faults': {
        GET: () => ({ requestsLeft: server.faults.left }),
        POST: (input) => server.faults.add(input),
        DELETE: () => server.faults.clear(),
      },
      '/-/test/requests': {
        GET: () => ({ requests: server.requests() }),
        DELETE: () => server.clearRequests(),
      },
    }
  }

  async #takeSnapshot(server: EphemeralServer): Promise<{ readonly snapshot: string }> {
    if (this.#snapshots.size >= SNAPSHOTS_MAX)
      throw new InvalidInput(
        `there are ${SNAPSHOTS_MAX} snapshots, and no more are kept: DELETE /-/test/snapshot removes them`,
      )
    const name = String(++this.#lastSnapshot)
    this.#snapshots.set(name, await server.snapshot())
    return { snapshot: name }
  }

  #snapshot(name: unknown): Snapshot {
    const snapshot = this.#snapshots.get(String(name))
    if (!snapshot)
      throw new InvalidInput('snapshot: expected the name of a snapshot, as POST /-/test/snapshot gives it')
    return snapshot
  }
}

/** The object in the request's body; empty without one. */
async function readInput(request: IncomingMessage): Promise<Input> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length
    if (sizeBytes <= BODY_BYTES_MAX) pieces.push(piece)
  }
  if (sizeBytes > BODY_BYTES_MAX) throw new InvalidInput(`the body is longer than ${BODY_BYTES_MAX} bytes`)
  const text = Buffer.concat(pieces).toString()
  if (text.trim() === '') return {}
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    throw new InvalidInput(`the body is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new InvalidInput('the body must be a JSON object')
  return input as Input
}
