import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SigningKeyCache } from './signing-key-cache.ts'

describe('SigningKeyCache', () => {
  const scope = { date: '20260517', region: 'us-east-1', service: 's3' }
  const opened: string[] = []
  const credential = (accessKeyId: string, secretVersion: number) => ({
    accessKeyId,
    secretVersion,
    openSecret: () => {
      opened.push(`${accessKeyId} ${secretVersion}`)
      return 'secret'
    },
  })

  it('opens a secret once for each version, day, region and service, and forgets the least recently used', () => {
    const cache = new SigningKeyCache(2)
    cache.get(credential('A', 1), scope)
    cache.get(credential('A', 1), scope)
    cache.get(credential('A', 2), scope)
    assert.deepEqual(opened.splice(0), ['A 1', 'A 2'])

    cache.get(credential('A', 1), scope)
    cache.get(credential('A', 1), { ...scope, date: '20260518' })
    assert.equal(cache.size, 2)
    cache.get(credential('A', 1), scope)
    assert.deepEqual(opened.splice(0), ['A 1'])
    cache.get(credential('A', 2), scope)
    assert.deepEqual(opened.splice(0), ['A 2'])
  })
})
