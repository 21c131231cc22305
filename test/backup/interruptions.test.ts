import assert from 'node:assert/strict'
import { it } from 'node:test'
import { listStates, type BackupState } from '../../src/server/backup/backup-state.ts'
import { LOCK_PREFIX, RUN_PREFIX } from '../../src/server/backup/names.ts'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import { allBlobIds } from '../../src/server/backup/target-content.ts'
import type { BackupTarget } from '../../src/server/backup/target.ts'
import { verifyTarget } from '../../src/server/backup/verify-target.ts'
import { readStoreIdentity } from '../../src/server/store/store-identity.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { ObjectWorld } from '../objects/object-world.ts'
import { identify, newEngines, recordsOf } from './backup-world.ts'

const STEPS_MAX = 400

/** As the store, until so many calls were made: then the process is gone, before or after the effect of the last one. */
function dying<S extends object>(store: S, calls: { left: number }): S {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        if (calls.left-- <= 0) throw new Error('the process is gone')
        const result: unknown = await Reflect.apply(member, target, given)
        if (calls.left <= 0) throw new Error('the process is gone')
        return result
      }
    },
  })
}

async function newWorld() {
  const world = await ObjectWorld.make({ versioning: 'Enabled' }, newEngines())
  const storeId = await identify(world.context)
  for (let index = 0; index < 6; index++) await world.put(`key ${index}`, 'x'.repeat(index * 8))
  const target: BackupTarget = { store: new CheckedBlobStore(new MemoryBlobStore()), shown: 'the test' }
  const backUp = async (to = target) =>
    await takeBackup({
      storeId,
      source: world.context,
      target: to,
      clock: world.clock,
      retention: [{ type: 'newest', count: 2 }],
    })
  return { world, target, backUp }
}

/** What the process left that is gone: nobody has its lock. */
async function buryProcess({ store }: BackupTarget): Promise<void> {
  for await (const { id } of allBlobIds(store, LOCK_PREFIX)) await store.delete([id])
}

async function restored(target: BackupTarget, state: BackupState): Promise<string> {
  const to = newEngines()
  assert.equal((await restoreStore({ target, state, to, onlyMetadata: false })).missingCount, 0)
  return await recordsOf(to.metadata)
}

it('a backup that ends after any of its steps leaves the states before it whole, and nothing that the next one does not use or remove', async () => {
  const { world, target, backUp } = await newWorld()
  let last = (await backUp()).state
  let records = await restored(target, last)
  let steps = 0
  for (let isWhole = false; !isWhole && steps < STEPS_MAX; steps++) {
    await world.put(`key ${steps % 6}`, `text of step ${steps}, long enough for a blob`)
    if (steps % 3 === 0)
      await deleteObject(world.context, world.admission, { objectKey: `key ${(steps + 1) % 6}` })
    const cut = { ...target, store: dying(target.store, { left: steps }) }
    isWhole = await backUp(cut).then(
      () => true,
      () => false,
    )
    await buryProcess(target)
    const { states, unreadable } = await listStates(target.store)
    assert.deepEqual(unreadable, [])
    const before = states.find(({ id }) => id === last.id)
    assert.ok(before, `after ${steps} steps the state before is there`)
    assert.equal(await restored(target, before), records)
    assert.deepEqual((await verifyTarget(target)).problems, [])

    last = (await backUp()).state
    records = await restored(target, last)
    const report = await verifyTarget(target)
    assert.deepEqual(report.problems, [])
    const needed = new Set(
      (await listStates(target.store)).states.flatMap(({ runs }) => runs.map(({ id }) => id)),
    )
    assert.equal(report.runs, needed.size)
    const runBlobs = await target.store.list({ prefix: RUN_PREFIX, limit: 1_000 })
    assert.equal(runBlobs.length, 2 * needed.size)
  }
  assert.ok(steps > 10 && steps < STEPS_MAX, `${steps} steps`)
})

it('a restore that ends after any of its steps makes no store, and is finished by the next one', async () => {
  const { target, backUp } = await newWorld()
  const { state } = await backUp()
  const whole = await restored(target, state)
  let steps = 0
  for (let isWhole = false; !isWhole && steps < STEPS_MAX; steps++) {
    const to = newEngines()
    const calls = { left: steps }
    const cut = { metadata: dying(to.metadata, calls), blobs: dying(to.blobs, calls) }
    isWhole = await restoreStore({ target, state, to: cut, onlyMetadata: false }).then(
      () => true,
      () => false,
    )
    const isStore = (await readStoreIdentity(to.metadata)) !== null
    if (isStore) assert.equal(await recordsOf(to.metadata), whole)
    else {
      assert.equal((await restoreStore({ target, state, to, onlyMetadata: false })).missingCount, 0)
      assert.equal(await recordsOf(to.metadata), whole)
    }
  }
  assert.ok(steps > 10 && steps < STEPS_MAX, `${steps} steps`)
})
