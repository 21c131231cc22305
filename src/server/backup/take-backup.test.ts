import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { identify, newEngines, recordsOf } from '../../../test/backup/backup-world.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { ownProcess } from '../../base/process-identity.ts'
import { blobReferenceKey, storeKey, writerLeaseKey } from '../../service/keyspace.ts'
import { deleteObject } from '../../service/objects/delete-object.ts'
import { StoreReadOnly } from '../../storage/metadata-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { CheckedBlobStore } from '../../storage/wrap/checked-blob-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { listStates, type BackupState } from './backup-state.ts'
import { cleanTarget, namedBlobs } from './clean-target.ts'
import { runBlobIds } from './names.ts'
import { restoreStore } from './restore-store.ts'
import { parseRetention, type Retention } from './retention.ts'
import type { RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'
import { momentAfter, referencedBlobs } from './state-taker.ts'
import { takeBackup } from './take-backup.ts'
import { TargetLock, TargetTaken } from './target-lock.ts'
import { claimTarget, readTargetStoreId, type BackupTarget } from './target.ts'
import { verifyTarget } from './verify-target.ts'

const LONG = 'bytes that make a blob of their own'
const DAY_MS = 24 * 3_600_000

function newTarget() {
  const raw = new MemoryBlobStore()
  const target: BackupTarget = { store: new CheckedBlobStore(raw), shown: 'the place' }
  return { raw, target }
}

async function newWorld() {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  const storeId = await identify(world.context)
  const { raw, target } = newTarget()
  const progress: string[] = []
  const backUp = (more: Partial<Parameters<typeof takeBackup>[0]> = {}) =>
    takeBackup({
      ...{ storeId, source: world.context, target, clock: world.clock, retention: null },
      onProgress: (phase) => progress.push(phase),
      ...more,
    })
  const restored = async (state: BackupState): Promise<string> => {
    const to = newEngines()
    assert.equal((await restoreStore({ target, state, to, onlyMetadata: false })).missingCount, 0)
    return await recordsOf(to.metadata)
  }
  const remove = (objectKey: string) => deleteObject(world.context, world.admission, { objectKey })
  return { engines, world, storeId, raw, target, progress, backUp, restored, remove }
}

describe('a backup', () => {
  it('writes what is new and no more, and each state gives the records of its moment', async () => {
    const { world, target, backUp, restored, remove, progress } = await newWorld()
    const states: BackupState[] = []
    const records: string[] = []
    for (let round = 0; round < 16; round++) {
      await world.put(`key ${round}`, `${LONG} ${round}`)
      await world.put('again', `small ${round}`)
      if (round % 3 === 2) await remove(`key ${round - 1}`)
      records.push(await recordsOf(world.context.metadata))
      world.clock.advance(1_000)
      const { state, unreadable, removed } = await backUp()
      assert.deepEqual([unreadable, removed], [[], { states: 0, runs: 0, blobs: 0, bytes: 0 }])
      assert.equal(state.blobs, (await world.usage()).objects - 1)
      assert.equal(state.records, records.at(-1)?.split('\n').length)
      assert.equal(state.added.blobs, 1)
      assert.ok(state.added.bytes > LONG.length && state.runs.length <= 12, `${state.runs.length} runs`)
      assert.ok(state.finishedAt >= state.at)
      states.push(state)
    }
    assert.deepEqual((await listStates(target.store)).states, states)
    assert.ok(states.every(({ at }, index) => index === 0 || at > (states[index - 1]?.at ?? 0)))
    for (const [index, state] of states.entries())
      assert.equal(await restored(state), records[index], `state ${index}`)
    const { states: count, runs, blobs, problems } = await verifyTarget(target)
    assert.deepEqual([count, blobs, problems], [16, 16, []])
    assert.ok(runs >= (states.at(-1)?.runs.length ?? Infinity))
    assert.deepEqual([...new Set(progress)].sort(), ['blobs', 'records'])
    const [first, second] = states
    assert.deepEqual(second?.runs.slice(0, 1), first?.runs)
    assert.equal(first?.added.records, first?.records)
    assert.ok((second?.added.records ?? 99) < 10)
  })

  it('begins anew when most of the store has changed', async () => {
    const { world, backUp, restored } = await newWorld()
    for (let index = 0; index < 30; index++) await world.put(`key ${index}`, `small ${index}`)
    const { state: first } = await backUp()
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 20; index++) await world.put(`key ${index}`, `other ${round} ${index}`)
      await backUp()
    }
    const { state } = await backUp()
    assert.ok(state.runs.every(({ id }) => id !== first.runs[0]?.id))
    assert.equal(await restored(state), await recordsOf(world.context.metadata))
  })

  it('leaves behind what belongs to processes and to work on this very store', async () => {
    const { engines, backUp } = await newWorld()
    const before = (await backUp()).state.records
    await engines.metadata.commit({
      sets: ['job/x', 'copy', 'restore', 'backup', 'mirror', 'scrub'].map((name) => ({
        key: storeKey(name),
        value: Buffer.of(1),
      })),
    })
    await engines.metadata.commit({ sets: [{ key: writerLeaseKey('w'), value: Buffer.of(1) }] })
    assert.equal((await backUp()).state.records, before)
  })

  it('keeps what its retention says, and removes what no state needs any more', async () => {
    const { world, target, raw, backUp, remove, restored } = await newWorld()
    await world.put('stays', LONG)
    await world.put('goes', `${LONG}!`)
    await backUp()
    await remove('goes')
    world.clock.advance(DAY_MS)
    const retention: Retention = parseRetention('1') ?? []
    let { state, removed } = await backUp({ retention })
    // A blob that a run names that is kept stays with it.
    assert.deepEqual([removed.states, removed.blobs], [1, 0])
    let removedBytes = 0
    for (let round = 0; removed.blobs === 0 && round < 5; round++) {
      for (let index = 0; index < 20; index++) await world.put(`key ${index}`, `${round}`)
      world.clock.advance(DAY_MS)
      ;({ state, removed } = await backUp({ retention }))
      removedBytes += removed.bytes
    }
    assert.equal(removed.blobs, 1)
    assert.ok(removed.runs >= 1 && removedBytes > LONG.length + 1)
    assert.deepEqual(
      (await listStates(target.store)).states.map(({ id }) => id),
      [state.id],
    )
    assert.equal((await listIds(raw, '')).filter((id) => /^[0-9a-f]/.test(id)).length, 1)
    assert.equal(await restored(state), await recordsOf(world.context.metadata))
    assert.deepEqual((await verifyTarget(target)).problems, [])
  })

  it('is of one store alone, and of none whose form or content it does not know', async () => {
    const { target, raw, storeId, backUp } = await newWorld()
    assert.equal(await readTargetStoreId(target), null)
    await backUp()
    assert.equal(await readTargetStoreId(target), storeId)
    await assert.rejects(
      backUp({ storeId: 'another' }),
      /holds backups of another store, .*; give this one a place/,
    )
    const head = async (text: string): Promise<void> => {
      await target.store.delete(['head.c'])
      await target.store.put('head.c', bodyOf(Buffer.from(text)))
    }
    for (const [text, message] of [
      ['{"format":2,"storeId":"x"}', /has format 2; this program reads up to 1: use a newer Lugsail/],
      ['{"format":"1","storeId":"x"}', /no backup that this program can read/],
      ['{"format":1}', /no backup that this program can read/],
    ] as const) {
      await head(text)
      await assert.rejects(
        readTargetStoreId(target),
        (error) => error instanceof ConfigurationError && message.test(error.message),
        text,
      )
      assert.ok((await verifyTarget(target)).problems.some((problem) => problem.startsWith('head: ')))
    }
    await target.store.delete(['head.c'])
    await assert.rejects(readTargetStoreId(target), /holds something else than a backup/)
    const locked = newTarget()
    await locked.target.store.put('lock-1-000000001.c', bodyOf(Buffer.from('{}')))
    assert.equal(await readTargetStoreId(locked.target), null)
    await claimTarget(locked.target, {
      storeId: 's',
      blobs: new MemoryBlobStore(),
      lock: { prefix: 'lock-2' },
    })
    assert.equal(await readTargetStoreId(locked.target), 's')
    assert.ok((await listIds(raw, '')).length > 0)
  })

  it('leaves no lock, whether it succeeds or fails, and is taken of a store that takes no writes', async () => {
    const { world, raw, backUp, target } = await newWorld()
    await world.put('k', LONG)
    const locks = () => listIds(raw, 'lock-')
    await backUp()
    assert.deepEqual(await locks(), [])
    await assert.rejects(backUp({ storeId: 'another' }))
    assert.deepEqual(await locks(), [])
    await assert.rejects(
      backUp({ signal: AbortSignal.abort(new Error('the server stops')) }),
      /the server stops/,
    )
    assert.deepEqual(await locks(), [])
    const reading = world.otherProcess()
    reading.blobLedger.open = async () => {
      throw new StoreReadOnly('the disk is full')
    }
    assert.equal((await backUp({ source: reading })).state.damageCount, 0)
    reading.blobLedger.open = async () => {
      throw new Error('a fault')
    }
    await assert.rejects(backUp({ source: reading }), /a fault/)
    assert.equal((await listStates(target.store)).states.length, 2)
  })

  it('holds blobs where they are until they were copied, and lets go of them at its end', async () => {
    const { world, target, backUp } = await newWorld()
    for (let index = 0; index < 5; index++) await world.put(`key ${index}`, `${LONG} ${index}`)
    const ledger = await world.context.blobLedger.open()
    const holdWhere = ledger.holdWhere.bind(ledger)
    const seen: boolean[] = []
    let isHeld: (id: string) => boolean = () => false
    let isReleased = false
    ledger.holdWhere = async (where) => {
      isHeld = where
      const release = await holdWhere(where)
      return () => {
        isReleased = true
        release()
      }
    }
    const put = target.store.put.bind(target.store)
    target.store.put = async (...given) => {
      if (/^[0-9a-f]/.test(given[0])) seen.push(isHeld(given[0]))
      return await put(...given)
    }
    await backUp()
    assert.deepEqual(seen, [true, true, true, true, true])
    assert.deepEqual([isHeld('0'), isReleased], [false, true])
  })

  it('is of a moment later than that of the state before, also where the clock was set back', async () => {
    assert.equal(momentAfter(null, 5), 5)
    assert.equal(momentAfter({ at: 3 }, 5), 5)
    assert.equal(momentAfter({ at: 5 }, 5), 6)
    assert.equal(momentAfter({ at: 9 }, 5), 10)
    const { world, backUp } = await newWorld()
    const { state: first } = await backUp()
    world.clock.advance(-DAY_MS)
    assert.equal((await backUp()).state.at, first.at + 1)
  })
})

