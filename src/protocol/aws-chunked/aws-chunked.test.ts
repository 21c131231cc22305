import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import type { ChunkVerifier } from './chunk-verifier.ts'
import type { AwsChunkedOptions } from './decoder.ts'
import { AwsChunkedBody } from './decoder.ts'
import { encodeAwsChunked, type ChunkSigner } from '../../../test/harness/aws-chunked-encoder.ts'

/** Signatures that anybody can check: a counter and the start of the digest. */
class CountingSignatures implements ChunkSigner, ChunkVerifier {
  #count = 0

  signChunk(sha256: string): string {
    return `${this.#count++}-${sha256.slice(0, 8)}`
  }

  signTrailer(lines: string): string {
    return `${this.#count++}-${Buffer.from(lines).toString('base64url')}`
  }

  verifyChunk(sha256: string, signature: string): void {
    if (this.signChunk(sha256) !== signature) throw new Error('chunk signature')
  }

  verifyTrailer(lines: string, signature: string): void {
    if (this.signTrailer(lines) !== signature) throw new Error('trailer signature')
  }
}

async function* pieces(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const buffers: Uint8Array[] = []
  for await (const bytes of source) buffers.push(bytes)
  return Buffer.concat(buffers)
}

const UNSIGNED = { verifier: null, trailerNames: [] }

const decode = (wire: string, options: Partial<AwsChunkedOptions> = {}) =>
  collect(new AwsChunkedBody(pieces(wire), { ...UNSIGNED, decodedBytes: 5, ...options }))

const cut = (bytes: Buffer, sizeBytes: number) =>
  Array.from({ length: Math.ceil(bytes.length / sizeBytes) }, (_, index) =>
    bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes),
  )

const failsWith = (problem: string) => (error: unknown) =>
  error instanceof ProtocolFailure && error.problem === problem

