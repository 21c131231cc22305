import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { restoreStore } from './restore-store.ts'
import { takeBackup } from './take-backup.ts'
import type { BackupTarget } from './target.ts'
import { verifyTarget } from './verify-target.ts'
import { currentVersionKey } from '../../service/keyspace.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { CheckedBlobStore } from '../../storage/wrap/checked-blob-store.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines, recordsOf } from '../../../test/backup/backup-world.ts'

async function newWorld() {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  const storeId = await identify(world.context)
  for (let index = 0; index < 40; index++)
    await world.put(
      `key ${String(index).padStart(2, '0')}`,
      index % 4 === 0 ? `a blob for ${index}, of more bytes` : `small ${index}`,
    )
  const target: BackupTarget = { store: new CheckedBlobStore(new MemoryBlobStore()), shown: 'the test' }
  const backUp = () =>
    takeBackup({ storeId, source: world.context, target, clock: world.clock, retention: null })
  const row = (name: string) => currentVersionKey(world.admission.bucket.record.bucketId, name)
  const damageRecord = (name: string): void => engines.rawMetadata.spoil(row(name))
  const damageBlobs = async (): Promise<number> => {
    const blobs = await engines.rawBlobs.list({ limit: 100 })
    for (const { id } of blobs) await engines.rawBlobs.put(id, bodyOf(Buffer.from('other bytes')))
    return blobs.length
  }
  return { world, target, backUp, damageRecord, damageBlobs }
}

describe('a backup of a damaged store', () => {
  it('tells which records are damaged, keeps them as the state before has them, and goes on', async () => {
    const { world, target, backUp, damageRecord } = await newWorld()
    await backUp()
    const records = await recordsOf(world.context.metadata)
    for (const name of ['key 01', 'key 17', 'key 18', 'key 39']) damageRecord(name)
    for (const round of [1, 2]) {
      const { state } = await backUp()
      assert.equal(state.damageCount, 4, `backup ${round}`)
      assert.match(state.damage[1]?.name ?? '', /key 17$/)
      const to = newEngines()
      await restoreStore({ target, state, to, onlyMetadata: false })
      assert.equal(await recordsOf(to.metadata), records)
    }
    assert.deepEqual((await verifyTarget(target)).problems, [])
  })

  it('leaves out damaged records that no state has, and tells of them', async () => {
    const { target, backUp, damageRecord } = await newWorld()
    damageRecord('key 17')
    const { state } = await backUp()
    assert.equal(state.damageCount, 1)
    const to = newEngines()
    const { records } = await restoreStore({ target, state, to, onlyMetadata: false })
    assert.equal(records, state.records)
  })

  it('tells which blobs are damaged, and a restore says that they are missing', async () => {
    const { target, backUp, damageBlobs } = await newWorld()
    const count = await damageBlobs()
    const { state } = await backUp()
    assert.deepEqual([state.damageCount, state.added.blobs], [count, 0])
    assert.deepEqual((await verifyTarget(target)).problems, [])
    const report = await restoreStore({ target, state, to: newEngines(), onlyMetadata: false })
    assert.equal(report.missingCount, count)
  })

  it('has the blobs that it copied before they were damaged', async () => {
    const { target, backUp, damageBlobs } = await newWorld()
    await backUp()
    await damageBlobs()
    const { state } = await backUp()
    assert.equal(state.damageCount, 0)
    const report = await restoreStore({ target, state, to: newEngines(), onlyMetadata: false })
    assert.equal(report.missingCount, 0)
  })
})
