import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { GetObjectCommand, GetObjectTaggingCommand, type PutObjectCommand } from '@aws-sdk/client-s3'
import { copyWhole } from './copy-whole.ts'
import type { CopyContext, CopyTask } from './copy-task.ts'
import { DamagedBody, SourceInParts } from './transfer-errors.ts'

const md5Of = (bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHash('md5').update(bytes).digest(encoding)

const task = {
  ...{ from: 'here', to: 'there', key: 'k', hasLock: false },
  version: {
    versionId: 'v',
    isDeleteMarker: false,
    etag: '',
    sizeBytes: 0,
    modifiedAtMs: 0,
    storageClass: undefined,
  },
} as const satisfies CopyTask

const modifiedAt = new Date('2030-01-02T03:04:05Z')

/** Copies an object of these bytes, of which the source says more, to a destination that answers with the ETag of what came. */
async function copyOf(
  bytes: Buffer,
  {
    said = {},
    answer,
    takesUnverified = false,
  }: { said?: object; answer?: string; takesUnverified?: boolean } = {},
) {
  const body = Readable.from([bytes])
  const asked: object[] = []
  let put: Partial<PutObjectCommand['input']> | undefined
  let arrived: Buffer = Buffer.alloc(0)
  const context = {
    source: {
      client: {
        send: async (command: { readonly input: object }) => {
          asked.push(command.input)
          if (command instanceof GetObjectTaggingCommand) return { TagSet: [{ Key: 'a', Value: 'b' }] }
          assert.ok(command instanceof GetObjectCommand)
          return await Promise.resolve({
            ...{
              Body: body,
              ContentLength: bytes.length,
              ETag: `"${md5Of(bytes)}"`,
              LastModified: modifiedAt,
            },
            ...said,
          })
        },
      },
      bucketsShowingTags: new Set(),
    },
    target: {
      client: {
        send: async (command: PutObjectCommand) => {
          const { Body, ...input } = command.input
          put = input
          arrived =
            Body instanceof Readable
              ? Buffer.concat((await Body.toArray()) as Buffer[])
              : Buffer.from(Body as Buffer)
          return { ETag: answer ?? `"${md5Of(arrived)}"` }
        },
      },
    },
    ...{ signal: new AbortController().signal, advance: () => undefined, takesUnverified },
  } as unknown as CopyContext
  try {
    const copied = await copyWhole(context, task, { otherMd5: undefined, hasOtherEtag: false })
    return { copied, put, arrived, asked, body, error: undefined }
  } catch (error) {
    return { copied: undefined, put, arrived, asked, body, error }
  }
}

for (const [what, bytes] of [
  ['of a few bytes', Buffer.from('some bytes')],
  ['of more than a MiB', Buffer.alloc(1024 * 1024 + 1, 'abc')],
] as const)
  describe(`an object ${what} that is copied at once`, () => {
    it('arrives with what is said of it, vouched for by its ETag', async () => {
      const { copied, put, arrived, asked, body } = await copyOf(bytes, { said: { Metadata: { m: 'x' } } })
      assert.ok(arrived.equals(bytes))
      const { Bucket, Key, ContentLength, ContentMD5, Metadata, ChecksumAlgorithm, Tagging } = put ?? {}
      assert.deepEqual(
        { Bucket, Key, ContentLength, ContentMD5, Metadata, ChecksumAlgorithm, Tagging },
        {
          ...{ Bucket: 'there', Key: 'k', ContentLength: bytes.length, ContentMD5: md5Of(bytes, 'base64') },
          ...{ Metadata: { m: 'x' }, ChecksumAlgorithm: undefined, Tagging: 'a=b' },
        },
      )
      assert.deepEqual(copied, {
        ...{ etag: md5Of(bytes), modifiedAt, sizeBytes: bytes.length, losses: [], isUnverified: false },
      })
      const place = { Bucket: 'here', Key: 'k', VersionId: 'v' }
      assert.deepEqual(asked, [place, place])
      assert.ok(body.destroyed)
    })

    it('fails where the destination has other bytes than were sent', async () => {
      const { error, body } = await copyOf(bytes, { answer: '"of others"' })
      assert.deepEqual(
        error,
        new DamagedBody('the destination answered with the ETag "of others", of other bytes than were sent'),
      )
      assert.ok(body.destroyed)
    })

    it('fails where fewer bytes come than the source said', async () => {
      const { error } = await copyOf(bytes, { said: { ContentLength: bytes.length + 1 } })
      assert.deepEqual(error, new DamagedBody(`${bytes.length} of ${bytes.length + 1} bytes came`))
    })

    it('loses an ETag that is no MD5, which is told', async () => {
      const { copied } = await copyOf(bytes, { said: { ETag: '"own"' } })
      assert.deepEqual(copied?.losses, ['its ETag, since that is no MD5 at the source'])
      assert.equal(copied.etag, 'own')
      assert.equal(copied.isUnverified, true)
    })

    it('is not sent where it is made of parts, and read no further', async () => {
      const { error, put, body } = await copyOf(bytes, { said: { ETag: `"${md5Of(bytes)}-2"` } })
      assert.ok(error instanceof SourceInParts)
      assert.equal(put, undefined)
      assert.ok(body.destroyed)
    })
  })

describe('an object that is too large to be sent at once', () => {
  it('is not sent from 5 GiB and a byte on', async () => {
    const { error, body } = await copyOf(Buffer.from('x'), { said: { ContentLength: 5 * 1024 ** 3 + 1 } })
    assert.ok(error instanceof SourceInParts)
    assert.ok(body.destroyed)
  })
})