describe('what is removed from a target', () => {
  async function filled() {
    const { raw, target } = newTarget()
    const { store } = target
    const runOf = async (...blobs: string[]): Promise<RunInfo> => {
      const run = await writeRun(
        store,
        (async function* () {
          for (const id of blobs) yield { key: blobReferenceKey(id), version: 1, value: Buffer.alloc(0) }
          yield { key: Buffer.from('Z'), version: 1, value: Buffer.from('value') }
        })(),
      )
      assert.ok(run)
      return run
    }
    const stateOf = (id: string, at: number, ...runs: RunInfo[]): BackupState => ({
      ...{ format: 1, id, storeId: 's', at, finishedAt: at, runs, records: 1, blobs: 1 },
      ...{ added: { records: 0, blobs: 0, bytes: 0 }, damage: [], damageCount: 0 },
    })
    for (const id of ['0a.c', '0b.c', '0c.c']) await store.put(id, bodyOf(Buffer.from(id)))
    const [old, kept, cut] = [await runOf('0a.c'), await runOf('0b.c'), await runOf('0c.c')]
    const states = [stateOf('state-1.c', 1, old), stateOf('state-2.c', 2, old, kept)]
    for (const { id } of states) await store.put(id, bodyOf(Buffer.from('a state')))
    const held = { count: 0 }
    const clean = (more: Partial<Parameters<typeof cleanTarget>[1]> = {}) =>
      cleanTarget(store, {
        ...{ states, retention: null, nowMs: 2, hasUnreadable: false, assertHeld: () => void held.count++ },
        ...more,
      })
    return { raw, store, runOf, stateOf, states, old, kept, cut, clean, held }
  }

  it('is what no state needs: runs that were cut off, and blobs that nothing names', async () => {
    const { store, cut, clean, held } = await filled()
    const { states, runs, blobs, bytes } = await clean()
    assert.deepEqual([states, runs, blobs], [0, 1, 1])
    assert.ok(bytes > 3)
    assert.ok(held.count >= 3)
    assert.deepEqual(await listIds(store, `run-${cut.id}`), [])
    assert.deepEqual(await listIds(store, '0'), ['0a.c', '0b.c'])
    assert.deepEqual(await clean(), { states: 0, runs: 0, blobs: 0, bytes: 0 })
  })

  it('is nothing but states where one cannot be read, and no blob where those are to stay', async () => {
    const unreadable = await filled()
    const retention = parseRetention('1')
    assert.ok(retention)
    assert.deepEqual(await unreadable.clean({ hasUnreadable: true, retention }), {
      states: 1,
      runs: 0,
      blobs: 0,
      bytes: 0,
    })
    assert.deepEqual(await listIds(unreadable.store, 'state-'), ['state-2.c'])
    assert.equal((await listIds(unreadable.store, 'run-')).length, 6)
    const keeping = await filled()
    const done = await keeping.clean({ keepsBlobs: true })
    assert.deepEqual([done.runs, done.blobs], [1, 0])
    assert.deepEqual(await listIds(keeping.store, '0'), ['0a.c', '0b.c', '0c.c'])
  })

  it('is nothing once the lock is lost', async () => {
    const { store, clean } = await filled()
    const assertHeld = (): never => {
      throw new Error('the lock is lost')
    }
    await assert.rejects(clean({ assertHeld, retention: [] }), /the lock is lost/)
    assert.equal((await listIds(store, '')).length, 3 + 6 + 2)
  })

  it('is no blob that any of very many runs names, in whatever order they are', async () => {
    const { store, runOf } = await filled()
    const runs: RunInfo[] = []
    const ids = Array.from({ length: 40 }, (_, index) => `1${String(index).padStart(3, '0')}.c`)
    for (const [index, id] of ids.entries())
      runs.push(await runOf(...(index % 2 === 0 ? [id] : ['0a.c', id])))
    const named: string[] = []
    for await (const id of namedBlobs(store, runs)) named.push(id)
    assert.deepEqual(named, ['0a.c', ...ids])
    const referenced: string[] = []
    for await (const id of referencedBlobs({ store }, runs.slice(0, 3))) referenced.push(id)
    assert.deepEqual(referenced, ['0a.c', ...ids.slice(0, 3)])
  })
})

