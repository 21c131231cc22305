import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { CHECKSUM_ALGORITHMS } from './algorithms.ts'
import { BodyDigester } from './body-digester.ts'
import { checksumOf, createChecksum } from './checksum.ts'
import { parseContentMd5 } from './content-md5.ts'
import { isCombinable } from './crc-combine.ts'
import { compositeChecksum, fullObjectChecksum } from './part-checksums.ts'
import { parseRequestedChecksum, verifyChecksum } from './requested-checksum.ts'
import { loadHashes } from './wasm-hashes.ts'

before(loadHashes)

const failsWith = (problem: string) => (error: unknown) =>
  error instanceof ProtocolFailure && error.problem === problem

const CHECK_INPUT = Buffer.from('123456789')

describe('checksums', () => {
  // The catalogue values of each algorithm for the text 123456789.
  const CHECK_VALUES = {
    CRC32: 'cbf43926',
    CRC32C: 'e3069283',
    CRC64NVME: 'ae8b14860a799888',
    SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
    SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
    SHA512:
      'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
    MD5: '25f9e794323b453885f5181f1b624d0b',
    XXHASH64: '8cb841db40e6ae83',
    XXHASH3: '72dcb18b67a17dff',
    XXHASH128: '33119477ede5dcd5e9716427681d5860',
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    it(`${algorithm} has the catalogue's check value, in pieces too`, () => {
      const inPieces = createChecksum(algorithm)
      for (const byte of CHECK_INPUT) inPieces.update(Buffer.from([byte]))
      assert.equal(inPieces.digest().toString('hex'), CHECK_VALUES[algorithm])
      const expected = Buffer.from(CHECK_VALUES[algorithm], 'hex').toString('base64')
      assert.equal(checksumOf(algorithm, CHECK_INPUT), expected)
    })

    it(`${algorithm} does not depend on how the bytes are cut`, () => {
      const random = new SeededRandom()
      for (let round = 0; round < 50; round++) {
        const bytes = random.bytes(random.below(500))
        const inPieces = createChecksum(algorithm)
        for (const piece of random.pieces(bytes)) inPieces.update(piece)
        assert.equal(
          inPieces.digest().toString('base64'),
          checksumOf(algorithm, bytes),
          `seed ${random.seed}`,
        )
      }
    })

    it(`${algorithm} of several bodies that come side by side do not mix`, () => {
      const random = new SeededRandom()
      const bodies = Array.from({ length: 20 }, () => random.bytes(2_000))
      const checksums = bodies.map(() => createChecksum(algorithm))
      for (let at = 0; at < 2_000; at += 100)
        for (const [index, checksum] of checksums.entries())
          checksum.update(bodies[index]?.subarray(at, at + 100) ?? Buffer.alloc(0))
      const found = checksums.map((checksum) => checksum.digest().toString('base64'))
      assert.deepEqual(
        found,
        bodies.map((bytes) => checksumOf(algorithm, bytes)),
        `seed ${random.seed}`,
      )
    })
  }
})

describe('fullObjectChecksum', () => {
  for (const algorithm of CHECKSUM_ALGORITHMS.filter(isCombinable)) {
    it(`makes the ${algorithm} of the whole out of those of its parts`, () => {
      const random = new SeededRandom()
      for (let round = 0; round < 20; round++) {
        const bytes = random.bytes(random.below(3_000))
        const parts = random.pieces(bytes, 1_000).map((part) => ({
          value: checksumOf(algorithm, part),
          sizeBytes: part.length,
        }))
        assert.equal(
          fullObjectChecksum(algorithm, parts),
          checksumOf(algorithm, bytes),
          `seed ${random.seed}`,
        )
      }
    })

    it(`combines ${algorithm} values in any grouping, with parts of 5 GiB too`, () => {
      const random = new SeededRandom()
      const parts = [7, 5 * 1024 ** 3, 5 * 1024 ** 3 - 1, 2 ** 40 + 3].map((sizeBytes) => ({
        value: checksumOf(algorithm, random.bytes(20)),
        sizeBytes,
      }))
      const tail = parts.slice(1)
      const grouped = {
        value: fullObjectChecksum(algorithm, tail),
        sizeBytes: tail.reduce((sum, part) => sum + part.sizeBytes, 0),
      }
      assert.equal(
        fullObjectChecksum(algorithm, [...parts.slice(0, 1), grouped]),
        fullObjectChecksum(algorithm, parts),
        `seed ${random.seed}`,
      )
    })
  }
})

