// How fast aws-chunked bodies are decoded, in MB of content per second.
//   node --import tsx benchmarks/aws-chunked.ts
import { ChunkSignatures } from '../src/auth/chunk-signature.ts'
import { deriveSigningKey } from '../src/auth/signing-key.ts'
import { AwsChunkedBody } from '../src/protocol/aws-chunked/decoder.ts'
import { encodeAwsChunked } from '../test/harness/aws-chunked-encoder.ts'

const ROUNDS = 5
const BODY_BYTES = 64 * 1024 * 1024
/** As node:http hands over a body: in reads of this size, wherever they cut it. */
const READ_BYTES = 64 * 1024
const seed = {
  signingKey: deriveSigningKey('secret', { date: '20300101', region: 'us-east-1', service: 's3' }),
  signature: '0'.repeat(64),
  scope: '20300101/us-east-1/s3/aws4_request',
  timestamp: '20300101T000000Z',
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function measure(title: string, chunkBytes: number, isSigned: boolean): Promise<void> {
  const wire: Buffer[] = []
  const signer = isSigned ? new ChunkSignatures(seed) : null
  for await (const bytes of encodeAwsChunked(inPieces(Buffer.alloc(BODY_BYTES, 1), chunkBytes), { signer })) {
    wire.push(bytes)
  }
  const whole = Buffer.concat(wire)
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const verifier = isSigned ? new ChunkSignatures(seed) : null
    const options = { decodedBytes: BODY_BYTES, verifier, trailerNames: [] }
    let decodedBytes = 0
    const startedAt = process.hrtime.bigint()
    for await (const bytes of new AwsChunkedBody(inPieces(whole, READ_BYTES), options)) {
      decodedBytes += bytes.length
    }
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
    if (decodedBytes !== BODY_BYTES) throw new Error(`decoded ${decodedBytes} bytes`)
    rates.push(BODY_BYTES / 1e6 / seconds)
  }
  rates.sort((left, right) => left - right)
  const median = Math.round(rates[Math.floor(ROUNDS / 2)] ?? 0)
  process.stdout.write(`${title.padEnd(36)} ${median.toString().padStart(8)} MB/s\n`)
}

process.stdout.write(`node ${process.version}, median of ${ROUNDS} rounds of ${BODY_BYTES} bytes\n`)
for (const chunkBytes of [8 * 1024, 64 * 1024, 1024 * 1024]) {
  await measure(`unsigned, chunks of ${chunkBytes / 1024} KiB`, chunkBytes, false)
  await measure(`signed, chunks of ${chunkBytes / 1024} KiB`, chunkBytes, true)
}
