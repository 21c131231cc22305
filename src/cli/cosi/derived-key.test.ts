import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deriveKey, newSalt } from './derived-key.ts'

const SEED = 'a seed of more than 32 characters'
const SALT = '00112233445566778899aabbccddeeff'

describe('a derived key', () => {
  it('is the same in every version of the program, or secrets that were given could not be told again', () => {
    assert.deepEqual(deriveKey(SEED, 'ba-1', SALT), {
      accessKeyId: 'COSIH4ITMA4CWHW5YFZX',
      secretAccessKey: 'suDytLCmo-PYS0gL2adeIs-OOyiVXrGwWlxiyR16',
    })
  })

  it('is another one, id and secret, with another seed, name or salt', () => {
    const keys = [
      deriveKey(SEED, 'ba-1', SALT),
      deriveKey(`${SEED}.`, 'ba-1', SALT),
      deriveKey(SEED, 'ba-2', SALT),
      deriveKey(SEED, 'ba-1', SALT.replace('0', '1')),
      // What moves from one part to the other is no other way to the same key.
      deriveKey(SEED, 'x\nba-1', SALT),
      deriveKey(SEED, 'ba-1', `${SALT}\nx`),
    ]
    assert.equal(
      new Set(keys.flatMap(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey])).size,
      12,
    )
  })

  it('has the form that every client takes', () => {
    for (let time = 0; time < 200; time++) {
      const { accessKeyId, secretAccessKey } = deriveKey(SEED, 'ba-1', newSalt())
      assert.match(accessKeyId, /^COSI[A-Z2-7]{16}$/)
      assert.match(secretAccessKey, /^[A-Za-z0-9_-]{40}$/)
    }
  })
})