describe('compositeChecksum', () => {
  it('is the checksum of the parts’ checksums, with their number', () => {
    const parts = ['abc', 'def'].map((text) => checksumOf('SHA256', Buffer.from(text)))
    const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
    assert.equal(compositeChecksum('SHA256', parts), `${checksumOf('SHA256', joined)}-2`)
  })
})

describe('BodyDigester', () => {
  it('computes what is asked for and nothing else', () => {
    const none = new BodyDigester({ md5: false, sha256: false, checksums: [] })
    none.update(CHECK_INPUT)
    assert.deepEqual(none.finish(), { sizeBytes: 9, md5: null, sha256: null, checksums: {} })
    const all = new BodyDigester({ md5: true, sha256: true, checksums: ['MD5', 'SHA256'] })
    all.update(CHECK_INPUT)
    assert.deepEqual(all.finish(), {
      sizeBytes: 9,
      md5: '25f9e794323b453885f5181f1b624d0b',
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      checksums: {
        MD5: 'JfnnlDI7RTiF9RgfG2JNCw==',
        SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
      },
    })
    const crc = new BodyDigester({ md5: false, sha256: true, checksums: ['CRC32', 'CRC64NVME', 'SHA256'] })
    crc.update(CHECK_INPUT)
    assert.deepEqual(crc.finish().checksums, {
      CRC32: 'y/Q5Jg==',
      CRC64NVME: 'rosUhgp5mIg=',
      SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
    })
  })
})

describe('parseRequestedChecksum', () => {
  it('reads a checksum from its header, from the trailer’s announcement, or finds none', () => {
    assert.equal(parseRequestedChecksum({}), null)
    assert.deepEqual(parseRequestedChecksum({ 'x-amz-checksum-crc32c': 'AAAAAA==' }), {
      algorithm: 'CRC32C',
      value: 'AAAAAA==',
    })
    assert.deepEqual(
      parseRequestedChecksum({
        'x-amz-trailer': 'x-amz-checksum-crc64nvme',
        'x-amz-sdk-checksum-algorithm': 'crc64nvme',
      }),
      { algorithm: 'CRC64NVME', value: null },
    )
  })

  const REFUSED: readonly (readonly [title: string, headers: Record<string, string>])[] = [
    ['two checksums', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' }],
    ['an empty value', { 'x-amz-checksum-crc32': '' }],
    ['a value that is none', { 'x-amz-checksum-crc32': 'no base64' }],
    ['a value of another algorithm', { 'x-amz-checksum-sha1': 'AAAAAA==' }],
    ['header and trailer', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-trailer': 'x-amz-checksum-crc32' }],
    ['an unknown trailer', { 'x-amz-trailer': 'x-amz-meta-a' }],
    ['an unknown algorithm', { 'x-amz-sdk-checksum-algorithm': 'MD4', 'x-amz-checksum-crc32': 'AAAAAA==' }],
    ['an algorithm without a checksum', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }],
    ['another algorithm', { 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': 'AAAAAA==' }],
  ]
  for (const [title, headers] of REFUSED) {
    it(`refuses ${title} with InvalidRequest`, () => {
      assert.throws(() => parseRequestedChecksum(headers), failsWith('checksum-headers'))
    })
  }
})

describe('verifyChecksum', () => {
  it('refuses another value with BadDigest, and what is no value of the algorithm with InvalidRequest', () => {
    verifyChecksum('CRC32', 'y/Q5Jg==', 'y/Q5Jg==')
    assert.throws(() => verifyChecksum('CRC32', 'AAAAAA==', 'y/Q5Jg=='), failsWith('checksum-mismatch'))
    assert.throws(() => verifyChecksum('CRC32', '', 'y/Q5Jg=='), failsWith('checksum-mismatch'))
    assert.throws(() => verifyChecksum('CRC32', 'bad', 'y/Q5Jg=='), failsWith('checksum-mismatch'))
    assert.throws(() => verifyChecksum('CRC32', 'no base64', 'y/Q5Jg=='), failsWith('checksum-headers'))
  })
})

describe('parseContentMd5', () => {
  it('reads 16 bytes of base64 and refuses all else with InvalidDigest', () => {
    assert.equal(parseContentMd5('1B2M2Y8AsgTpgAmY7PhCfg=='), 'd41d8cd98f00b204e9800998ecf8427e')
    for (const text of [
      '',
      'YWJyYWNhZGFicmE=',
      '1B2M2Y8AsgTpgAmY7PhCfg',
      'AWS HAHAHA',
      '1B2M2Y8AsgTpgAmY7PhCfg==x',
    ]) {
      assert.throws(() => parseContentMd5(text), failsWith('malformed-digest'), text)
    }
  })
})
