import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { gatheredPieces } from '../../base/gathered-pieces.ts'
import { BodyDigester, type BodyDigesterOptions } from './body-digester.ts'
import { ThreadedDigester } from './threaded-digester.ts'
import { loadHashes } from './wasm-hashes.ts'

before(loadHashes)

const OPTIONS = { md5: true, sha256: true, checksums: ['CRC64NVME', 'CRC32'] } satisfies BodyDigesterOptions

async function* cut(bytes: Buffer, pieceBytes: number) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function digestThreaded(bytes: Buffer, pieceBytes: number) {
  const digester = new ThreadedDigester(OPTIONS)
  for await (const piece of gatheredPieces(cut(bytes, pieceBytes))) {
    await digester.update(piece)
    bodyBuffers.giveBack(piece)
  }
  return await digester.finish()
}

function digestHere(bytes: Buffer) {
  const digester = new BodyDigester(OPTIONS)
  digester.update(bytes)
  return digester.finish()
}

test('a body digested on the thread has the digests that it has on this one, however it is cut', async () => {
  const bytes = randomBytes(3 * 1024 * 1024 + 17)
  for (const pieceBytes of [1000, 65_536, 131_072, 1_000_003, bytes.length])
    assert.deepEqual(await digestThreaded(bytes, pieceBytes), digestHere(bytes))
  assert.deepEqual(await digestThreaded(Buffer.alloc(0), 1), digestHere(Buffer.alloc(0)))
})

test('bodies that are digested side by side do not mix', async () => {
  const bodies = Array.from({ length: 20 }, (_, index) => Buffer.alloc(700_000 + index, index))
  const digests = await Promise.all(bodies.map((bytes) => digestThreaded(bytes, 50_000)))
  for (const [index, bytes] of bodies.entries())
    assert.equal(digests[index]?.md5, createHash('md5').update(bytes).digest('hex'))
})

test('a body that was dropped leaves the others alone', async () => {
  const dropped = new ThreadedDigester(OPTIONS)
  for await (const piece of gatheredPieces(cut(randomBytes(1_000_000), 65_536))) await dropped.update(piece)
  const bytes = randomBytes(1_000_000)
  const digesting = digestThreaded(bytes, 65_536)
  dropped.drop()
  assert.deepEqual(await digesting, digestHere(bytes))
})
