import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { ChecksumAlgorithm } from '../../protocol/checksums/algorithms.ts'
import { checksumOf } from '../../protocol/checksums/checksum.ts'
import { ProtocolFailure } from '../../protocol/protocol-failure.ts'
import { ThreadedDigester } from '../../protocol/checksums/threaded-digester.ts'
import { loadHashes } from '../../protocol/checksums/wasm-hashes.ts'
import { S3Error } from '../s3-error.ts'
import { DigestedBody, digestWhole, type WantedChecksum } from './body-digests.ts'
import type { BodyPromises } from './body-promises.ts'

before(loadHashes)

const NONE: BodyPromises = { sha256: null, md5: null, checksum: null }
const NOTHING: WantedChecksum = { algorithm: null }
const digest = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex')

interface Asked {
  readonly promises?: Partial<BodyPromises>
  readonly wanted?: WantedChecksum
  readonly trailer?: string | null
}

const small = Buffer.from('some bytes')
const large = Buffer.alloc(1024 * 1024 + 5, 'abcdefg')

/** Each way in which a body is digested: at once, in pieces, and on a thread of its own. */
const ways: readonly (readonly [
  way: string,
  bytes: Buffer,
  digested: (asked: Asked) => Promise<ReturnType<typeof digestWhole>>,
])[] = [
  [
    'that is all there',
    small,
    async ({ promises, wanted = NOTHING, trailer = null }) =>
      await Promise.resolve(digestWhole(small, { ...NONE, ...promises }, wanted, trailer)),
  ],
  ...(
    [
      [small, 'in pieces'],
      [large, 'of a MiB'],
    ] as const
  ).map(
    ([bytes, way]) =>
      [
        way,
        bytes,
        async ({ promises, wanted = NOTHING, trailer = null }: Asked) => {
          const body = new DigestedBody({ ...NONE, ...promises }, wanted, bytes.length)
          const passed: Uint8Array[] = []
          const half = bytes.length >> 1
          const pieces = [bytes.subarray(0, half), bytes.subarray(half)]
          const source = (async function* () {
            for (const piece of pieces) yield await Promise.resolve(piece)
          })()
          for await (const piece of body.pass(source)) passed.push(Buffer.from(piece))
          assert.ok(Buffer.concat(passed).equals(bytes))
          return await body.finish(trailer)
        },
      ] as const,
  ),
]

for (const [way, bytes, digested] of ways)
  describe(`a body ${way}`, () => {
    const md5Hex = digest('md5', bytes)
    const made = (algorithm: ChecksumAlgorithm) => ({
      algorithm,
      type: 'FULL_OBJECT',
      value: checksumOf(algorithm, bytes),
    })
    const promise = (algorithm: ChecksumAlgorithm, value: string | null = checksumOf(algorithm, bytes)) => ({
      checksum: { algorithm, value },
    })

    it('has its MD5, and a checksum where one is wanted or promised', async () => {
      assert.deepEqual(await digested({}), { md5Hex })
      assert.deepEqual(await digested({ wanted: { algorithm: 'CRC64NVME' } }), {
        md5Hex,
        checksum: made('CRC64NVME'),
      })
      assert.deepEqual(await digested({ promises: promise('SHA1') }), { md5Hex, checksum: made('SHA1') })
      assert.deepEqual(await digested({ promises: promise('SHA1'), wanted: { algorithm: 'CRC32' } }), {
        md5Hex,
        checksum: made('SHA1'),
      })
    })

    it('has another checksum beside the one that is promised where that is wanted', async () => {
      const wanted = { algorithm: 'CRC64NVME', isBeside: true } as const
      assert.deepEqual(await digested({ promises: promise('SHA1'), wanted }), {
        ...{ md5Hex, checksum: made('SHA1') },
        crc64Nvme: checksumOf('CRC64NVME', bytes),
      })
      assert.deepEqual(await digested({ promises: promise('CRC64NVME'), wanted }), {
        md5Hex,
        checksum: made('CRC64NVME'),
      })
      assert.deepEqual(await digested({ wanted }), { md5Hex, checksum: made('CRC64NVME') })
      const none = { algorithm: null, isBeside: true }
      assert.deepEqual(await digested({ promises: promise('SHA1'), wanted: none }), {
        md5Hex,
        checksum: made('SHA1'),
      })
    })

    it('keeps its promises, or is refused with what came instead', async () => {
      const sha256 = digest('sha256', bytes)
      assert.deepEqual(await digested({ promises: { sha256, md5: md5Hex } }), { md5Hex })
      const other = 'a'.repeat(64)
      await assert.rejects(digested({ promises: { sha256: other } }), (error) => {
        assert.ok(error instanceof S3Error)
        assert.equal(error.code, 'XAmzContentSHA256Mismatch')
        assert.deepEqual(error.details, {
          clientComputedContentSHA256: other,
          s3ComputedContentSHA256: sha256,
        })
        return true
      })
      await assert.rejects(digested({ promises: { md5: 'b'.repeat(32) } }), (error) => {
        assert.ok(error instanceof S3Error)
        assert.equal(error.code, 'BadDigest')
        assert.equal(error.message, 'The Content-MD5 you specified did not match what we received.')
        assert.deepEqual(error.details, {
          expectedDigest: Buffer.from('b'.repeat(32), 'hex').toString('base64'),
          calculatedDigest: Buffer.from(md5Hex, 'hex').toString('base64'),
        })
        return true
      })
    })

    it('has the checksum that its head or its trailer gives, or is refused', async () => {
      const mismatch = (error: unknown): boolean =>
        error instanceof ProtocolFailure && error.problem === 'checksum-mismatch'
      await assert.rejects(digested({ promises: promise('CRC32', 'AAAAAA==') }), mismatch)
      await assert.rejects(digested({ promises: promise('CRC32', null), trailer: 'AAAAAA==' }), mismatch)
      await assert.rejects(digested({ promises: promise('CRC32', null) }), mismatch)
      const trailer = checksumOf('CRC32', bytes)
      assert.deepEqual(await digested({ promises: promise('CRC32', null), trailer }), {
        md5Hex,
        checksum: made('CRC32'),
      })
    })
  })

