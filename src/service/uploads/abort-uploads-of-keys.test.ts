import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import type { Change } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { bucketIndexKey, bucketKey, uploadKey, uploadsRange } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { uploadCodec } from '../records/upload.ts'
import { abortUploadsOfKeys } from './abort-uploads-of-keys.ts'

const ACCOUNT = '123456789012'
const KEYS = ['AKIALEAKED', 'AKIABEFORE']

/** Buckets of the account, each with uploads: by the key that began it. */
async function worldOf(
  buckets: Readonly<Record<string, readonly (string | undefined)[]>>,
): Promise<ServiceContext> {
  const context = memoryContext()
  for (const [name, begunWith] of Object.entries(buckets)) {
    const bucketId = `id-of-${name}`
    const sets: NonNullable<Change['sets']>[number][] = [
      {
        key: bucketKey(name),
        value: bucketCodec.encode(bucketRecord({ name, bucketId, accountId: ACCOUNT })),
      },
      { key: bucketIndexKey(ACCOUNT, 'us-east-1', name), value: Buffer.from(name) },
    ]
    for (const [at, initiatorAccessKeyId] of begunWith.entries()) {
      const [key, uploadId] = [`key-${String(at).padStart(4, '0')}`, `upload-${at}`]
      const record = {
        uploadId,
        key,
        initiatedAt: 0,
        initiatorAccountId: ACCOUNT,
        ownerAccountId: ACCOUNT,
        headers: {},
        userMetadata: {},
        ...(initiatorAccessKeyId !== undefined && { initiatorAccessKeyId }),
      }
      sets.push({ key: uploadKey(bucketId, key, uploadId), value: uploadCodec.encode(record) })
    }
    await context.metadata.commit({ sets })
  }
  return context
}

async function leftIn(context: ServiceContext, name: string): Promise<string[]> {
  const rows = await context.metadata.scan({ ...uploadsRange(`id-of-${name}`), limit: 10_000 })
  return rows.map(({ value }) => uploadCodec.decode(value).uploadId)
}

const abort = (
  context: ServiceContext,
  more: { bucketName?: string; pageToken?: string; accountId?: string } = {},
) => abortUploadsOfKeys(context, { accountId: ACCOUNT, accessKeyIds: KEYS, ...more })

describe('the uploads that were begun with a key', () => {
  it('are ended in all buckets of the account, and no others', async () => {
    const context = await worldOf({
      photos: ['AKIALEAKED', 'AKIAOTHER', undefined, 'AKIABEFORE'],
      plain: ['AKIAOTHER'],
      videos: ['AKIALEAKED'],
    })
    assert.deepEqual(await abort(context), {
      abortedUploads: [
        { bucketName: 'photos', objectKey: 'key-0000', uploadId: 'upload-0' },
        { bucketName: 'photos', objectKey: 'key-0003', uploadId: 'upload-3' },
        { bucketName: 'videos', objectKey: 'key-0000', uploadId: 'upload-0' },
      ],
    })
    assert.deepEqual(await leftIn(context, 'photos'), ['upload-1', 'upload-2'])
    assert.deepEqual(await leftIn(context, 'plain'), ['upload-0'])
    assert.deepEqual(await leftIn(context, 'videos'), [])
    assert.deepEqual(await abort(context), { abortedUploads: [] })
  })

  it('are ended in the one bucket that is named', async () => {
    const context = await worldOf({ photos: ['AKIALEAKED'], videos: ['AKIALEAKED'] })
    const { abortedUploads } = await abort(context, { bucketName: 'videos' })
    assert.deepEqual(
      abortedUploads.map(({ bucketName }) => bucketName),
      ['videos'],
    )
    assert.deepEqual(await leftIn(context, 'photos'), ['upload-0'])
    assert.deepEqual(await abort(context, { accountId: '000000000000' }), { abortedUploads: [] })
  })

  it('are ended page by page where there are many, none twice and none left', async () => {
    const begun = Array.from({ length: 1_203 }, (_, at) => (at % 2 === 0 ? 'AKIALEAKED' : 'AKIAOTHER'))
    const context = await worldOf({ first: ['AKIALEAKED'], photos: begun, videos: ['AKIABEFORE'] })
    const ended: string[] = []
    const pages: number[] = []
    let pageToken: string | undefined
    do {
      const page: Awaited<ReturnType<typeof abort>> = await abort(
        context,
        pageToken === undefined ? {} : { pageToken },
      )
      ended.push(...page.abortedUploads.map(({ bucketName, uploadId }) => `${bucketName} ${uploadId}`))
      pages.push(page.abortedUploads.length)
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
    assert.deepEqual(ended, [
      'first upload-0',
      ...begun.flatMap((_, at) => (at % 2 === 0 ? [`photos upload-${at}`] : [])),
      'videos upload-0',
    ])
    assert.ok(pages.length > 1 && pages.every((count) => count <= 500), pages.join(' '))
    assert.equal((await leftIn(context, 'photos')).length, begun.length - 602)
  })

  it('are looked for in so many rows at once, and the token of another question is none', async () => {
    const buckets = Object.fromEntries(
      Array.from({ length: 11 }, (_, at) => [`bucket-${at}`, Array.from({ length: 499 }, () => 'AKIAOTHER')]),
    )
    const context = await worldOf(buckets)
    const { abortedUploads, nextPageToken } = await abort(context)
    assert.deepEqual(abortedUploads, [])
    assert.ok(nextPageToken !== undefined, 'it goes on')
    assert.deepEqual(await abort(context, { pageToken: nextPageToken }), { abortedUploads: [] })
    for (const other of [{ accountId: '000000000000' }, { accessKeyIds: ['AKIALEAKED'] }])
      await assert.rejects(
        abortUploadsOfKeys(context, {
          accountId: ACCOUNT,
          accessKeyIds: KEYS,
          pageToken: nextPageToken,
          ...other,
        }),
        (error: unknown) => isDomainError(error, 'InvalidPageToken'),
      )
  })
})
