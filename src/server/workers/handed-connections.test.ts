import assert from 'node:assert/strict'
import type { Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { describe, it } from 'node:test'
import { HandedConnections } from './handed-connections.ts'

/** A worker that takes whatever is sent to it. */
class FakeWorker extends EventEmitter {
  isGone = false
  readonly sent: unknown[][] = []
  readonly process = {
    send: (...given: unknown[]): boolean => {
      this.sent.push(given)
      return given[0] !== 'refused'
    },
  }
  isDead(): boolean {
    return this.isGone
  }
  end(): void {
    this.isGone = true
    this.emit('exit')
  }
}

function world() {
  const handed = new HandedConnections()
  const newWorker = (): FakeWorker => {
    const worker = new FakeWorker()
    handed.watch(worker as unknown as Worker)
    return worker
  }
  const closed: string[] = []
  const connection = (name: string) => ({ close: () => closed.push(name) })
  return { newWorker, closed, connection }
}

describe('a connection that is handed to a worker', () => {
  it('goes to it as Node sends it, and is closed when the worker ends with it', () => {
    const { newWorker, closed, connection } = world()
    const [worker, other] = [newWorker(), newWorker()]
    const [first, second] = [connection('first'), connection('second')]
    assert.equal(worker.process.send('newconn', first, { keepOpen: true }, 7), true)
    assert.deepEqual(worker.sent, [['newconn', first, { keepOpen: true }, 7]])
    // The worker took it before Node hands it another one.
    worker.process.send('newconn', second)
    worker.process.send('a message')
    worker.process.send('a message', null)
    assert.equal(worker.process.send('refused', { close: 'not a function' }), false)
    other.end()
    assert.deepEqual(closed, [])
    worker.end()
    assert.deepEqual(closed, ['second'])
    worker.end()
    assert.deepEqual(closed, ['second'])
  })

  it('is that of the worker it was handed to last', () => {
    const { newWorker, closed, connection } = world()
    const [stopping, next] = [newWorker(), newWorker()]
    const [first, second] = [connection('first'), connection('second')]
    stopping.process.send('newconn', first)
    next.process.send('newconn', first)
    stopping.end()
    assert.deepEqual(closed, [])
    next.process.send('newconn', second)
    next.end()
    assert.deepEqual(closed, ['second'])
  })

  it('is closed at once where the worker has ended already', () => {
    const { newWorker, closed, connection } = world()
    const worker = newWorker()
    worker.isGone = true
    worker.process.send('newconn', connection('late'))
    assert.deepEqual(closed, ['late'])
  })
})
