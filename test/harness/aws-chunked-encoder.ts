import { createHash } from 'node:crypto'
import { TRAILER_SIGNATURE } from '../../src/protocol/aws-chunked/chunk-verifier.ts'

/** Makes the signatures of an aws-chunked body in the order of its chunks. */
export interface ChunkSigner {
  signChunk(sha256: string): string
  signTrailer(lines: string): string
}

interface EncodeAwsChunkedOptions {
  /** Null for chunks without signatures. */
  readonly signer: ChunkSigner | null
  /** Asked after the last byte: names in lower case, and values. */
  readonly trailers?: () => readonly (readonly [string, string])[]
}

/** Frames a body as aws-chunked: each buffer that comes becomes one chunk, and empty ones none. */
export async function* encodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  options: EncodeAwsChunkedOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const { signer } = options
  for await (const bytes of source) {
    if (bytes.byteLength === 0) continue
    yield Buffer.from(chunkHeader(bytes, signer), 'latin1')
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    yield Buffer.from('\r\n', 'latin1')
  }
  const end = chunkHeader(new Uint8Array(), signer)
  yield Buffer.from(`${end}${trailerText(options)}\r\n`, 'latin1')
}

function chunkHeader(bytes: Uint8Array, signer: ChunkSigner | null): string {
  const size = bytes.byteLength.toString(16)
  if (signer === null) return `${size}\r\n`
  return `${size};chunk-signature=${signer.signChunk(createHash('sha256').update(bytes).digest('hex'))}\r\n`
}

function trailerText({ signer, trailers }: EncodeAwsChunkedOptions): string {
  const fields = trailers?.() ?? []
  if (fields.length === 0) return ''
  const text = fields.map(([name, value]) => `${name}:${value}\r\n`).join('')
  if (signer === null) return text
  const signature = signer.signTrailer(fields.map(([name, value]) => `${name}:${value}\n`).join(''))
  return `${text}${TRAILER_SIGNATURE}:${signature}\r\n`
}
