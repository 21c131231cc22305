import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newBackupWorld, newTargetInMemory } from '../../../test/backup/target-in-memory.ts'
import { recordsOf } from '../../../test/backup/backup-world.ts'
import { storeKey, writerLeaseKey } from '../../service/keyspace.ts'
import { StoreReadOnly } from '../../storage/metadata-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { listStates, type BackupState } from './backup-state.ts'
import { parseRetention, type Retention } from './retention.ts'
import { momentAfter } from './state-taker.ts'
import { claimTarget, readTargetStoreId } from './target.ts'
import { verifyTarget } from './verify-target.ts'

const LONG = 'bytes that make a blob of their own'
const DAY_MS = 24 * 3_600_000

describe('a backup', () => {
  it('writes what is new and no more, and each state gives the records of its moment', async () => {
    const { world, target, backUp, restored, remove, progress } = await newBackupWorld()
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
    const { world, backUp, restored } = await newBackupWorld()
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
    const { engines, backUp } = await newBackupWorld()
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
    const { world, target, raw, backUp, remove, restored } = await newBackupWorld()
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
    const { target, raw, storeId, backUp } = await newBackupWorld()
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
    const locked = newTargetInMemory()
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
    const { world, raw, backUp, target } = await newBackupWorld()
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
    const { world, target, backUp } = await newBackupWorld()
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
    const { world, backUp } = await newBackupWorld()
    const { state: first } = await backUp()
    world.clock.advance(-DAY_MS)
    assert.equal((await backUp()).state.at, first.at + 1)
  })
})
