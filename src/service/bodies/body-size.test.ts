import assert from 'node:assert/strict'
import { it } from 'node:test'
import { checkBodySize } from './body-size.ts'

const GIB = 1024 ** 3

it('what comes at once has 5 GiB at most', () => {
  for (const sizeBytes of [0, 1, 5 * GIB]) checkBodySize(sizeBytes)
  assert.throws(() => checkBodySize(5 * GIB + 1), {
    kind: 'BodyTooLarge',
    fields: { sizeBytes: 5 * GIB + 1, sizeBytesMax: 5 * GIB },
  })
})
