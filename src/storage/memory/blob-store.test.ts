import assert from 'node:assert/strict'
import { it } from 'node:test'
import { StoreUnavailable } from '../metadata-store.ts'
import { bodyOf } from '../testing/blob-fixtures.ts'
import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { MemoryBlobStore } from './blob-store.ts'

describeBlobStore('memory', { open: async () => new MemoryBlobStore() })

it('blobs in memory are given and taken no more once their store is closed', async () => {
  const store = new MemoryBlobStore()
  await store.put('blob', bodyOf(Buffer.from('bytes')))
  await store.close()
  for (const call of [
    () => store.put('other', bodyOf(Buffer.from('bytes'))),
    () => store.get('blob'),
    () => store.delete(['blob']),
    () => store.list({ limit: 1 }),
  ])
    await assert.rejects(
      async () => await call(),
      (error) => error instanceof StoreUnavailable && error.message === 'the blob store is closed',
      String(call),
    )
})
