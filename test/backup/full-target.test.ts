import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import { openTarget } from '../../src/server/backup/target.ts'
import { verifyTarget } from '../../src/server/backup/verify-target.ts'
import { StoreUnavailable } from '../../src/storage/metadata-store.ts'
import { mountSmallDisk, noDiskOf } from '../harness/small-disk.ts'
import { ObjectWorld, wholeBody } from '../objects/object-world.ts'
import { identify, newEngines, recordsOf } from './backup-world.ts'

it(
  'a full target disk ends the backup, leaves the state before it whole, and takes the next one when there is room',
  {
    skip: noDiskOf('tmpfs'),
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-full-target-'))
    const disk = mountSmallDisk(folder, 'tmpfs')
    const filler = join(disk.path, 'filler')
    try {
      const world = await ObjectWorld.make({}, newEngines())
      const storeId = await identify(world.context)
      await world.put('small', 'small')
      const target = await openTarget('TO', join(disk.path, 'backup'), { isMade: true })
      const backUp = () =>
        takeBackup({ storeId, source: world.context, target, clock: world.clock, retention: null })
      const { state } = await backUp()
      const records = await recordsOf(world.context.metadata)
      writeFileSync(filler, Buffer.alloc(88 * 1024 * 1024))
      for (let index = 0; index < 4; index++)
        await world.put(`large ${index}`, '', { body: wholeBody(Buffer.alloc(4 * 1024 * 1024, index)) })
      await assert.rejects(backUp(), StoreUnavailable)
      assert.deepEqual((await verifyTarget(target)).problems, [])
      const to = newEngines()
      await restoreStore({ target, state, to, onlyMetadata: false })
      assert.equal(await recordsOf(to.metadata), records)
      rmSync(filler)
      const { state: next } = await backUp()
      assert.equal(next.blobs, 4)
      assert.deepEqual((await verifyTarget(target)).problems, [])
      await target.store.close()
    } finally {
      disk.remove()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
