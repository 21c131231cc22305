import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { combinedChecksum, partChecksums, wholeChecksum } from './checksums-kept.ts'

const CRC32 = 'AAAAAA=='
const SHA256 = `${'A'.repeat(43)}=`
const SHA1 = `${'A'.repeat(27)}=`
const CRC64 = 'AAAAAAAAAAA='

describe('the checksum of a whole object', () => {
  it('is the one that a response tells', () => {
    assert.deepEqual(wholeChecksum({ ChecksumSHA256: SHA256 }), { algorithm: 'SHA256', value: SHA256 })
    assert.deepEqual(wholeChecksum({ ChecksumCRC32: CRC32, ChecksumType: 'FULL_OBJECT' }), {
      algorithm: 'CRC32',
      value: CRC32,
    })
  })

  it('is none where it is one of checksums of parts, or no checksum', () => {
    assert.equal(wholeChecksum({}), undefined)
    assert.equal(wholeChecksum({ ChecksumType: 'FULL_OBJECT' }), undefined)
    assert.equal(wholeChecksum({ ChecksumSHA256: SHA256, ChecksumType: 'COMPOSITE' }), undefined)
    assert.equal(wholeChecksum({ ChecksumSHA256: `${SHA256}-2` }), undefined)
    assert.equal(wholeChecksum({ ChecksumSHA256: CRC32 }), undefined)
  })

  it('follows from those of its parts where it is a cyclic one', () => {
    assert.deepEqual(combinedChecksum({ ChecksumCRC64NVME: CRC64 }), { algorithm: 'CRC64NVME', value: CRC64 })
    assert.deepEqual(combinedChecksum({ ChecksumCRC32: CRC32 }), { algorithm: 'CRC32', value: CRC32 })
    assert.equal(combinedChecksum({ ChecksumSHA1: SHA1 }), undefined)
    assert.equal(combinedChecksum({ ChecksumCRC32: CRC32, ChecksumType: 'COMPOSITE' }), undefined)
    assert.equal(combinedChecksum({}), undefined)
  })
})

describe('the checksum of an object of parts', () => {
  it('is told with its kind, which its form tells where the store does not', () => {
    for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
      const [plain, ofParts] = [{ [`Checksum${algorithm}`]: 'x' }, { [`Checksum${algorithm}`]: 'x-2' }]
      assert.deepEqual(partChecksums(plain), { algorithm, type: 'FULL_OBJECT', value: 'x' })
      assert.deepEqual(partChecksums(ofParts), { algorithm, type: 'COMPOSITE', value: 'x-2' })
      assert.deepEqual(partChecksums({ ...plain, ChecksumType: 'COMPOSITE' }), {
        ...{ algorithm, type: 'COMPOSITE', value: 'x' },
      })
    }
  })

  it('is absent where none is told, and cannot be kept where its kind is not known here', () => {
    assert.equal(partChecksums({ ChecksumType: 'COMPOSITE' }), undefined)
    assert.equal(partChecksums({ ChecksumMD5: 'x' }), null)
    assert.equal(partChecksums({ ChecksumCRC32: CRC32, ChecksumType: 'OTHER' }), null)
  })
})
