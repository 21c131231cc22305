import assert from 'node:assert/strict'
import cluster, { type Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterEach, describe, it, type TestContext } from 'node:test'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import type { Logger } from '../logging/logger.ts'
import { Metrics } from '../metrics/metrics.ts'
import { BACKGROUND_MARK, PORT_MARK, type WatcherMessage, type WorkerMessage } from './messages.ts'
import { Watcher } from './watcher.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What the watcher sees of a worker. */
class FakeWorker extends EventEmitter {
  readonly id: number
  readonly environment: Readonly<Record<string, string>>
  readonly told: WatcherMessage[] = []
  readonly killed: string[] = []
  isGone = false
  readonly process = Object.assign(new EventEmitter(), {
    stderr: new PassThrough(),
    send: () => true,
    kill: (signal: string) => this.killed.push(signal),
  })

  constructor(id: number, environment: Readonly<Record<string, string>>) {
    super()
    this.id = id
    this.environment = environment
  }

  isDead = (): boolean => this.isGone
  isConnected = (): boolean => !this.isGone
  send = (message: WatcherMessage): boolean => this.told.push(message) > 0

  says(message: WorkerMessage): void {
    this.emit('message', message)
    cluster.emit('message', this as unknown as Worker, message)
  }

  listens(port = 9_400): void {
    this.says({ type: 'listening', address: { host: 'h', port } })
  }

  ends(code: number, signal = ''): void {
    this.isGone = true
    this.emit('exit')
    cluster.emit('exit', this as unknown as Worker, code, signal)
    this.process.emit('close')
  }
}

afterEach(() => {
  cluster.removeAllListeners('message').removeAllListeners('exit')
  Object.assign(cluster, { workers: {} })
})

function world(t: TestContext, workers = 2) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const uptime = { nowMs: 0 }
  t.mock.method(performance, 'now', () => uptime.nowMs)
  const started: FakeWorker[] = []
  t.mock.method(cluster, 'setupPrimary', () => undefined)
  t.mock.method(cluster, 'fork', (environment: Record<string, string> = {}) => {
    const worker = new FakeWorker(started.length + 1, environment)
    started.push(worker)
    Object.assign(cluster, { workers: Object.fromEntries(started.map((each) => [each.id, each])) })
    return worker as unknown as Worker
  })
  const logged: (readonly [facts: object, message: string])[] = []
  const relayed: string[] = []
  const log = {
    error: (facts: object, message: string) => logged.push([facts, message]),
    relay: (line: string) => relayed.push(line),
  } as unknown as Logger
  const watcher = new Watcher({ workers, log, stopTimeoutMs: 5_000, metrics: new Metrics() })
  /** Workers that listen, and the background work. */
  const serving = async (): Promise<void> => {
    const address = watcher.start()
    for (const worker of started) worker.listens()
    assert.deepEqual(await address, { host: 'h', port: 9_400 })
    watcher.startBackground()
  }
  const worker = (at: number): FakeWorker => started[at] ?? assert.fail(`there is no worker ${at}`)
  return {
    watcher,
    started,
    worker,
    logged,
    relayed,
    serving,
    uptime,
    tick: (ms: number) => t.mock.timers.tick(ms),
  }
}

