import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ChecksumAlgorithm } from '../../../protocol/checksums/algorithms.ts'
import { BodyDigester } from '../../../protocol/checksums/body-digester.ts'
import type { BodyDigests } from '../../../protocol/checksums/body-digester.ts'
import { DamagedBody } from './transfer-errors.ts'

/** What is wanted of a body on its way. */
interface MeasureOptions {
  readonly sizeBytes: number
  readonly checksums: readonly ChecksumAlgorithm[]
  readonly signal: AbortSignal
  /** Told of bytes that passed, and with a negative number of those that passed in vain. */
  readonly advance: (bytes: number) => void
}

/** A body that passes through, and what it turned out to be. */
export interface MeasuredBody {
  readonly stream: Readable
  /** What the bytes are; called once, after the last one was read. */
  readonly digests: () => BodyDigests
  /** Ends the reading, whether or not all was read. */
  readonly close: () => void
}

/** Reads a response's body while somebody else reads it. The stream ends with an error when it is shorter than it should be, or `signal` is aborted. */
export function measureBody(
  body: unknown,
  { sizeBytes, checksums, signal, advance }: MeasureOptions,
): MeasuredBody {
  if (!(body instanceof Readable)) throw new DamagedBody('the response has no body')
  const digester = new BodyDigester({ md5: true, sha256: false, checksums })
  let seen = 0
  const stream = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      seen += piece.length
      digester.update(piece)
      advance(piece.length)
      done(null, piece)
    },
    flush(done) {
      done(seen === sizeBytes ? null : new DamagedBody(`${seen} of ${sizeBytes} bytes came`))
    },
    destroy(error, done) {
      if (error !== null) advance(-seen)
      done(error)
    },
  })
  // Its failure is the stream's, which whoever reads that one sees; nobody may be reading yet.
  for (const each of [body, stream]) each.on('error', () => undefined)
  pipeline(body, stream, { signal }).catch(() => undefined)
  return {
    stream,
    digests: () => digester.finish(),
    close: () => {
      stream.destroy()
      body.destroy()
    },
  }
}

/** All bytes of a body that fits into memory. */
export async function readWhole({ stream }: MeasuredBody): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Sends a body and waits for the answer, or for the body's end by an error, whichever comes first: the SDK's own waits for an answer that never comes. */
export async function sendBody<T>(
  body: MeasuredBody,
  send: (stream: Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = (error) => {
      reject(error)
      controller.abort()
    }
  })
  failed.catch(() => undefined)
  body.stream.once('error', fail)
  if (body.stream.errored !== null) fail(body.stream.errored)
  try {
    return await Promise.race([send(body.stream, controller.signal), failed])
  } finally {
    body.close()
  }
}