describe('a body that nobody passed on', () => {
  it('is empty; one that was not read to its end has no digests', async () => {
    const body = new DigestedBody(NONE, NOTHING, 0)
    assert.deepEqual(await body.finish(null), { md5Hex: digest('md5', Buffer.alloc(0)) })
    for (const bytes of [small, large]) {
      const begun = new DigestedBody(NONE, NOTHING, bytes.length)
      const source = (async function* () {
        yield await Promise.resolve(bytes)
        yield bytes
      })()
      for await (const piece of begun.pass(source)) if (piece.length > 0) break
      await assert.rejects(begun.finish(null), { message: 'the body was not read to its end' })
    }
  })
})

describe('a body that is passed on', () => {
  const MIB = 1024 * 1024

  async function* given(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield await Promise.resolve(piece)
  }

  it('is gathered for the thread that digests it from a MiB on, and passes as it comes where it is smaller or its size is not known', async () => {
    for (const [sizeBytes, isGathered] of [
      [MIB - 1, false],
      [MIB, true],
      [null, false],
    ] as const) {
      const pieces = [large.subarray(0, 1_000), large.subarray(1_000, sizeBytes ?? MIB)]
      const body = new DigestedBody(NONE, NOTHING, sizeBytes)
      const passed: Uint8Array[] = []
      for await (const piece of body.pass(given(...pieces))) passed.push(piece)
      assert.equal(
        passed.every((piece) => bodyBuffers.has(piece)),
        isGathered,
      )
      if (!isGathered) assert.deepEqual(passed, pieces)
      assert.deepEqual(await body.finish(null), { md5Hex: digest('md5', Buffer.concat(passed)) })
    }
  })

  it('fails where its digests do, at the piece or at the end, however late whoever reads it asks for more', async (t) => {
    const failure = new Error('the thread is gone')
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    const update = t.mock.method(ThreadedDigester.prototype, 'update', () => Promise.reject(failure))
    const early = new DigestedBody(NONE, NOTHING, large.length)
    const pieces = early.pass(given(large))
    assert.equal((await pieces.next()).done, false)
    await turn()
    await assert.rejects(pieces.next(), failure)
    await assert.rejects(early.finish(null), { message: 'the body was not read to its end' })
    update.mock.restore()
    const finish = t.mock.method(ThreadedDigester.prototype, 'finish', function (this: ThreadedDigester) {
      this.drop()
      return Promise.reject(failure)
    })
    const late = new DigestedBody(NONE, NOTHING, large.length)
    for await (const piece of late.pass(given(large))) assert.ok(piece.length > 0)
    await turn()
    await assert.rejects(late.finish(null), failure)
    finish.mock.restore()
  })
})