describe('what is wrong with a target', () => {
  it('is told by kind: runs with those who need them, blobs that changed or are missing, a head that is not there', async () => {
    const { world, target, raw, backUp } = await newWorld()
    await world.put('one', LONG)
    await world.put('two', `${LONG}!`)
    await backUp()
    await world.put('three', `${LONG}?`)
    const { state } = await backUp()
    const told: string[] = []
    assert.deepEqual(
      (await verifyTarget(target, (phase, done) => told.push(`${phase} ${done}`))).problems,
      [],
    )
    assert.ok(told.includes('runs 1') && told.includes('blobs 3'))
    const [first, second] = (await listIds(raw, '')).filter((id) => /^[0-9a-f]/.test(id))
    await raw.put(first ?? '', bodyOf(Buffer.from('other bytes')))
    await raw.delete([second ?? ''])
    const { keys } = runBlobIds(state.runs[0]?.id ?? '')
    await raw.put(keys, bodyOf(Buffer.from('no run')))
    await raw.delete(['head.c'])
    const { problems, problemCount, states, runs } = await verifyTarget(target)
    assert.deepEqual([states, runs, problemCount], [2, state.runs.length, problems.length])
    for (const message of [
      /^head: the place holds something else/,
      new RegExp(`^run ${state.runs[0]?.id}, of 2 state\\(s\\) from 2030-01-01T00:00:00\\.000Z on: `),
      new RegExp(`^blob ${first}: `),
    ])
      assert.ok(
        problems.some((problem) => message.test(problem)),
        `${message}: ${problems.join('; ')}`,
      )
  })

  it('is no blob that the store could not give when the state was taken', async () => {
    const { world, engines, target, raw, backUp } = await newWorld()
    await world.put('one', LONG)
    const [blob] = await engines.rawBlobs.list({ limit: 1 })
    await engines.rawBlobs.delete([blob?.id ?? ''])
    const { state } = await backUp()
    assert.deepEqual([state.damageCount, state.damage[0]?.kind], [1, 'blob'])
    assert.deepEqual((await verifyTarget(target)).problems, [])
    await world.put('two', `${LONG}!`)
    await backUp()
    const stored = (await listIds(raw, '')).filter((id) => /^[0-9a-f]/.test(id))
    await raw.delete(stored)
    assert.deepEqual((await verifyTarget(target)).problems, [`blob ${stored[0]} is missing`])
  })

  it('is that it is empty', async () => {
    const { target } = newTarget()
    assert.deepEqual(await verifyTarget(target), {
      ...{ states: 0, runs: 0, blobs: 0, bytes: 0, problemCount: 1 },
      problems: ['there is nothing that says which store this is of'],
    })
  })
})

