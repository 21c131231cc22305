import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { currentVersionKey, storeKey, writerLeaseKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { bodyOf, patternBytes } from '../../storage/testing/blob-fixtures.ts'
import { compareStores } from './compare-stores.ts'
import { copyStore } from './copy-store.ts'
import { readStoreIdentity, type StoreIdentity } from './store-identity.ts'

const newEngines = () => ({ metadata: new MemoryMetadataStore(), blobs: new MemoryBlobStore() })

/** A store of 300 records and 20 blobs. */
async function newSource(storeId = 'source') {
  const source = newEngines()
  const identity = recordCodec<StoreIdentity>('store identity', 1).encode({
    format: 1,
    storeId,
    masterKeyProbe: '',
  })
  const sets = Array.from({ length: 300 }, (_, index) => ({
    key: currentVersionKey('bucket', `object ${index}`),
    value: patternBytes(index * 100),
  }))
  await source.metadata.commit({
    sets: [
      ...sets,
      { key: storeKey('identity'), value: identity },
      { key: writerLeaseKey('w'), value: Buffer.of(1) },
    ],
  })
  for (let index = 0; index < 20; index++)
    await source.blobs.put(`writer-${index}`, bodyOf(patternBytes(index * 1000)))
  return source
}

describe('copyStore', () => {
  it('copies every blob and record, and at last the identity, but no leases', async () => {
    const [source, target] = [await newSource(), newEngines()]
    assert.deepEqual(await copyStore(source, target), {
      blobs: 20,
      blobBytes: 190_000,
      blobsSkipped: 0,
      records: 300,
      damaged: [],
      damagedCount: 0,
      wasWhole: false,
    })
    assert.deepEqual(await compareStores(source, target), {
      records: 300,
      blobs: 20,
      differenceCount: 0,
      differences: [],
    })
    assert.equal((await readStoreIdentity(target.metadata))?.storeId, 'source')
    assert.deepEqual(await target.metadata.getMany([writerLeaseKey('w'), storeKey('copy')]), [null, null])
  })

  it('goes on where it was interrupted, and is no store before it is whole', async () => {
    const [source, target] = [await newSource(), newEngines()]
    for (const phase of ['blobs', 'records'] as const) {
      const interrupted = copyStore(source, target, (at, done) => {
        if (at === phase && done >= 10) throw new Error('interrupted')
      })
      await assert.rejects(interrupted, /interrupted/)
      assert.equal(await readStoreIdentity(target.metadata), null)
    }
    const report = await copyStore(source, target)
    assert.equal(report.blobsSkipped, 20)
    assert.ok(report.records < 300, 'the pages that were committed are not copied again')
    assert.equal((await compareStores(source, target)).differenceCount, 0)
    const { wasWhole, ...again } = await copyStore(source, target)
    assert.deepEqual(
      [wasWhole, again],
      [true, { blobs: 0, blobBytes: 0, blobsSkipped: 20, records: 0, damaged: [], damagedCount: 0 }],
    )
  })

  it('refuses a target that holds anything else, and a source that is no store', async () => {
    const [source, target] = [await newSource(), newEngines()]
    await target.metadata.commit({ sets: [{ key: currentVersionKey('b', 'k'), value: Buffer.of(1) }] })
    await assert.rejects(copyStore(source, target), /the target is not empty/)
    await assert.rejects(copyStore(newEngines(), newEngines()), /the source holds no store/)
    const half = newEngines()
    await assert.rejects(
      copyStore(source, half, () => {
        throw new Error('interrupted')
      }),
    )
    await assert.rejects(
      copyStore(await newSource('another'), half),
      /part of a copy of another store, source/,
    )
  })
})

describe('compareStores', () => {
  it('finds every kind of difference', async () => {
    const [source, target] = [await newSource(), newEngines()]
    await copyStore(source, target)
    await target.metadata.commit({
      sets: [
        { key: currentVersionKey('bucket', 'object 1'), value: Buffer.of(0) },
        { key: currentVersionKey('bucket', 'more'), value: Buffer.of(0) },
      ],
      deletes: [currentVersionKey('bucket', 'object 2')],
    })
    await target.blobs.delete(['writer-1'])
    await target.blobs.put('writer-2', bodyOf(Buffer.alloc(2000)))
    await target.blobs.put('writer-3', bodyOf(Buffer.alloc(1)))
    const { differences } = await compareStores(source, target)
    assert.deepEqual(
      differences.map((text) => text.replace(/^record .*?(object \d|more)/, '$1')),
      [
        'more: only in the copy',
        'object 1: other bytes',
        'object 2: missing in the copy',
        'blob writer-1: missing in the copy',
        'blob writer-2: other bytes',
        'blob writer-3: 1 bytes instead of 3000',
      ],
    )
  })
})
