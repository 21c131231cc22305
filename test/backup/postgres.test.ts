import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import { openMetadataStore } from '../../src/server/engines.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { migratePostgresStore } from '../../src/storage/postgres/open.ts'
import { missingPostgres, startPostgres, type PostgresServer } from '../cluster/postgres-server.ts'
import { ObjectWorld } from '../objects/object-world.ts'
import { identify, newTarget, recordsOf } from './backup-world.ts'

const ROUNDS = 4

describe('a backup of a store on PostgreSQL', { skip: missingPostgres() ?? false }, () => {
  let server: PostgresServer
  const open = async (schema: string): Promise<MetadataStore> => {
    const url = `${server.url}?schema=${schema}`
    await migratePostgresStore(url)
    return await openMetadataStore(url)
  }
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.dispose())

  it('is of one instant while others write, and is restored into another database of records', async () => {
    const metadata = await open('source')
    const blobs = new CheckedBlobStore(new MemoryBlobStore())
    const world = await ObjectWorld.make({ versioning: 'Enabled' }, { metadata, blobs })
    const storeId = await identify(world.context)
    const { target, dispose } = await newTarget()
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const writing = Promise.all(
          Array.from({ length: 30 }, (_, index) => world.put(`key ${index % 9}`, 'x'.repeat(index))),
        )
        const { state } = await takeBackup({
          storeId,
          source: world.context,
          target,
          clock: world.clock,
          retention: null,
        })
        await writing
        world.clock.advance(1_000)
        const to = {
          metadata: await open(`restored_${round}`),
          blobs: new CheckedBlobStore(new MemoryBlobStore()),
        }
        assert.equal((await restoreStore({ target, state, to, onlyMetadata: false })).missingCount, 0)
        const report = await verifyStore(createServiceContext({ ...world.context, ...to }), {
          readsBodies: true,
          hasBeenSwept: false,
        })
        // Usage, references and objects of two instants would not fit each other.
        assert.deepEqual(report.problems, [])
        await to.metadata.close()
      }
      const { state } = await takeBackup({
        storeId,
        source: world.context,
        target,
        clock: world.clock,
        retention: null,
      })
      const to = { metadata: await open('restored_last'), blobs: new CheckedBlobStore(new MemoryBlobStore()) }
      await restoreStore({ target, state, to, onlyMetadata: false })
      const withoutIdentity = async (store: MetadataStore) =>
        (await recordsOf(store)).replace(/^4d6964656e74697479 .*\n?/m, '')
      assert.equal(await withoutIdentity(to.metadata), await withoutIdentity(metadata))
      await to.metadata.close()
    } finally {
      await dispose()
      await metadata.close()
    }
  })
})
