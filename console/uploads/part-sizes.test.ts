import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredPart } from '../api/s3/uploads.ts'
import { partCount, partRange, partSizeOf, partSizeOfStored } from './part-sizes.ts'

const MIB = 1024 ** 2
const part = (number: number, size: number): StoredPart => ({ number, size, etag: '', checksum: null })

describe('the parts of a file', () => {
  it('are 8 MiB, and larger only where 10,000 would not do', () => {
    assert.equal(partSizeOf(20 * MIB), 8 * MIB)
    assert.equal(partSizeOf(80_000 * MIB), 8 * MIB)
    assert.equal(partSizeOf(80_001 * MIB), 9 * MIB)
    assert.equal(partCount(80_001 * MIB, 9 * MIB) <= 10_000, true)
  })

  it('follow each other without a gap, and the last ends with the file', () => {
    assert.deepEqual(partRange(1, 8, 20), [0, 8])
    assert.deepEqual(partRange(3, 8, 20), [16, 20])
  })

  it('that are stored tell their size, also when only some are there', () => {
    assert.equal(partSizeOfStored([part(2, 8 * MIB), part(3, 4 * MIB)], 20 * MIB), 8 * MIB)
    assert.equal(partSizeOfStored([part(1, 16 * MIB)], 20 * MIB), 16 * MIB)
    assert.equal(partSizeOfStored([part(3, 4 * MIB)], 20 * MIB), 8 * MIB)
  })

  it('that cannot be of the file are none of it', () => {
    assert.equal(partSizeOfStored([part(1, 8 * MIB), part(2, 4 * MIB)], 20 * MIB), null)
    assert.equal(partSizeOfStored([part(9, 8 * MIB)], 20 * MIB), null)
  })
})
