import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CHECKSUM_ALGORITHMS, CHECKSUM_BYTES } from '../../protocol/checksums/algorithms.ts'
import { S3Error } from '../s3-error.ts'
import { expectedChecksum, partChecksum } from './checksum-input.ts'

const failsWith = (code: string) => (error: unknown) => error instanceof S3Error && error.code === code

for (const algorithm of CHECKSUM_ALGORITHMS) {
  const value = Buffer.alloc(CHECKSUM_BYTES[algorithm], 7).toString('base64')
  const member = `Checksum${algorithm}`

  describe(`a checksum ${algorithm}`, () => {
    it('is the one that a part, or a completion, gives', () => {
      assert.deepEqual(partChecksum({ [member]: value }), { algorithm, value })
      assert.deepEqual(expectedChecksum({ [member]: value }), { algorithm, value })
    })

    it('is none when it is empty', () => {
      assert.equal(partChecksum({ [member]: '' }), undefined)
      assert.equal(expectedChecksum({ [member]: '' }), undefined)
    })

    it('may tell the number of parts where it is the whole object’s, and not where it is a part’s', () => {
      for (const count of ['-1', '-10000'])
        assert.deepEqual(expectedChecksum({ [member]: value + count }), { algorithm, value: value + count })
      assert.throws(() => partChecksum({ [member]: `${value}-1` }), failsWith('InvalidArgument'))
      assert.throws(() => expectedChecksum({ [member]: `${value}-100000` }), failsWith('InvalidRequest'))
      assert.throws(() => expectedChecksum({ [member]: `${value}-` }), failsWith('InvalidRequest'))
    })

    it('is refused when it is no value of the algorithm', () => {
      const longer = Buffer.alloc(CHECKSUM_BYTES[algorithm] + 3, 7).toString('base64')
      for (const wrong of ['?', '*'.repeat(value.length), longer]) {
        assert.throws(() => partChecksum({ [member]: wrong }), failsWith('InvalidArgument'), wrong)
        assert.throws(() => expectedChecksum({ [member]: wrong }), S3Error, wrong)
      }
    })
  })
}

describe('a checksum', () => {
  it('is none where none is given', () => {
    assert.equal(partChecksum({}), undefined)
    assert.equal(expectedChecksum({}), undefined)
  })

  it('that was cut is a bad digest of the object', () => {
    const cut = Buffer.alloc(32, 7).toString('base64').slice(0, -1)
    assert.throws(() => expectedChecksum({ ChecksumSHA256: cut }), failsWith('BadDigest'))
  })
})
