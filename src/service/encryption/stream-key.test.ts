import assert from 'node:assert/strict'
import { hkdfSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newSalt, streamKey } from './stream-key.ts'

test('the key of a stream is what HKDF gives', () => {
  for (let round = 0; round < 200; round++) {
    const [objectKey, salt] = [randomBytes(32), newSalt()]
    const expected = hkdfSync('sha256', objectKey, Buffer.from(salt, 'base64'), 'lugsail object bytes', 32)
    assert.deepEqual(streamKey(objectKey, salt), Buffer.from(expected))
  }
})

test('two streams of one object key have different keys', () => {
  const objectKey = randomBytes(32)
  assert.notDeepEqual(streamKey(objectKey, newSalt()), streamKey(objectKey, newSalt()))
})
