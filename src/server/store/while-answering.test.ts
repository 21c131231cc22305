import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceContext } from '../../service/context.ts'
import { whileAnswering } from './while-answering.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What servers are answered while work goes on for so many seconds, five at a time. */
async function answered(
  seconds: number,
  { isOpen = true, tick, fails = false }: { isOpen?: boolean; fails?: boolean; tick: (ms: number) => void },
) {
  const counts = { renewed: 0, answers: 0 }
  const ledger = {
    renew: async () => void counts.renewed++,
    answerQuestions: async () => {
      counts.answers++
      if (fails) throw new Error('the store does not answer')
    },
  }
  const context = { blobLedger: { ifOpen: Promise.resolve(isOpen ? ledger : undefined) } }
  let end = (_: string): void => undefined
  const work = whileAnswering(
    context as unknown as ServiceContext,
    () => new Promise<string>((resolve) => (end = resolve)),
  )
  for (let at = 0; at < seconds; at++) {
    tick(1_000)
    await turn()
  }
  end('done')
  assert.equal(await work, 'done')
  tick(60_000)
  await turn()
  return counts
}

describe('long work that reads blobs', () => {
  it('tells servers every five seconds what it reads, and renews the lease each minute, until it is over', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const tick = (ms: number): void => t.mock.timers.tick(ms)
    assert.deepEqual(await answered(4, { tick }), { answers: 0, renewed: 0 })
    assert.deepEqual(await answered(59, { tick }), { answers: 11, renewed: 0 })
    assert.deepEqual(await answered(120, { tick }), { answers: 24, renewed: 2 })
  })

  it('goes on where the store does not answer now, and where it has no lease', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const tick = (ms: number): void => t.mock.timers.tick(ms)
    assert.equal((await answered(20, { tick, fails: true })).answers, 4)
    assert.deepEqual(await answered(20, { tick, isOpen: false }), { answers: 0, renewed: 0 })
  })

  it('rejects as the work does', async () => {
    const context = { blobLedger: { ifOpen: Promise.resolve(undefined) } } as unknown as ServiceContext
    await assert.rejects(
      whileAnswering(context, () => Promise.reject(new Error('no room'))),
      /no room/,
    )
  })
})