describe('what watches over workers', () => {
  it('starts as many as it is told, and waits until all of them listen', async (t) => {
    const { watcher, started, worker } = world(t, 3)
    let isStarted = false
    const address = watcher.start().finally(() => (isStarted = true))
    assert.deepEqual(
      started.map(({ environment }) => environment),
      [{}, {}, {}],
    )
    worker(0).listens()
    worker(1).says({ type: 'hearing' })
    worker(1).listens()
    await turn()
    assert.equal(isStarted, false)
    worker(2).listens()
    assert.deepEqual(await address, { host: 'h', port: 9_400 })
    watcher.startBackground()
    assert.deepEqual(worker(3).environment, { [BACKGROUND_MARK]: '1' })
  })

  it('fails with the words of a worker that cannot start, and with its own where one says nothing', async (t) => {
    for (const [say, kind, message] of [
      [(w) => w.says({ type: 'failed', message: 'taken', isLasting: false }), StartFailure, 'taken'],
      [(w) => w.says({ type: 'failed', message: 'wrong', isLasting: true }), ConfigurationError, 'wrong'],
      [(w) => w.ends(1), StartFailure, 'a worker ended before it listened; the log says why'],
    ] as readonly (readonly [
      (worker: FakeWorker) => void,
      typeof StartFailure | typeof ConfigurationError,
      string,
    ])[]) {
      const { watcher, worker, started, logged, tick } = world(t, 1)
      const failed = assert.rejects(
        watcher.start(),
        (error) => error instanceof kind && error.message === message,
      )
      say(worker(0))
      await failed
      tick(60_000)
      assert.deepEqual([started.length, logged], [1, []], 'none takes its place')
      t.mock.reset()
      t.mock.timers.reset()
    }
  })

  it('replaces one that ends, later each time in a row, and at once again behind one that listened', async (t) => {
    const { worker, started, serving, logged, tick } = world(t)
    await serving()
    let last = worker(0)
    for (const delayMs of [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]) {
      const count = started.length
      last.ends(1)
      assert.deepEqual(logged.at(-1), [
        { worker: last.id, role: 'requests', how: 'code 1', delayMs },
        'a worker ended; another takes its place',
      ])
      tick(delayMs - 1)
      assert.equal(started.length, count)
      tick(1)
      assert.equal(started.length, count + 1)
      last = worker(count)
    }
    last.listens()
    last.ends(0, 'SIGBUS')
    assert.deepEqual(logged.at(-1)?.[0], { worker: last.id, role: 'requests', how: 'SIGBUS', delayMs: 200 })
  })

  it('replaces the background work on its own, sooner where the one before worked for long', async (t) => {
    const { worker, started, serving, logged, tick, uptime } = world(t)
    await serving()
    worker(2).ends(1)
    assert.deepEqual(logged.at(-1)?.[0], { worker: 3, role: 'background', how: 'code 1', delayMs: 200 })
    tick(200)
    assert.deepEqual(worker(3).environment, { [BACKGROUND_MARK]: '1' })
    uptime.nowMs += 30_000
    worker(3).ends(1)
    assert.deepEqual(logged.at(-1)?.[0], { worker: 4, role: 'background', how: 'code 1', delayMs: 400 })
    tick(400)
    uptime.nowMs += 30_001
    worker(4).ends(1)
    assert.deepEqual(logged.at(-1)?.[0], { worker: 5, role: 'background', how: 'code 1', delayMs: 200 })
    worker(0).ends(1)
    assert.deepEqual(logged.at(-1)?.[0], { worker: 1, role: 'requests', how: 'code 1', delayMs: 200 })
    assert.equal(started.length, 5)
  })

  it('tells a new worker the port only where none listens any more that has it', async (t) => {
    const { worker, serving, tick } = world(t)
    await serving()
    worker(0).ends(1)
    tick(200)
    assert.deepEqual(worker(3).environment, {})
    worker(1).ends(1)
    worker(3).ends(1)
    tick(1_000)
    assert.deepEqual(worker(4).environment, { [PORT_MARK]: '9400' })
    // And all others from then on, since those do not share what the system chose.
    assert.deepEqual(worker(5).environment, { [PORT_MARK]: '9400' })
  })

  it('ends one that came to listen on another port', async (t) => {
    const { worker, serving, tick } = world(t)
    await serving()
    worker(0).ends(1)
    tick(200)
    worker(3).listens(9_400)
    assert.deepEqual(worker(3).killed, [])
    worker(3).listens(40_000)
    assert.deepEqual(worker(3).killed, ['SIGKILL'])
  })

  it('says why one could not take another’s place', async (t) => {
    const { worker, serving, logged, tick } = world(t)
    await serving()
    worker(0).ends(1)
    tick(200)
    worker(3).says({ type: 'failed', message: 'no room', isLasting: false })
    assert.deepEqual(logged.at(-1), [{ worker: 4 }, 'a worker could not start: no room'])
  })

  it('stops all of them, waits until they are gone, and starts no other', async (t) => {
    const { watcher, worker, started, serving, tick } = world(t)
    await serving()
    worker(0).ends(1)
    let isStopped = false
    const stopped = watcher.stop().then(() => (isStopped = true))
    assert.deepEqual([worker(1).told, worker(2).told], [[{ type: 'stop' }], [{ type: 'stop' }]])
    assert.deepEqual(worker(0).told, [])
    worker(1).ends(0)
    await turn()
    assert.equal(isStopped, false)
    tick(4_999)
    assert.deepEqual([worker(1).killed, worker(2).killed], [[], []])
    tick(1)
    assert.deepEqual([worker(1).killed, worker(2).killed], [[], ['SIGKILL']])
    worker(2).ends(0, 'SIGKILL')
    await stopped
    tick(60_000)
    assert.equal(started.length, 3)
  })

  it('kills nobody once all stopped in time, and stops one that begins to hear meanwhile', async (t) => {
    const { watcher, worker, serving, tick } = world(t, 1)
    await serving()
    worker(0).says({ type: 'hearing' })
    assert.deepEqual(worker(0).told, [])
    const stopped = watcher.stop()
    worker(0).says({ type: 'hearing' })
    assert.deepEqual(worker(0).told, [{ type: 'stop' }, { type: 'stop' }])
    for (const at of [0, 1]) worker(at).ends(0)
    await stopped
    worker(0).isGone = false
    tick(60_000)
    assert.deepEqual(worker(0).killed, [])
  })

  it('hands on what they log, and that the TLS files are to be read again', async (t) => {
    const { watcher, worker, relayed, serving } = world(t)
    await serving()
    worker(1).process.stderr.write('{"one":1}\n{"two":2}\n')
    await turn()
    assert.deepEqual(
      relayed.map((line) => line.trim()),
      ['{"one":1}', '{"two":2}'],
    )
    worker(0).ends(1)
    watcher.reloadTls()
    assert.deepEqual(
      [0, 1, 2].map((at) => worker(at).told.map(({ type }) => type)),
      [[], ['reload-tls'], ['reload-tls']],
    )
  })

  it('adds up the metrics of all, and leaves out who does not tell them in time', async (t) => {
    const { worker, serving, tick } = world(t)
    await serving()
    const part = async (buckets: number) => {
      const metrics = new Metrics()
      metrics.countAccessLogLines(buckets, 'delivered')
      return await metrics.snapshot()
    }
    const ask = (id: number): number => {
      worker(0).says({ type: 'metrics-wanted', id })
      const asked = worker(2).told.at(-1)
      assert.ok(asked?.type === 'collect-metrics')
      return asked.id
    }
    const answer = async () => {
      for (let turns = 0; turns < 20; turns++) await turn()
      const page = worker(0).told.at(-1)
      return page?.type === 'metrics' ? page : null
    }
    const first = ask(7)
    for (const [at, lines] of [1, 2, 4].entries())
      worker(at).says({ type: 'metrics-part', id: first, snapshot: await part(lines) })
    const whole = await answer()
    assert.deepEqual([whole?.id, whole?.contentType.split(';')[0]], [7, 'text/plain'])
    assert.match(whole?.text ?? '', /\nlugsail_access_log_lines_total\{[^}]*\} 7\n/)
    const second = ask(8)
    assert.notEqual(second, first)
    worker(1).says({ type: 'metrics-part', id: second, snapshot: await part(16) })
    worker(1).says({ type: 'metrics-part', id: first, snapshot: await part(32) })
    tick(1_999)
    assert.equal((await answer())?.id, undefined)
    tick(1)
    const partial = await answer()
    assert.equal(partial?.id, 8)
    assert.match(partial.text, /\nlugsail_access_log_lines_total\{[^}]*\} 16\n/)
  })
})