describe('the lock on a target', () => {
  it('is taken by one process at a time, and from one that is gone', async () => {
    const { target, raw } = newTarget()
    const lock = await TargetLock.take(target)
    const [id = ''] = await listIds(raw, '')
    assert.ok(id.startsWith(lock.prefix))
    await assert.rejects(
      TargetLock.take(target),
      (error) =>
        error instanceof TargetTaken && /another backup is being written to the place/.test(error.message),
    )
    assert.deepEqual(await listIds(raw, ''), [id])
    await lock.release()
    assert.deepEqual(await listIds(raw, ''), [])
    const gone = { ...ownProcess(), startedAt: 'another time' }
    for (const count of [1, 2])
      await target.store.put(`lock-dead-00000000${count}.c`, bodyOf(Buffer.from(JSON.stringify(gone))))
    const next = await TargetLock.take(target)
    assert.ok((await listIds(raw, '')).every((each) => each.startsWith(next.prefix)))
    await next.release()
  })

  it('has one blob at a time, a newer one with each sign of life', async () => {
    const { target, raw } = newTarget()
    const uptime = new ManualClock(0)
    const lock = await TargetLock.take(target, () => uptime.now())
    const names: string[] = []
    for (let beat = 0; beat < 3; beat++) {
      const ids = await listIds(raw, '')
      assert.equal(ids.length, 1)
      names.push(ids[0] ?? '')
      uptime.advance(14_000)
      lock.assertHeld()
      await lock.beat()
    }
    assert.deepEqual([...new Set(names)].sort(), names)
    uptime.advance(15_000)
    assert.throws(() => lock.assertHeld(), /could not be kept/)
    await lock.release()
    assert.deepEqual(await listIds(raw, ''), [])
  })
})
