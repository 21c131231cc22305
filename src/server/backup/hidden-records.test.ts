import assert from 'node:assert/strict'
import { it } from 'node:test'
import { restoreStore } from './restore-store.ts'
import { takeBackup } from './take-backup.ts'
import type { BackupTarget } from './target.ts'
import { usageRange, writerLeasesRange } from '../../service/keyspace.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { CheckedBlobStore } from '../../storage/wrap/checked-blob-store.ts'
import { pastHiddenPage } from '../../../test/hidden-page.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines, recordsOf } from '../../../test/backup/backup-world.ts'

it('a backup keeps what an unreadable page hides, as the state before has it, also where the page begins behind a record that no backup has', async () => {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  const { context } = world
  const storeId = await identify(context)
  for (let at = 0; at < 5; at++) await world.put(`key ${at}`, `a blob for ${at}, of more bytes`)
  const target: BackupTarget = { store: new CheckedBlobStore(new MemoryBlobStore()), shown: 'the test' }
  const backUp = () => takeBackup({ storeId, source: context, target, clock: world.clock, retention: null })
  const { state: whole } = await backUp()
  const records = await recordsOf(context.metadata)

  const hidden = usageRange(world.admission.bucket.record.bucketId)
  const [lease] = await context.metadata.scan({ ...writerLeasesRange(), limit: 1 })
  const [usage] = await context.metadata.scan({ ...hidden, limit: 1 })
  assert.ok(lease && usage)
  const between = { start: writerLeasesRange().start, end: hidden.start, limit: 9 }
  assert.deepEqual((await context.metadata.scan(between)).at(-1)?.key, lease.key)
  const snapshot = engines.metadata.snapshot.bind(engines.metadata)
  engines.metadata.snapshot = async () => {
    const of = await snapshot()
    return { scan: pastHiddenPage((range) => of.scan(range), hidden), close: () => of.close() }
  }

  const { state } = await backUp()
  assert.equal(state.damageCount, 1)
  assert.equal(state.records, whole.records)
  const to = newEngines()
  await restoreStore({ target, state, to, onlyMetadata: false })
  assert.equal(await recordsOf(to.metadata), records)
})
