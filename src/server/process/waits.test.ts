import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, it, mock } from 'node:test'
import { connectionsForDescriptors } from './descriptor-limit.ts'
import { waitForParent } from './wait-for-parent.ts'
import { waitForStop } from './wait-for-stop.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const signals = ['SIGINT', 'SIGTERM'] as const

afterEach(() => {
  mock.reset()
  mock.timers.reset()
  syncBuiltinESMExports()
})

describe('a server that waits for its stop', () => {
  for (const signal of signals)
    it(`ends in order at the first ${signal}, and at once at a second signal`, async (t) => {
      const others = signals.map((name) => process.listeners(name))
      const stop = waitForStop()
      const set = signals.map((name, at) =>
        process.listeners(name).filter((each) => !others[at]?.includes(each)),
      )
      try {
        const [ofInt, ofTerm] = [set[0]?.[0], set[1]?.[0]]
        assert.ok(ofInt && ofTerm)
        let isStopping = false
        void stop.then(() => (isStopping = true))
        await turn()
        assert.equal(isStopping, false)
        const killed: unknown[][] = []
        t.mock.method(process, 'kill', (...given: unknown[]) => killed.push(given) > 0)
        const removed = t.mock.method(process, 'removeAllListeners', () => process)
        t.mock.method(process, 'abort', () => {
          throw new Error('the end')
        })
        const first = signal === 'SIGINT' ? ofInt : ofTerm
        first(signal)
        await stop
        assert.deepEqual(killed, [])
        assert.throws(() => ofTerm('SIGTERM'), /the end/)
        assert.deepEqual(killed, [[process.pid, 'SIGTERM']])
        assert.deepEqual(removed.mock.calls[0]?.arguments, ['SIGTERM'])
      } finally {
        mock.restoreAll()
        t.mock.restoreAll()
        for (const [at, name] of signals.entries()) for (const each of set[at] ?? []) process.off(name, each)
      }
    })
})

describe('a server that ends with its parent', () => {
  /** `kind`: what standard input is. */
  function waiting({ parent, isPipe = false }: { parent: number; isPipe?: boolean | Error }) {
    const is = { parent }
    const own = Object.getOwnPropertyDescriptor(process, 'ppid')
    Object.defineProperty(process, 'ppid', { get: () => is.parent, configurable: true })
    mock.timers.enable({ apis: ['setInterval'] })
    mock.method(fs, 'fstatSync', () => {
      if (isPipe instanceof Error) throw isPipe
      return { isFIFO: () => isPipe, isSocket: () => false }
    })
    syncBuiltinESMExports()
    const outcome = { isOver: false }
    void waitForParent().then(() => (outcome.isOver = true))
    const restore = (): void => {
      if (own) Object.defineProperty(process, 'ppid', own)
    }
    return { is, outcome, restore }
  }

  it('hears of its end within a quarter of a second', async () => {
    const { is, outcome, restore } = waiting({ parent: process.pid })
    try {
      mock.timers.tick(10_000)
      await turn()
      assert.equal(outcome.isOver, false)
      is.parent = 1
      mock.timers.tick(249)
      await turn()
      assert.equal(outcome.isOver, false)
      mock.timers.tick(1)
      await turn()
      assert.equal(outcome.isOver, true)
    } finally {
      restore()
    }
  })

  it('hears of it by its number alone, where the system gives it no other', async () => {
    // No process has it.
    const { outcome, restore } = waiting({ parent: 2 ** 30, isPipe: new Error('EBADF') })
    try {
      mock.timers.tick(250)
      await turn()
      assert.equal(outcome.isOver, true)
    } finally {
      restore()
    }
  })

  it('never ends so without a parent that it could see', async () => {
    const { outcome, restore } = waiting({ parent: 0 })
    try {
      mock.timers.tick(10_000)
      await turn()
      assert.equal(outcome.isOver, false)
    } finally {
      restore()
    }
  })
})

describe('connectionsForDescriptors', () => {
  const limits = (soft: string): string =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax processes             7     7     processes\nMax open files            ${soft}                 1048576              files\n`

  it('leaves each connection a file besides, and the process what it needs itself', () => {
    for (const [soft, connections] of [
      ['1024', 448],
      ['65536', 32_704],
      ['131', 1],
      ['132', 2],
      ['12', 1],
    ] as const)
      assert.equal(
        connectionsForDescriptors(() => limits(soft)),
        connections,
        soft,
      )
  })

  it('bounds nothing where the system does not tell', () => {
    for (const text of ['', limits('unlimited')])
      assert.equal(
        connectionsForDescriptors(() => text),
        Infinity,
      )
    assert.ok(connectionsForDescriptors() > 1)
  })
})
