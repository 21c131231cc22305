import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deriveSigningKey } from './signing-key.ts'
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
  const use = (cache: SigningKeyCache, id: string, version: number, within = scope) => {
    const signature = deriveSigningKey('secret', within).sign('text')
    assert.ok(cache.verify(credential(id, version), within, { text: 'text', signature }))
  }

  it('opens a secret once for each version, day, region and service, and forgets the least recently used', () => {
    const cache = new SigningKeyCache(2_000)
    use(cache, 'A', 1)
    use(cache, 'A', 1)
    use(cache, 'A', 2)
    assert.deepEqual(opened.splice(0), ['A 1', 'A 2'])

    use(cache, 'A', 1)
    use(cache, 'A', 1, { ...scope, date: '20260518' })
    assert.equal(cache.size, 2)
    use(cache, 'A', 1)
    assert.deepEqual(opened.splice(0), ['A 1'])
    use(cache, 'A', 2)
    assert.deepEqual(opened.splice(0), ['A 2'])
  })

  it('keeps nothing of a signature that is wrong', () => {
    const cache = new SigningKeyCache()
    const signature = '0'.repeat(64)
    assert.equal(cache.verify(credential('A', 1), scope, { text: 'text', signature }), null)
    assert.equal(cache.size, 0)
  })

  it('counts bytes, so that long names leave room for fewer', () => {
    const cache = new SigningKeyCache(100_000)
    for (let version = 0; version < 100; version++) use(cache, 'A'.repeat(10_000), version)
    assert.equal(cache.size, 9)
  })
})