describe('AwsChunkedBody', () => {
  it('takes lines of 1,024 bytes, and no longer ones, in whatever pieces they come', async () => {
    for (const [lineBytes, isTaken] of [
      [1_024, true],
      [1_025, false],
    ] as const) {
      const name = 'x-amz-checksum-crc32'
      const field = `${name}:${'q'.repeat(lineBytes - name.length - 2)}\r\n`
      assert.equal(field.length, lineBytes + 1, 'the line feed is not counted')
      const wire = `5\r\nabcde\r\n0\r\n${field}\r\n`
      for (const cutAt of [0, wire.length - 10]) {
        const source = pieces(wire.slice(0, cutAt), wire.slice(cutAt))
        const body = new AwsChunkedBody(source, { ...UNSIGNED, decodedBytes: 5, trailerNames: [name] })
        if (isTaken) assert.equal((await collect(body)).toString(), 'abcde')
        else
          await assert.rejects(collect(body), {
            message: 'a line of the aws-chunked body must be 1024 bytes or fewer',
          })
      }
    }
  })

  it('takes an unsigned trailer whose field ends with a line feed of its own, and nothing else behind the end', async () => {
    const options = { trailerNames: ['x-amz-checksum-crc32'] }
    const whole = '5\r\nabcde\r\n0\r\nx-amz-checksum-crc32:q+/=\n\r\n\r\n'
    assert.equal((await decode(whole, options)).toString(), 'abcde')
    for (const more of ['\r\n', 'x', '\n', '0\r\n'])
      await assert.rejects(decode(whole + more, options), failsWith('incomplete-body'))
    await assert.rejects(decode('5\r\nabcde\r\n0\r\n\r\n\r\n'), failsWith('incomplete-body'))
  })

  it('gives the bytes of all chunks and the trailer', async () => {
    const body = new AwsChunkedBody(
      pieces('3\r\nabc\r\n2\r\nde\r\n0\r\nX-Amz-Checksum-Crc32: q+/=\r\n\r\n'),
      {
        decodedBytes: 5,
        verifier: null,
        trailerNames: ['x-amz-checksum-crc32'],
      },
    )
    assert.equal((await collect(body)).toString(), 'abcde')
    assert.deepEqual([...body.trailers], [['x-amz-checksum-crc32', 'q+/=']])
  })

  it('takes a body of no bytes', async () => {
    assert.equal((await decode('0\r\n\r\n', { decodedBytes: 0 })).length, 0)
  })

  const MALFORMED: readonly (readonly [title: string, wire: string, problem: string])[] = [
    ['an empty body', '', 'incomplete-body'],
    ['an end inside a chunk', '5\r\nabc', 'incomplete-body'],
    ['an end before the last chunk', '5\r\nabcde\r\n', 'incomplete-body'],
    ['an end before the empty line', '5\r\nabcde\r\n0\r\n', 'incomplete-body'],
    ['fewer bytes than announced', '4\r\nabcd\r\n0\r\n\r\n', 'incomplete-body'],
    ['more bytes than announced', '6\r\nabcdef\r\n0\r\n\r\n', 'incomplete-body'],
    ['a size that is no number', 'x\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['a negative size', '-5\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['an empty size', '\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['a size beyond all bounds', 'fffffffffffffffff\r\n', 'incomplete-body'],
    ['a chunk longer than its size', '3\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['a header that ends in a line feed alone', '5\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['an unknown extension', '5;name=value\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['a signature where none belongs', '5;chunk-signature=aa\r\nabcde\r\n0\r\n\r\n', 'incomplete-body'],
    ['bytes behind the end', '5\r\nabcde\r\n0\r\n\r\nx', 'incomplete-body'],
    ['an endless header', '0'.repeat(2_000), 'incomplete-body'],
    ['a trailer that was not announced', '5\r\nabcde\r\n0\r\na:b\r\n\r\n', 'malformed-trailer'],
    ['a trailer that is no field', '5\r\nabcde\r\n0\r\nab\r\n\r\n', 'malformed-trailer'],
  ]
  for (const [title, wire, problem] of MALFORMED) {
    it(`refuses ${title} as ${problem}`, async () => {
      await assert.rejects(decode(wire), failsWith(problem))
    })
  }

  it('refuses a body without the trailer that was announced', async () => {
    await assert.rejects(
      decode('5\r\nabcde\r\n0\r\n\r\n', { trailerNames: ['x-amz-checksum-crc32'] }),
      failsWith('malformed-trailer'),
    )
  })

  it('refuses chunks without signatures where chunks are signed', async () => {
    await assert.rejects(
      decode('5\r\nabcde\r\n0\r\n\r\n', { verifier: new CountingSignatures() }),
      failsWith('incomplete-body'),
    )
  })

  it('refuses a signed chunk of less than 8 KiB that another one follows, and says which, as S3 does', async () => {
    const encoded = (sizes: readonly number[]) =>
      collect(
        encodeAwsChunked(pieces(...sizes.map((size) => Buffer.alloc(size, 1))), {
          signer: new CountingSignatures(),
        }),
      )
    const decoded = async (sizes: readonly number[]) => {
      const decodedBytes = sizes.reduce((sum, size) => sum + size, 0)
      const options = { decodedBytes, verifier: new CountingSignatures(), trailerNames: [] }
      const whole = await collect(new AwsChunkedBody(pieces(await encoded(sizes)), options))
      assert.equal(whole.length, decodedBytes)
    }
    for (const sizes of [[], [1], [8_191], [8_192, 8_192], [8_192, 1], [100_000, 8_192, 3]])
      await decoded(sizes)
    for (const [sizes, chunk, badChunkSize] of [
      [[3, 2], 2, 3],
      [[8_191, 8_192], 2, 8_191],
      [[8_192, 100, 8_192], 3, 100],
    ] as const)
      await assert.rejects(decoded(sizes), (error) => {
        assert.ok(failsWith('small-chunk')(error))
        assert.deepEqual((error as ProtocolFailure).details, { chunk, badChunkSize })
        return true
      })
  })

  it('makes the same of small chunks however they are cut into pieces, malformed ones included', async () => {
    const random = new SeededRandom()
    const ends = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '', '\r\n\r\n']
    const outcome = async (texts: readonly Uint8Array[], decodedBytes: number) => {
      try {
        const body = new AwsChunkedBody(pieces(...texts), { ...UNSIGNED, decodedBytes })
        return (await collect(body)).toString('latin1')
      } catch (error) {
        assert.ok(error instanceof ProtocolFailure)
        return `${error.problem} ${error.message}`
      }
    }
    for (let round = 0; round < 200; round++) {
      let text = ''
      let decodedBytes = 0
      const isSound = random.below(3) > 0
      const end = () => (isSound ? '\r\n' : (ends[random.below(ends.length)] ?? ''))
      for (let left = random.below(12); left > 0; left--) {
        const size = 1 + random.below([1, 5, 5, 100, 100, 5_000][random.below(6)] ?? 1)
        const digits = size.toString(16).padStart(random.below(6), '0')
        text += `${random.below(2) === 0 ? digits : digits.toUpperCase()}${end()}${'x'.repeat(size)}${end()}`
        decodedBytes += size
      }
      text += '0\r\n\r\n'
      if (!isSound) decodedBytes += random.below(3) - 1
      const bytes = Buffer.from(text, 'latin1')
      const context = `seed ${random.seed}, round ${round}`
      const slowly = await outcome(cut(bytes, 1), decodedBytes)
      assert.equal(await outcome([bytes], decodedBytes), slowly, context)
      assert.equal(await outcome(random.pieces(bytes), decodedBytes), slowly, context)
      if (isSound) assert.equal(slowly, 'x'.repeat(decodedBytes), context)
    }
  })

  it('takes an empty line between the signed fields of a trailer and their signature', async () => {
    const signer = new CountingSignatures()
    const wire = `0;chunk-signature=${signer.signChunk('e3b0c442')}\r\na:b\n\r\nx-amz-trailer-signature:${signer.signTrailer('a:b\n')}\r\n\r\n`
    const options = { decodedBytes: 0, verifier: new CountingSignatures(), trailerNames: ['a'] }
    assert.equal((await decode(wire, options)).length, 0)
    await assert.rejects(
      decode(wire.replace('a:b', 'a:c'), { ...options, verifier: new CountingSignatures() }),
      /trailer signature/,
    )
  })

  it('refuses a signed trailer without its signature, with a field behind it, with a field twice, and with a wrong one', async () => {
    const wire = (lines: (sign: (text: string) => string) => string) => {
      const signer = new CountingSignatures()
      return `0;chunk-signature=${signer.signChunk('e3b0c442')}\r\n${lines((text) => signer.signTrailer(text))}\r\n`
    }
    const decodeSigned = (text: string, trailerNames = ['a']) =>
      decode(text, { decodedBytes: 0, verifier: new CountingSignatures(), trailerNames })
    const signed = (sign: (text: string) => string) => `a:b\r\nx-amz-trailer-signature:${sign('a:b\n')}\r\n`
    assert.equal((await decodeSigned(wire(signed))).length, 0)
    await assert.rejects(decodeSigned(wire(() => 'a:b\r\n\r\n')), failsWith('malformed-trailer'))
    await assert.rejects(
      decodeSigned(
        wire((sign) => `a:b\r\nx-amz-trailer-signature:${sign('a:b\n')}\r\nc:d\r\n`),
        ['a', 'c'],
      ),
      failsWith('malformed-trailer'),
    )
    await assert.rejects(
      decodeSigned(wire((sign) => `a:b\r\na:b\r\nx-amz-trailer-signature:${sign('a:b\na:b\n')}\r\n`)),
      failsWith('malformed-trailer'),
    )
    await assert.rejects(decodeSigned(wire(signed).replace('a:b', 'a:c')), /trailer signature/)
    await assert.rejects(
      decodeSigned(wire(signed).replace(/signature:.{4}/, 'signature:0000')),
      /trailer signature/,
    )
  })

  it('gives back any body, however it is cut into chunks and pieces, and notices a flipped byte of a signed one', async () => {
    const random = new SeededRandom()
    for (let round = 0; round < 300; round++) {
      const context = `seed ${random.seed}, round ${round}`
      const isSigned = random.below(2) === 0
      const hasTrailer = random.below(2) === 0
      const body = random.bytes(random.below(isSigned ? 25_000 : 400))
      // Of signed chunks only the last may be small.
      const chunks = isSigned ? cut(body, 8 * 1024 + random.below(10_000)) : random.pieces(body)
      const wire = await collect(
        encodeAwsChunked(pieces(...chunks), {
          signer: isSigned ? new CountingSignatures() : null,
          ...(hasTrailer && { trailers: () => [['x-amz-checksum-crc32', 'AAAAAA==']] as const }),
        }),
      )
      const decoder = (bytes: Buffer) =>
        new AwsChunkedBody(pieces(...random.pieces(bytes)), {
          decodedBytes: body.length,
          verifier: isSigned ? new CountingSignatures() : null,
          trailerNames: hasTrailer ? ['x-amz-checksum-crc32'] : [],
        })
      const whole = decoder(wire)
      assert.deepEqual(await collect(whole), body, context)
      assert.equal(whole.trailers.size, hasTrailer ? 1 : 0, context)

      const truncated = wire.subarray(0, random.below(wire.length))
      await assert.rejects(collect(decoder(truncated)), context)

      if (!isSigned || body.length === 0) continue
      const at = wire.indexOf(body.subarray(0, 1), wire.indexOf('\r\n'))
      const flipped = Buffer.from(wire)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await assert.rejects(collect(decoder(flipped)), context)
    }
  })

  it('keeps the bytes of a piece until each of its chunks was given back, and then no longer', async () => {
    const chunk = Buffer.alloc(20_000, 'x')
    const header = Buffer.from('4e20\r\n')
    const end = Buffer.from('\r\n')
    const wire = bodyBuffers.adopt(
      Buffer.concat([header, chunk, end, header, chunk, end, Buffer.from('0\r\n\r\n')]),
    )
    const given: Buffer[] = []
    for await (const bytes of new AwsChunkedBody(pieceAsItIs(wire), { ...UNSIGNED, decodedBytes: 40_000 })) {
      bodyBuffers.giveBack(bytes)
      given.push(bytes)
      assert.equal(bytes.length, 20_000)
      assert.equal(bytes[19_999], 'x'.charCodeAt(0))
    }
    assert.deepEqual(
      given.map(({ length }) => length),
      [0, 0],
    )
  })
})

async function* pieceAsItIs(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece
}
