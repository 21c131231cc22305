import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkObjectKey } from './object-key.ts'

describe('an object key', () => {
  for (const key of ['a', 'k'.repeat(1_024), 'é'.repeat(512), '€'.repeat(341), `a${'\0'.repeat(512)}`])
    it(`may be ${JSON.stringify(key.slice(0, 3))} of ${Buffer.byteLength(key)} bytes`, () =>
      checkObjectKey(key))

  const refused: readonly (readonly [key: string, kind: string])[] = [
    ['', 'EmptyObjectKey'],
    ['k'.repeat(1_025), 'ObjectKeyTooLong'],
    ['é'.repeat(513), 'ObjectKeyTooLong'],
    [`${'€'.repeat(341)}ab`, 'ObjectKeyTooLong'],
    [`a${'\0'.repeat(513)}`, 'TooManyZeroBytes'],
  ]
  for (const [key, kind] of refused)
    it(`of ${Buffer.byteLength(key)} bytes is refused: ${kind}`, () =>
      assert.throws(() => checkObjectKey(key), { kind }))
})
