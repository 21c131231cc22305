import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('run one after the other for one name, also after one that failed, and side by side for others', async () => {
    const turns = new Turns()
    const seen: string[] = []
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    const first = turns.take('a', async () => {
      seen.push('a1 begins')
      await gate
      seen.push('a1 ends')
      throw new Error('a1 failed')
    })
    const second = turns.take('a', async () => {
      seen.push('a2')
      return 2
    })
    assert.equal(await turns.take('b', async () => seen.push('b')), 2)
    assert.deepEqual(seen, ['a1 begins', 'b'])
    release()
    await assert.rejects(first, /a1 failed/)
    assert.equal(await second, 2)
    assert.deepEqual(seen, ['a1 begins', 'b', 'a1 ends', 'a2'])
  })
})
