import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 as platformCrc32 } from '@node-rs/crc32'
import { SeededRandom } from '../../test/seeded-random.ts'
import { crc32Of } from './crc-32.ts'

const random = new SeededRandom()
const LENGTHS = [0, 1, 3, 4, 5, 15, 16, 31, 159, 160, 161, 163, 164, 165, 400, 5_000]

describe('crc32Of', () => {
  it(`gives of any stretch of bytes, begun with any sum, what the package gives of a copy (seed ${random.seed})`, () => {
    for (const length of LENGTHS)
      for (let round = 0; round < 40; round++) {
        const before = random.below(9)
        const bytes = random.bytes(before + length + random.below(9))
        const begun = random.below(2 ** 32)
        const end = before + length
        assert.equal(crc32Of(bytes, before, end, begun), platformCrc32(bytes.subarray(before, end), begun))
      }
  })

  it('takes an end behind the bytes for their end', () => {
    assert.equal(crc32Of(Buffer.from('123456789'), 0, 5_000), 0xcbf43926)
  })
})
