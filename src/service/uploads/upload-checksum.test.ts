import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { uploadChecksum } from './upload-checksum.ts'

describe('the checksum of an upload', () => {
  const table = [
    ['CRC32', undefined, 'COMPOSITE'],
    ['CRC32', 'COMPOSITE', 'COMPOSITE'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32C', undefined, 'COMPOSITE'],
    ['CRC32C', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE', null],
    ['SHA1', undefined, 'COMPOSITE'],
    ['SHA1', 'COMPOSITE', 'COMPOSITE'],
    ['SHA1', 'FULL_OBJECT', null],
    ['SHA256', undefined, 'COMPOSITE'],
    ['SHA256', 'FULL_OBJECT', null],
  ] as const
  for (const [algorithm, type, chosen] of table)
    it(`of ${algorithm}, asked for as ${type ?? 'nothing'}, is ${chosen ?? 'refused'}`, () => {
      if (chosen !== null) assert.deepEqual(uploadChecksum(algorithm, type), { algorithm, type: chosen })
      else
        assert.throws(() => uploadChecksum(algorithm, type), {
          kind: 'ChecksumTypeImpossible',
          fields: { type, algorithm },
        })
    })

  it('is none where none is asked for, and none has no type', () => {
    assert.equal(uploadChecksum(undefined, undefined), undefined)
    assert.throws(() => uploadChecksum(undefined, 'COMPOSITE'), { kind: 'ChecksumTypeAlone' })
  })
})
