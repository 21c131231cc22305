import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, it } from 'node:test'
import { takeSignal } from './take-signal.ts'

after(() => process.removeAllListeners('SIGUSR2'))

it('a signal that was under way when its listener was replaced comes to the new one', async () => {
  let isWithEarlier = false
  process.once('SIGUSR2', () => (isWithEarlier = true))
  const arrived = new Promise<void>((resolve) => {
    process.kill(process.pid, 'SIGUSR2')
    takeSignal('SIGUSR2', resolve)
  })
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), 10_000)
  await Promise.race([arrived, once(late.signal, 'abort')])
  clearTimeout(timer)
  assert.ok(!late.signal.aborted, 'the signal was lost')
  assert.ok(!isWithEarlier)
  assert.equal(process.listenerCount('SIGUSR2'), 1)
})
