import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it } from 'node:test'
import { listStates } from '../../src/server/backup/backup-state.ts'
import { parseRetention } from '../../src/server/backup/retention.ts'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import { verifyTarget } from '../../src/server/backup/verify-target.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { interleaving, ObjectWorld, seededRandom, testSeed } from '../objects/object-world.ts'
import { identify, newEngines, newTarget, recordsOf } from './backup-world.ts'

const ROUNDS = 8
const KEYS = 12
/** Of each of three writers, in each round. */
const WRITES = 20

/** Stands for all records, but for the identity, which a restore writes anew. */
async function digestOf(metadata: Pick<MetadataStore, 'scan'>): Promise<string> {
  const records = (await recordsOf(metadata)).replace(/^4d6964656e74697479 .*\n?/m, '')
  return createHash('sha256').update(records).digest('hex')
}

it('a state is what the store was at one instant while it was backed up, whatever is written meanwhile', async (t) => {
  const seed = testSeed()
  t.diagnostic(`seed ${seed}`)
  const random = seededRandom(seed)
  const { metadata, blobs } = newEngines()
  /** What the records were after each commit. */
  const history: string[] = []
  const remembering: MetadataStore = {
    getMany: (keys) => metadata.getMany(keys),
    scan: (range) => metadata.scan(range),
    scanDelimited: (range) => metadata.scanDelimited(range),
    snapshot: () => metadata.snapshot(),
    close: () => metadata.close(),
    commit: async (change) => {
      const outcome = await metadata.commit(change)
      const snapshot = await metadata.snapshot()
      history.push(await digestOf(snapshot))
      return outcome
    },
  }
  const source = interleaving(remembering, random)
  const world = await ObjectWorld.make({ versioning: 'Enabled' }, { metadata: source, blobs })
  const storeId = await identify(world.context)
  const { target, dispose } = await newTarget()
  const write = async (): Promise<void> => {
    const key = `key ${Math.floor(random() * KEYS)}`
    if (random() < 0.3) await deleteObject(world.context, world.admission, { objectKey: key })
    else await world.put(key, 'x'.repeat(Math.floor(random() * 40)))
  }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const firstPossible = history.length - 1
      const writers = [0, 1, 2].map(async () => {
        for (let count = 0; count < WRITES; count++) await write()
      })
      const { state } = await takeBackup({
        storeId,
        source: world.context,
        target,
        clock: world.clock,
        retention: parseRetention('3') ?? [],
      })
      await Promise.all(writers)
      assert.equal(state.damageCount, 0)
      world.clock.advance(60_000)
      const ledger = await world.context.blobLedger.ifOpen
      await ledger?.renew()
      await ledger?.reclaimAll()

      const to = newEngines()
      const restored = await restoreStore({ target, state, to, onlyMetadata: false })
      assert.equal(restored.missingCount, 0)
      const records = await digestOf(to.metadata)
      const instant = history.findIndex((one, index) => index >= firstPossible && one === records)
      assert.ok(instant >= firstPossible, `round ${round}: the records are of no instant of the backup`)
      const context = createServiceContext({ ...world.context, metadata: to.metadata, blobs: to.blobs })
      const report = await verifyStore(context, { readsBodies: true, hasBeenSwept: false })
      assert.deepEqual(report.problems, [])
      assert.ok(report.versions > 0)
    }
    const { states, unreadable } = await listStates(target.store)
    assert.deepEqual([states.length, unreadable.length], [3, 0])
    assert.deepEqual((await verifyTarget(target)).problems, [])
    for (const state of states) {
      const restored = await restoreStore({ target, state, to: newEngines(), onlyMetadata: false })
      assert.equal(restored.missingCount, 0)
    }
  } finally {
    await dispose()
  }
})
