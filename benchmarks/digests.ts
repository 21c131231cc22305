// How fast bodies are digested, in MB per second, by digest and by the size of the pieces that come.
//   node --import tsx benchmarks/digests.ts
import type { BodyDigesterOptions } from '../src/protocol/checksums/body-digester.ts'
import { BodyDigester } from '../src/protocol/checksums/body-digester.ts'
import { loadHashes } from '../src/protocol/checksums/wasm-hashes.ts'

const ROUNDS = 5
const ROUND_BYTES = 64 * 1024 * 1024
const PIECE_BYTES = [1024, 16 * 1024, 64 * 1024]

const CASES: readonly (readonly [title: string, options: BodyDigesterOptions])[] = [
  ['CRC32', { md5: false, sha256: false, checksums: ['CRC32'] }],
  ['CRC32C', { md5: false, sha256: false, checksums: ['CRC32C'] }],
  ['CRC64NVME', { md5: false, sha256: false, checksums: ['CRC64NVME'] }],
  ['SHA1', { md5: false, sha256: false, checksums: ['SHA1'] }],
  ['SHA256', { md5: false, sha256: false, checksums: ['SHA256'] }],
  ['SHA512', { md5: false, sha256: false, checksums: ['SHA512'] }],
  ['XXHASH64', { md5: false, sha256: false, checksums: ['XXHASH64'] }],
  ['XXHASH3', { md5: false, sha256: false, checksums: ['XXHASH3'] }],
  ['XXHASH128', { md5: false, sha256: false, checksums: ['XXHASH128'] }],
  ['MD5', { md5: true, sha256: false, checksums: [] }],
  ['MD5 + CRC32', { md5: true, sha256: false, checksums: ['CRC32'] }],
  ['MD5 + CRC64NVME', { md5: true, sha256: false, checksums: ['CRC64NVME'] }],
  ['MD5 + payload SHA256', { md5: true, sha256: true, checksums: [] }],
  ['MD5 + payload SHA256 + CRC32', { md5: true, sha256: true, checksums: ['CRC32'] }],
]

function measure(options: BodyDigesterOptions, pieceBytes: number): string {
  const piece = Buffer.alloc(pieceBytes, 7)
  const rates: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const digester = new BodyDigester(options)
    const startedAt = process.hrtime.bigint()
    for (let bytes = 0; bytes < ROUND_BYTES; bytes += pieceBytes) digester.update(piece)
    digester.finish()
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
    // The first round warms up.
    if (round > 0) rates.push(ROUND_BYTES / 1e6 / seconds)
  }
  rates.sort((left, right) => left - right)
  return Math.round(rates[Math.floor(ROUNDS / 2)] ?? 0).toString()
}

const row = (title: string, cells: readonly string[]) =>
  process.stdout.write(`${title.padEnd(32)}${cells.map((cell) => cell.padStart(10)).join('')}\n`)

await loadHashes()
process.stdout.write(`node ${process.version}, MB/s, median of ${ROUNDS} rounds of ${ROUND_BYTES} bytes\n`)
row(
  'pieces of',
  PIECE_BYTES.map((bytes) => `${bytes / 1024} KiB`),
)
for (const [title, options] of CASES) {
  row(
    title,
    PIECE_BYTES.map((bytes) => measure(options, bytes)),
  )
}
