import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { listStates } from '../backup/backup-state.ts'
import { findInRuns } from '../backup/merge-runs.ts'
import { parseRetention } from '../backup/retention.ts'
import { restoreStore } from '../backup/restore-store.ts'
import { openTarget } from '../backup/target.ts'
import { verifyTarget } from '../backup/verify-target.ts'
import { Mirror } from './mirror.ts'
import { HealingMetadataStore } from './healing-metadata-store.ts'
import { MIRROR_MARK_KEY } from './mirror-mark.ts'
import { dropNotes, limitNotes } from './note-limit.ts'
import { openSecondCopy } from './open-second-copy.ts'
import { ALL_KEYS } from '../store/store-content.ts'
import { deleteObject } from '../../service/objects/delete-object.ts'
import { changeLogKey, changeLogRange, currentVersionKey, retirementKey } from '../../service/keyspace.ts'
import { DamagedBlob, type BlobStore } from '../../storage/blob-store.ts'
import { DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines, recordsOf } from '../../../test/backup/backup-world.ts'

const LONG = 'the bytes of a blob '.repeat(20_000)
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A store with a mirror in a folder. */
async function newWorld() {
  const to = mkdtempSync(join(tmpdir(), 'lugsail-mirror-'))
  folders.push(to)
  const engines = newEngines()
  const healed: string[] = []
  const second = await openSecondCopy({
    metadata: engines.metadata,
    blobs: engines.blobs,
    mirror: to,
    isServer: true,
    asksAgain: false,
    clock: new ManualClock(),
    onHealed: (kind) => healed.push(kind),
  })
  const world = await ObjectWorld.make({}, second)
  await identify(world.context)
  const openMirror = () =>
    Mirror.open({
      context: world.context,
      to,
      retention: parseRetention('all:1h') ?? [],
      onDamage: (what) => assert.fail(what),
    })
  const row = (name: string) => currentVersionKey(world.admission.bucket.record.bucketId, name)
  const damageRecord = (name: string): void => engines.rawMetadata.spoil(row(name))
  const blobIds = async () => (await engines.rawBlobs.list({ limit: 10 })).map(({ id }) => id)
  const waiting = async () => (await engines.metadata.scan({ ...changeLogRange(), limit: 1_000 })).length
  return { to, engines, second, world, healed, openMirror, damageRecord, blobIds, waiting }
}

