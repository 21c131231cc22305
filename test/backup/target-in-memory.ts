import assert from 'node:assert/strict'
import type { BackupState } from '../../src/server/backup/backup-state.ts'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import type { BackupTarget } from '../../src/server/backup/target.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { ObjectWorld } from '../objects/object-world.ts'
import { identify, newEngines, recordsOf } from './backup-world.ts'

/** A place for backups in memory, and what lies in it as it lies there. */
export function newTargetInMemory() {
  const raw = new MemoryBlobStore()
  const target: BackupTarget = { store: new CheckedBlobStore(raw), shown: 'the place' }
  return { raw, target }
}

/** A store and a place for its backups. */
export async function newBackupWorld() {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  const storeId = await identify(world.context)
  const { raw, target } = newTargetInMemory()
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
