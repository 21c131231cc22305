import { createHash, randomBytes } from 'node:crypto'
import type { SeededRandom } from '../../seeded-random.ts'
import type { HttpResponse, SignedClient } from '../../harness/signed-client.ts'

/** What all that write to one server share. */
export interface Session {
  readonly client: SignedClient
  readonly random: SeededRandom
  /** Counts a write that the server acknowledged. */
  readonly acknowledge: () => void
}

/** Writes to the server and remembers what was acknowledged, so that it can say later whether the server kept its word. */
export interface Writer {
  /** Does one write, or a few. Rejects when the connection breaks: then the write may have happened or not. */
  write(session: Session): Promise<void>
  /** Compares what the server has with what it may have, and remembers which of that it was. */
  verify(session: Session): Promise<void>
}

/** Bytes of an object, and what tells them. */
export interface Content {
  readonly bytes: Buffer
  readonly etag: string
}

/** Small ones go into the record of the object, large ones into a file; up to 300 kB. */
export function newContent({ random }: Session): Content {
  const isSmall = random.below(2) === 0
  const bytes = randomBytes(isSmall ? random.below(4_000) : 33_000 + random.below(270_000))
  return { bytes, etag: md5Of(bytes) }
}

export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** Throws unless the response has one of the statuses; a response of another kind is a failure of the server, not of the connection. */
export function expectStatus(response: HttpResponse, ...statuses: readonly number[]): HttpResponse {
  if (!statuses.includes(response.status))
    throw new UnexpectedResponse(
      `expected ${statuses.join(' or ')}, got ${response.status}: ${response.body.toString('utf8', 0, 500)}`,
    )
  return response
}

export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse'
}

/** The ETag header without its quotes. */
export const etagOf = ({ headers }: HttpResponse): string => (headers.etag ?? '').replaceAll('"', '')

/** The text of an XML element, for responses whose form is known. */
export const elementOf = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
