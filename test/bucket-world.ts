import { ManualClock } from './manual-clock.ts'
import { encodeRecord } from '../src/base/record.ts'
import { memoryContext } from './memory-context.ts'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { blobReferenceKey, currentVersionKey, partKey, uploadKey, usageKey } from '../src/service/keyspace.ts'
import { createBucket } from '../src/service/buckets/create-bucket.ts'

export const bucketName = 'my-bucket'

/** An account with a bucket, in a memory store. */
export async function setUp() {
  const clock = new ManualClock()
  const context = memoryContext({ clock })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const { bucket } = await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  return { clock, context, caller, bucket }
}

/** Puts an object with a blob, and an upload with a part, straight into the store. */
export async function fill({ context, bucket }: Awaited<ReturnType<typeof setUp>>, objects: number) {
  const { bucketId } = bucket
  for (let index = 0; index < objects; index++) {
    const id = `blob-${index}`
    await context.blobs.put(
      id,
      (async function* () {
        yield Buffer.from('x')
      })(),
    )
    const record = { body: 'blob', blob: { id, sizeBytes: 1 } }
    await context.metadata.commit({
      sets: [
        { key: currentVersionKey(bucketId, `key-${index}`), value: encodeRecord(1, record) },
        { key: blobReferenceKey(id), value: Buffer.alloc(0) },
      ],
    })
  }
  await context.blobs.put(
    'blob-part',
    (async function* () {
      yield Buffer.from('x')
    })(),
  )
  await context.metadata.commit({
    sets: [
      { key: uploadKey(bucketId, 'up', 'upload-1'), value: encodeRecord(1, { uploadId: 'upload-1' }) },
      { key: partKey('upload-1', 1), value: encodeRecord(1, { blobId: 'blob-part' }) },
      { key: blobReferenceKey('blob-part'), value: Buffer.alloc(0) },
    ],
    adds: [{ key: usageKey(bucketId, '0'), amounts: [objects, objects] }],
  })
}
