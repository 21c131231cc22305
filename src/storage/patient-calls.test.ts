import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { callsNotComeBack, callsTo } from './patient-calls.ts'

const PATIENCE_MS = 30_000

/** Calls that come back when they are told to. */
function controlled() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const call = (name: string) => (): Promise<string> => {
    begun.push(name)
    return new Promise((resolve) => ends.set(name, () => resolve(name)))
  }
  return { begun, call, end: (name: string) => ends.get(name)?.() }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function patience(t: TestContext): (ms: number) => Promise<void> {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return async (ms) => {
    t.mock.timers.tick(ms)
    await settled()
  }
}

describe('calls to a place that may hang', () => {
  it('are two at once, and the others in turn', async () => {
    const { begun, call, end } = controlled()
    const calls = callsTo('a place that answers')
    const results = ['a', 'b', 'c'].map((name) => calls.run('stat', call(name)))
    await settled()
    assert.deepEqual(begun, ['a', 'b'])
    end('b')
    await settled()
    assert.deepEqual(begun, ['a', 'b', 'c'])
    end('a')
    end('c')
    assert.deepEqual(await Promise.all(results), ['a', 'b', 'c'])
    await assert.rejects(
      calls.run('stat', () => Promise.reject(new Error('its own'))),
      /its own/,
    )
    assert.equal(callsNotComeBack(), 0)
  })

  it('fail when they do not come back in time, and further ones at once until they do', async (t) => {
    const wait = patience(t)
    const { begun, call, end } = controlled()
    const [calls, other] = [callsTo('a place that hangs'), callsTo('another place')]
    const dropped: string[] = []
    const hanging = calls.run('open', call('a'), { dropLate: (value) => dropped.push(value) })
    const failing = assert.rejects(hanging, { code: 'ETIMEDOUT', syscall: 'open' })
    await settled()
    await wait(PATIENCE_MS)
    await failing
    assert.equal(callsNotComeBack(), 1)
    await assert.rejects(calls.run('stat', call('b')), { code: 'ETIMEDOUT', syscall: 'stat' })
    await assert.rejects(calls.run('close', call('c'), { isOwed: true }), { code: 'ETIMEDOUT' })
    assert.deepEqual(begun, ['a'])
    const elsewhere = other.run('stat', call('d'))
    await settled()
    end('d')
    assert.equal(await elsewhere, 'd')
    end('a')
    await settled()
    assert.deepEqual(dropped, ['a'])
    assert.deepEqual(begun, ['a', 'd', 'c'], 'what was owed is done when the place answers again')
    end('c')
    const again = calls.run('stat', call('e'))
    await settled()
    end('e')
    assert.equal(await again, 'e')
    assert.equal(callsNotComeBack(), 0)
  })

  it('leave the threads of the process to others, though several places hang, and refuse who waits for one', async (t) => {
    const wait = patience(t)
    const { begun, call, end } = controlled()
    const places = ['first', 'second', 'third'].map((name) => callsTo(name))
    const failing = places.map((calls, at) =>
      assert.rejects(calls.run('stat', call(`${at}`)), { code: 'ETIMEDOUT' }),
    )
    await settled()
    await wait(PATIENCE_MS)
    await Promise.all(failing)
    assert.deepEqual(begun, ['0', '1'])
    end('0')
    end('1')
    await settled()
    assert.equal(callsNotComeBack(), 0)
  })
})
