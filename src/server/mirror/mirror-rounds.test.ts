import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it, type TestContext } from 'node:test'
import { identify, newEngines } from '../../../test/backup/backup-world.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { parseRetention } from '../backup/retention.ts'
import { TargetLock } from '../backup/target-lock.ts'
import { openTarget } from '../backup/target.ts'
import { MirrorJob } from './mirror-job.ts'
import { openSecondCopy } from './open-second-copy.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A job that keeps a mirror near, what it tells, and a time of the machine that the test moves. */
async function newJob(t: TestContext, { intervalSeconds = 10 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-rounds-'))
  folders.push(folder)
  const mirror = join(folder, 'mirror')
  const uptime = { nowMs: 1_000_000 }
  t.mock.method(performance, 'now', () => uptime.nowMs)
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  await identify(world.context)
  // What makes commits note what they change, as in a server with a mirror.
  const second = await openSecondCopy({
    ...engines,
    mirror,
    isServer: true,
    asksAgain: false,
    clock: world.clock,
    onHealed: () => undefined,
  })
  const context = { ...world.context, metadata: second.metadata }
  const lags: (readonly [seconds: number, nearAtMs: number | null])[] = []
  const logged: string[] = []
  const log = (level: string) => (_: object, message: string) => void logged.push(`${level}: ${message}`)
  const settings = {
    mirror,
    mirrorIntervalSeconds: intervalSeconds,
    mirrorKeep: parseRetention('5') ?? [],
  }
  const parts = {
    context,
    settings,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    metrics: {
      setMirrorLag: (seconds: number, nearAtMs: number | null) => lags.push([seconds, nearAtMs] as const),
    },
  }
  const job = new MirrorJob(parts)
  const [round, notes] = job.jobs
  assert.ok(round && notes)
  const run = (isAtStop?: boolean) => round.run(new AbortController().signal, isAtStop)
  return { job, parts, round, notes, run, lags, logged, uptime, mirror, folder, world, context }
}

describe('the job that keeps a mirror near', () => {
  it('is none without a mirror, and one of each process with one, with its own interval', async (t) => {
    const { job, parts } = await newJob(t)
    assert.deepEqual(
      job.jobs.map(({ name, intervalMs, scope, isDoneAtStop = false }) => [
        name,
        intervalMs,
        scope,
        isDoneAtStop,
      ]),
      [
        ['mirror', 10_000, 'process', true],
        ['limit-mirror-notes', 60_000, 'process', false],
      ],
    )
    const without = new MirrorJob({ ...parts, settings: { ...parts.settings, mirror: null } })
    assert.deepEqual(without.jobs, [])
    await without.close()
  })

  it('tells that the first round compared everything, and of none that took over what was noted', async (t) => {
    const { job, run, lags, logged, context, world } = await newJob(t)
    await run()
    assert.deepEqual(logged, ['info: the mirror was compared with the store'])
    assert.deepEqual(lags, [[0, world.clock.now()]])
    await context.metadata.commit({ sets: [{ key: Buffer.from('A one'), value: Buffer.from('1') }] })
    await run()
    assert.deepEqual([logged.length, lags.length], [1, 2])
    await job.close()
  })

  it('does nothing at the stop where it had no mirror yet, and a last round where it had', async (t) => {
    const { job, run, lags, world } = await newJob(t)
    await run(true)
    assert.deepEqual(lags, [])
    await run()
    world.clock.advance(1_000)
    await run(true)
    assert.deepEqual(lags.at(-1), [0, world.clock.now()])
    assert.equal(lags.length, 2)
    await job.close()
  })

  it('tries again after twice as long each time, five minutes at most, and tells both ends of it once', async (t) => {
    const { job, run, lags, logged, uptime, world, context } = await newJob(t)
    await run()
    logged.length = lags.length = 0
    const failedAt = world.clock.now()
    const commit = context.metadata.commit.bind(context.metadata)
    await context.metadata.commit({ sets: [{ key: Buffer.from('A one'), value: Buffer.from('1') }] })
    context.metadata.commit = () => Promise.reject(new Error('away'))
    for (const waitMs of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      await assert.rejects(run(), /away/)
      world.clock.advance(waitMs)
      // Before its time nothing is tried, and the lag shown all the same.
      uptime.nowMs += waitMs - 1
      await run()
      assert.deepEqual(lags.at(-1), [(world.clock.now() - failedAt) / 1_000, null])
      uptime.nowMs += 1
    }
    assert.deepEqual(logged, ['error: the mirror could not be brought near; it is tried again'])
    context.metadata.commit = commit
    await run()
    assert.deepEqual(logged.slice(1), [
      'info: the mirror was compared with the store',
      'info: the mirror is near again',
    ])
    assert.deepEqual(lags.at(-1), [0, world.clock.now()])
    // And the next failure is told, and waited for, as the first one was.
    await context.metadata.commit({ sets: [{ key: Buffer.from('A two'), value: Buffer.from('2') }] })
    context.metadata.commit = () => Promise.reject(new Error('away'))
    await assert.rejects(run(), /away/)
    assert.equal(logged.length, 4)
    uptime.nowMs += 10_000
    await assert.rejects(run(), /away/)
    context.metadata.commit = commit
    await job.close()
  })

  it('says nothing of a round that the stop ended, and rejects as it does', async (t) => {
    const { job, round, logged } = await newJob(t)
    const ending = new AbortController()
    ending.abort(new Error('stopping'))
    await assert.rejects(round.run(ending.signal), /stopping/)
    assert.deepEqual(logged, [])
    await job.close()
  })

  it('leaves a mirror to the process that has it, and looks again half a minute later', async (t) => {
    const { job, run, lags, logged, uptime, mirror } = await newJob(t)
    const target = await openTarget('TO', mirror, { isMade: true })
    const lock = await TargetLock.take(target)
    await run()
    const taken = 'warn: the mirror is not to be had; another process may keep it near'
    assert.deepEqual([logged, lags], [[taken], []])
    await lock.release()
    await target.store.close()
    uptime.nowMs += 29_999
    await run()
    assert.deepEqual(lags, [], 'another process keeps it near, as far as this one knows')
    uptime.nowMs += 1
    await run()
    assert.equal(lags.length, 1)
    await job.close()
  })

  it('rejects what is no answer of the place', async (t) => {
    const { run, mirror, context } = await newJob(t)
    mkdirSync(mirror)
    const getMany = context.metadata.getMany.bind(context.metadata)
    context.metadata.getMany = () => Promise.reject(new TypeError('a fault'))
    await assert.rejects(run(), TypeError)
    context.metadata.getMany = getMany
  })

  it('warns when another server keeps another mirror', async (t) => {
    const { job, run, logged, world, context, parts, folder } = await newJob(t)
    await run()
    const other = new MirrorJob({
      ...parts,
      settings: { ...parts.settings, mirror: join(folder, 'another') },
    })
    await other.jobs[0]?.run(new AbortController().signal)
    await context.metadata.commit({ sets: [{ key: Buffer.from('A one'), value: Buffer.from('1') }] })
    logged.length = 0
    world.clock.advance(10 * 60_000 - 1)
    await run()
    assert.deepEqual(logged, [])
    await other.jobs[0]?.run(new AbortController().signal)
    logged.length = 0
    world.clock.advance(1)
    await run()
    assert.match(logged.join(), /^warn: another server of the store has another mirror/)
    await job.close()
    await other.close()
  })

  it('leaves few notes alone', async (t) => {
    const { notes, logged, context } = await newJob(t)
    await context.metadata.commit({ sets: [{ key: Buffer.from('A one'), value: Buffer.from('1') }] })
    await notes.run(new AbortController().signal)
    assert.deepEqual(logged, [])
  })
})
