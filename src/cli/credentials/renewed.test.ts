import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renewedCredentials } from './renewed.ts'
import type { FoundCredentials } from './found-credentials.ts'

const MINUTE = 60_000
const key = (accessKeyId: string, expiresAtMs?: number): FoundCredentials => ({
  accessKeyId,
  secretAccessKey: 'secret',
  ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
})

describe('credentials of a command that runs long', () => {
  let nowMs = 0
  const clock = { now: () => nowMs }

  it('are those that were found, then those that are found anew', async () => {
    const ask = renewedCredentials(key('first', 60 * MINUTE), () => Promise.resolve(key('second')), clock)
    const [first, second] = [await ask(), await ask()]
    assert.deepEqual([first.accessKeyId, first.expiration.getTime()], ['first', 60 * MINUTE])
    assert.equal(second.accessKeyId, 'second')
  })

  it('without an end that is known are looked up again all the same', async () => {
    const { expiration } = await renewedCredentials(key('a'), () => Promise.resolve(null), clock)()
    // The SDK asks five minutes before.
    assert.equal(expiration.getTime(), 10 * MINUTE)
  })

  it('stay while they are good and others cannot be had, and then say why', async () => {
    const ask = renewedCredentials(key('a', 6 * MINUTE), () => Promise.reject(new Error('signed out')), clock)
    await ask()
    const kept = await ask()
    assert.deepEqual([kept.accessKeyId, kept.expiration.getTime()], ['a', 6 * MINUTE])
    nowMs = 6 * MINUTE
    await assert.rejects(ask(), /signed out/)
  })

  it('that are no longer there stay', async () => {
    nowMs = 0
    const ask = renewedCredentials(key('a'), () => Promise.resolve(null), clock)
    await ask()
    assert.equal((await ask()).accessKeyId, 'a')
  })
})
