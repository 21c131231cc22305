import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { failure, S3ClusterInMemory } from '../../../test/s3-cluster-in-memory.ts'
import { BlobNotFound } from '../blob-store.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { bodyOf, patternBytes, readBlob } from '../testing/blob-fixtures.ts'
import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { parseS3Url } from './address.ts'
import { S3BlobStore } from './blob-store.ts'

const MIB = 1024 * 1024

function newStore(prefix = 'some/where') {
  const cluster = new S3ClusterInMemory()
  const store = new S3BlobStore(
    cluster.client(),
    parseS3Url(`s3://K:S@blobs/${prefix}?endpoint=http://localhost`),
  )
  return { cluster, store }
}

describeBlobStore('s3', { open: async () => newStore().store })

describe('the blobs of an S3 cluster', () => {
  it('lie behind their prefix, with nothing else of the bucket among them', async () => {
    const { cluster, store } = newStore()
    for (const key of ['some/where/PROBE-1', 'some/where/other/blob', 'some/whereabouts', 'some/where/_'])
      cluster.objects.set(key, Buffer.from('x'))
    for (const id of ['a', 'b', 'c']) await store.put(id, bodyOf(Buffer.from('bytes')))
    assert.deepEqual(
      await store.list({ limit: 10 }),
      ['a', 'b', 'c'].map((id) => ({ id, sizeBytes: 5 })),
    )
    assert.deepEqual(await store.list({ limit: 2, after: 'a' }), [
      { id: 'b', sizeBytes: 5 },
      { id: 'c', sizeBytes: 5 },
    ])
    assert.ok(cluster.objects.has('some/where/a'))
    assert.equal(store.placeOf('a'), 'S3 bucket blobs/some/where/ at http://localhost: some/where/a')
  })

  it('go in one request up to a size, as they come where their size is known, and in parts beyond', async () => {
    const cases = [
      [0, undefined, 'PutObject'],
      [MIB, undefined, 'PutObject'],
      [MIB, MIB, 'PutObject'],
      [MIB + 1, MIB + 1, 'PutObject'],
      [MIB + 1, undefined, 'CreateMultipartUpload,UploadPart,CompleteMultipartUpload'],
      [9 * MIB, undefined, 'CreateMultipartUpload,UploadPart,UploadPart,CompleteMultipartUpload'],
      [16 * MIB, undefined, 'CreateMultipartUpload,UploadPart,UploadPart,CompleteMultipartUpload'],
    ] as const
    for (const [bytes, sizeBytes, requests] of cases) {
      const { cluster, store } = newStore()
      const content = patternBytes(bytes)
      assert.deepEqual(
        await store.put('a', bodyOf(content), sizeBytes === undefined ? {} : { sizeBytes }),
        { sizeBytes: bytes },
        `${bytes} of ${sizeBytes}`,
      )
      assert.equal(cluster.names.join(), requests, `${bytes} of ${sizeBytes}`)
      assert.ok((await readBlob(store, 'a')).equals(content), `${bytes} of ${sizeBytes}`)
      const lengths = cluster.asked.map(({ input }) => input['ContentLength'])
      const isHeld = cluster.asked.some(
        ({ name, input }) => name === 'PutObject' && Buffer.isBuffer(input['Body']),
      )
      assert.equal(isHeld, bytes <= MIB)
      if (bytes === 9 * MIB) assert.deepEqual(lengths.slice(1, 3), [8 * MIB, MIB])
    }
  })

  it('of which a part is refused while the next piece has not come are refused as a whole, and no part stays', async () => {
    const { cluster, store } = newStore()
    cluster.before = ({ name, input }) => {
      if (name === 'UploadPart' && input['PartNumber'] === 1) throw failure('InternalError', 500)
    }
    const slow = async function* () {
      for (let piece = 0; piece < 20; piece++) {
        for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
        yield Buffer.alloc(MIB, piece)
      }
    }
    await assert.rejects(store.put('a', slow()), (error) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.match(error.message, /^S3 bucket blobs\/some\/where\/.*: InternalError \(HTTP 500\): refused$/)
      return true
    })
    assert.deepEqual([[...cluster.objects.keys()], cluster.uploads.size], [[], 0])
    assert.ok(!cluster.names.includes('CompleteMultipartUpload'))
  })

  it('reject with the failure of their body, not with what the cluster made of it', async () => {
    for (const [sizeBytes, atByte] of [
      [undefined, 10],
      [undefined, 9 * MIB],
      [20 * MIB, 9 * MIB],
    ] as const) {
      const { cluster, store } = newStore()
      const failing = async function* () {
        yield patternBytes(atByte)
        throw new Error('the client left')
      }
      await assert.rejects(
        store.put('a', failing(), sizeBytes === undefined ? {} : { sizeBytes }),
        /the client left/,
        `${atByte} of ${sizeBytes}`,
      )
      assert.deepEqual([cluster.objects.size, cluster.uploads.size], [0, 0])
    }
  })

  it('end with the reason of whoever aborts them', async () => {
    for (const bytes of [10, 2 * MIB, 20 * MIB]) {
      const { cluster, store } = newStore()
      const aborting = new AbortController()
      cluster.before = () => aborting.abort(new Error('no longer wanted'))
      await assert.rejects(
        store.put('a', bodyOf(patternBytes(bytes)), { signal: aborting.signal }),
        /no longer wanted/,
        String(bytes),
      )
      assert.equal(cluster.objects.size, 0)
    }
  })

  it('are deleted a thousand at a time, each once; what a cluster could not delete is told by its words', async () => {
    const { cluster, store } = newStore()
    const ids = Array.from({ length: 1_001 }, (_, index) => `b${index}`)
    for (const id of ids) cluster.objects.set(`some/where/${id}`, Buffer.alloc(1))
    await store.delete([...ids, 'b0'])
    assert.deepEqual([cluster.objects.size, cluster.names.length], [0, 2])
    const respond = (errors: readonly { Code?: string; Message?: string }[]): S3BlobStore => {
      const client = Object.assign(cluster.client(), { send: async () => ({ Errors: errors }) })
      return new S3BlobStore(client, parseS3Url('s3://K:S@blobs?endpoint=http://localhost'))
    }
    await respond([{ Code: 'NoSuchKey' }]).delete(['a'])
    await assert.rejects(
      respond([{ Code: 'NoSuchKey' }, { Code: 'AccessDenied', Message: 'locked' }]).delete(['a', 'b', 'c']),
      /2 of 3 blobs could not be deleted, the first for AccessDenied: locked$/,
    )
  })

  it('are listed over as many pages as it takes, and no further than asked', async () => {
    const { cluster, store } = newStore('')
    for (let index = 0; index < 2_500; index++)
      cluster.objects.set(`b${String(index).padStart(5, '0')}`, Buffer.alloc(1))
    for (let index = 0; index < 1_500; index++) cluster.objects.set(`A${index}`, Buffer.alloc(1))
    for (const limit of [1, 999, 1_000, 1_001, 2_000, 2_499]) {
      cluster.asked.length = 0
      assert.equal((await store.list({ limit })).length, limit)
      assert.ok(cluster.asked.every(({ input }) => Number(input['MaxKeys']) <= Math.min(1_000, limit)))
    }
    assert.equal((await store.list({ limit: 5_000 })).length, 2_500)
  })

  it('are missing only where the cluster says so of the key; all else is a store that cannot answer', async () => {
    const { cluster, store } = newStore()
    await assert.rejects(readBlob(store, 'a'), BlobNotFound)
    for (const error of [
      failure('NoSuchBucket', 404),
      failure('NotFound', 404),
      new Error('socket hang up'),
    ]) {
      cluster.before = () => {
        throw error
      }
      await assert.rejects(readBlob(store, 'a'), StoreUnavailable, error.name)
      await assert.rejects(store.list({ limit: 1 }), StoreUnavailable, error.name)
      await assert.rejects(store.delete(['a']), StoreUnavailable, error.name)
      await assert.rejects(store.put('a', bodyOf(Buffer.alloc(1))), StoreUnavailable, error.name)
    }
  })

  it('come with their sizes and ranges, or the cluster is none that can be used', async () => {
    const body = (): Readable => Readable.from([Buffer.from('bytes')])
    for (const [response, message] of [
      [{ ContentLength: 5 }, /no body/],
      [{ Body: body() }, /did not tell the size/],
    ] as const) {
      const client = Object.assign(new S3ClusterInMemory().client(), { send: async () => response })
      const store = new S3BlobStore(client, parseS3Url('s3://K:S@blobs?endpoint=http://localhost'))
      await assert.rejects(store.get('a'), message)
    }
    const whole = body()
    const send = async () => ({ Body: whole, ContentLength: 5 })
    const client = Object.assign(new S3ClusterInMemory().client(), { send })
    const store = new S3BlobStore(client, parseS3Url('s3://K:S@blobs?endpoint=http://localhost'))
    await assert.rejects(store.get('a', { start: 1, end: 2 }), /ignored the range/)
    assert.ok(whole.destroyed)
  })

  it('are out of reach once the store is closed, and so is its client', async () => {
    const { cluster, store } = newStore()
    await store.put('a', bodyOf(Buffer.from('bytes')))
    await store.close()
    assert.ok(cluster.isDestroyed)
    for (const call of [
      () => store.get('a'),
      () => store.list({ limit: 1 }),
      () => store.delete(['a']),
      () => store.put('b', bodyOf(Buffer.alloc(1))),
    ])
      await assert.rejects(call, /is closed/)
  })
})