describe('a mirror', () => {
  it('has after each round what the store has, and the store forgets what it noted for it', async () => {
    const { to, world, openMirror, waiting } = await newWorld()
    const mirror = await openMirror()
    for (let round = 0; round < 40; round++) {
      await world.put(`key ${round % 7}`, `${round} `.repeat(1 + (round % 20)))
      if (round % 5 === 4)
        await deleteObject(world.context, world.admission, { objectKey: `key ${round % 3}` })
      assert.ok((await waiting()) > 0)
      const done = await mirror.round()
      assert.equal(done.isWhole, round === 0)
      assert.equal(await waiting(), 0)
      world.clock.advance(1_000)
    }
    assert.deepEqual(await mirror.round(), { records: 0, blobs: 0, isWhole: false })
    const records = await recordsOf(world.context.metadata)
    await mirror.close()
    const target = await openTarget('FROM', to, { isMade: false })
    const { states } = await listStates(target.store)
    assert.equal(states.length, 40)
    assert.deepEqual((await verifyTarget(target)).problems, [])
    const restored = newEngines()
    const state = states.at(-1)
    assert.ok(state)
    await restoreStore({ target, state, to: restored, onlyMetadata: false })
    assert.equal(await recordsOf(restored.metadata), records)
    await target.store.close()
  })

  it('takes over what was written while nobody kept it near, and by who noted nothing', async () => {
    const { to, engines, world, openMirror } = await newWorld()
    await world.put('before', LONG)
    const first = await openMirror()
    await first.round()
    await first.close()
    await world.put('between', LONG)
    const unnoted = Buffer.from('A unnoted')
    await engines.metadata.commit({ sets: [{ key: unnoted, value: Buffer.from('value') }] })
    const next = await openMirror()
    assert.equal((await next.round()).isWhole, true)
    await next.close()
    const target = await openTarget('FROM', to, { isMade: false })
    const state = (await listStates(target.store)).states.at(-1)
    assert.ok(state)
    const restored = newEngines()
    assert.equal((await restoreStore({ target, state, to: restored, onlyMetadata: false })).missingCount, 0)
    assert.equal(await recordsOf(restored.metadata), await recordsOf(world.context.metadata))
    await target.store.close()
  })

  it('has keys that are to retire, leaves them to the store, and compares everything for a note that says nothing', async () => {
    const { to, engines, world, openMirror, waiting } = await newWorld()
    const mirror = await openMirror()
    await mirror.round()
    const row = { key: retirementKey('AKIA'), value: Buffer.alloc(0) }
    await world.context.metadata.commit({ sets: [row] })
    assert.equal((await mirror.round()).isWhole, false)
    assert.equal((await engines.metadata.getMany([row.key])).filter(Boolean).length, 1)
    assert.ok((await recordsOf(world.context.metadata)).includes(row.key.toString('hex')))
    const target = await openTarget('FROM', to, { isMade: false })
    const state = (await listStates(target.store)).states.at(-1)
    assert.ok(state && (await findInRuns(target.store, state.runs, row.key)))
    await target.store.close()
    await engines.metadata.commit({ sets: [{ key: changeLogKey('writer', 0), value: Buffer.alloc(3) }] })
    assert.equal((await mirror.round()).isWhole, true)
    assert.equal(await waiting(), 0)
    assert.equal((await mirror.round()).isWhole, false)
    await mirror.close()
  })

  it('compares everything when too much waits for it, when others kept another mirror, and leaves that to a later start at the stop', async () => {
    const { engines, world, openMirror, waiting } = await newWorld()
    const { metadata } = world.context
    const mirror = await openMirror()
    assert.deepEqual(await mirror.round(undefined, true), { records: 0, blobs: 0, isWhole: false })
    await mirror.round()
    for (let count = 0; count < 8; count++) await world.put(`key ${count}`, 'text')
    const notes = await waiting()
    assert.ok(notes >= 8)
    assert.equal(await limitNotes(metadata, notes), 0)
    assert.equal(await waiting(), notes)
    assert.equal(await limitNotes(metadata, notes - 1), notes)
    assert.equal(await waiting(), 0)
    await world.put('key 9', 'text')
    const { isWhole, reason, records } = await mirror.round()
    assert.deepEqual([isWhole, reason], [true, 'notes'])
    assert.ok(records >= 9)
    assert.equal((await mirror.round()).isWhole, false)

    await world.put('noted elsewhere', 'text')
    await dropNotes(metadata)
    await engines.metadata.commit({ deletes: [MIRROR_MARK_KEY] })
    world.clock.advance(11 * 60_000)
    assert.equal((await mirror.round()).reason, 'others')
    assert.equal((await mirror.round()).isWhole, false)
    await mirror.close()
  })

  it('does not take a comparison for whole that notes were dropped in', async () => {
    const { world, openMirror } = await newWorld()
    const mirror = await openMirror()
    await mirror.round()
    await dropNotes(world.context.metadata)
    const { metadata } = world.context
    const snapshot = metadata.snapshot.bind(metadata)
    let snapshots = 0
    metadata.snapshot = async () => {
      const taken = await snapshot()
      // The second one is that of the comparison.
      if (++snapshots === 2) {
        await world.put('behind the snapshot', 'text')
        await dropNotes(metadata)
      }
      return taken
    }
    assert.equal((await mirror.round()).reason, 'notes')
    assert.equal((await mirror.round()).reason, 'notes')
    assert.equal((await mirror.round()).isWhole, false)
    await mirror.close()
  })

  it('removes runs that failed rounds left, and keeps the blobs that they wrote', async () => {
    const { to, engines, world, openMirror } = await newWorld()
    await world.put('object', LONG)
    for (let round = 0; round < 3; round++) {
      const failing = await openMirror()
      const get = engines.rawMetadata.commit.bind(engines.rawMetadata)
      engines.rawMetadata.commit = () => Promise.reject(new Error('the store does not answer'))
      await assert.rejects(failing.round())
      engines.rawMetadata.commit = get
      await failing.close()
    }
    const target = await openTarget('FROM', to, { isMade: false })
    const states = (await listStates(target.store)).states
    const runs = new Set(states.flatMap((state) => state.runs.map(({ id }) => id)))
    await target.store.put('run-00-k.c', bodyOf(Buffer.from('left behind')))
    await target.store.put('run-00-v.c', bodyOf(Buffer.from('left behind')))
    await target.store.put('0-cut-off.c', bodyOf(Buffer.from('used by the next round')))
    const mirror = await openMirror()
    const snapshot = world.context.metadata.snapshot.bind(world.context.metadata)
    world.context.metadata.snapshot = () => Promise.reject(new Error('the store does not answer'))
    await assert.rejects(mirror.round(), /does not answer/)
    world.context.metadata.snapshot = snapshot
    const left = (await target.store.list({ prefix: 'run-', limit: 100 })).map(({ id }) => id)
    assert.ok(
      left.every((id) => runs.has(id.slice(4, -4))),
      left.join(' '),
    )
    assert.equal((await target.store.list({ prefix: '0-cut', limit: 1 })).length, 1)
    await mirror.round()
    assert.equal((await target.store.list({ prefix: '0-cut', limit: 1 })).length, 0)
    await mirror.close()
    await target.store.close()
  })

  it('leaves a place without a store empty, so that one may be restored there', async () => {
    const { to } = await newWorld()
    const empty = newEngines()
    const parts = { ...empty, mirror: to, isServer: true, asksAgain: false, clock: new ManualClock() }
    await openSecondCopy({ ...parts, onHealed: () => undefined })
    assert.deepEqual(await empty.metadata.scan({ ...ALL_KEYS, limit: 1 }), [])
  })

  it('gives a damaged, a shortened and a lost blob, whole and in ranges, and puts it back', async () => {
    const { engines, second, world, healed, openMirror, blobIds } = await newWorld()
    await world.put('object', LONG)
    const mirror = await openMirror()
    await mirror.round()
    const [id = ''] = await blobIds()
    const stored = await read(engines.rawBlobs, id)
    const flipped = Buffer.from(stored)
    flipped[200_000] = (flipped[200_000] ?? 0) ^ 1
    for (const damaged of [flipped, stored.subarray(0, 150_000), stored.subarray(0, 3), null]) {
      await engines.rawBlobs.delete([id])
      if (damaged) await engines.rawBlobs.put(id, bodyOf(damaged))
      assert.equal(await world.get('object'), LONG)
      assert.equal((await read(second.blobs, id, { start: 199_990, end: 200_010 })).length, 21)
      while (!(await read(engines.rawBlobs, id).catch(() => Buffer.alloc(0))).equals(stored))
        await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(healed.length, 4)
    await mirror.close()
    await second.close()
  })

  it('gives a damaged record when it has the very state that is damaged, and writes it back', async () => {
    const { second, world, healed, openMirror, damageRecord } = await newWorld()
    await world.put('object', 'one')
    const mirror = await openMirror()
    await mirror.round()
    await world.put('object', 'two')
    await mirror.round()
    damageRecord('object')
    assert.equal(await world.get('object'), 'two')
    assert.deepEqual(healed, ['record'])
    assert.equal(await world.get('object'), 'two')
    assert.equal(healed.length, 1)
    await mirror.close()
    await second.close()
  })

  it('is asked once for a record that many read, and not at once again for one that it does not have', async () => {
    const engines = newEngines()
    const key = Buffer.from('C record')
    let asked = 0
    let mirrored: Entry | null = null
    const store = new HealingMetadataStore(engines.metadata, {
      findInMirror: async () => (asked++, mirrored),
      onHealed: () => undefined,
    })
    const set = async (): Promise<Entry> => {
      await store.commit({ sets: [{ key, value: Buffer.from('value') }] })
      const [entry] = await store.getMany([key])
      assert.ok(entry)
      engines.rawMetadata.spoil(key)
      return entry
    }
    mirrored = await set()
    const reads = await Promise.all(Array.from({ length: 20 }, () => store.getMany([key])))
    assert.ok(reads.every(([entry]) => entry?.value.toString() === 'value'))
    assert.equal(asked, 1)
    mirrored = null
    await set()
    for (let round = 0; round < 20; round++) await assert.rejects(store.getMany([key]), DamagedRecord)
    assert.equal(asked, 2)
    mirrored = await set()
    assert.equal((await store.getMany([key]))[0]?.value.toString(), 'value')
  })

  it('never gives an older record, nor a damaged copy', async () => {
    const { to, second, world, healed, openMirror, damageRecord, engines, blobIds } = await newWorld()
    await world.put('object', 'one')
    await world.put('large', LONG)
    const mirror = await openMirror()
    await mirror.round()
    await mirror.close()
    await world.put('object', 'two')
    damageRecord('object')
    await assert.rejects(
      second.metadata.scan({ start: Buffer.from('C'), end: Buffer.from('D'), limit: 9 }),
      DamagedRecord,
    )
    const [id = ''] = await blobIds()
    const place = await openTarget('FROM', to, { isMade: false })
    await place.store.delete([id])
    await place.store.put(id, bodyOf(Buffer.from('other')))
    await engines.rawBlobs.put(id, bodyOf(Buffer.from('damaged')))
    await assert.rejects(read(second.blobs, id), (error) => error instanceof DamagedBlob)
    assert.deepEqual(healed, [])
    await place.store.close()
    await second.close()
  })
})

describe('a store without a mirror', () => {
  it('notes nothing, and a server that has none any more forgets what was noted', async () => {
    const { engines, world, waiting, openMirror } = await newWorld()
    await (await openMirror()).close()
    await world.put('object', 'one')
    assert.ok((await waiting()) > 0)
    const parts = {
      ...engines,
      mirror: null,
      asksAgain: false,
      clock: new ManualClock(),
      onHealed: () => undefined,
    }
    const command = await openSecondCopy({ ...parts, isServer: false })
    const before = await waiting()
    await command.metadata.commit({ sets: [{ key: Buffer.from('A'), value: Buffer.from('1') }] })
    assert.equal(await waiting(), before + 1, 'a command notes while a server has a mirror')
    const server = await openSecondCopy({ ...parts, isServer: true })
    assert.equal(await waiting(), 0)
    await server.metadata.commit({ sets: [{ key: Buffer.from('A'), value: Buffer.from('2') }] })
    assert.equal(await waiting(), 0)
    assert.equal(server.blobs, engines.blobs)
  })
})

async function read(
  store: Pick<BlobStore, 'get'>,
  id: string,
  range?: { start: number; end: number },
): Promise<Buffer> {
  const pieces: Buffer[] = []
  const stream: AsyncIterable<Uint8Array> = await store.get(id, range)
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}
