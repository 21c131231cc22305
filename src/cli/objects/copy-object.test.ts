import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { copyObject } from './copy-object.ts'
import type { TransferContext } from './transfer.ts'

describe('a copy of more than 5 GiB', () => {
  const GIB = 1024 ** 3
  const source = (sizeBytes: number) =>
    ({ kind: 'object', bucketName: 'from', key: 'a b', sizeBytes }) as const
  const target = { kind: 'object', bucketName: 'to', key: 'k' } as const
  const said = { ContentType: 'text/x', CacheControl: 'c', Metadata: { a: 'b' }, ETag: '"e"' }

  async function copied(sizeBytes: number, failsAt = Infinity) {
    const sent: (readonly [string, object])[] = []
    let advanced = 0
    const context = {
      client: {
        send: async (command: { readonly input: object }) => {
          const name = command.constructor.name.replace('Command', '')
          sent.push([name, command.input])
          if (sent.length === failsAt) throw new Error('no more')
          if (name === 'HeadObject') return await Promise.resolve(said)
          return name === 'CreateMultipartUpload'
            ? { UploadId: 'u' }
            : { CopyPartResult: { ETag: `"${sent.length}"` } }
        },
      },
      progress: { advance: (bytes: number) => void (advanced += bytes) },
    } as unknown as TransferContext
    const error = await copyObject(context, source(sizeBytes), target).catch((failure: unknown) => failure)
    return { sent, advanced, error }
  }

  it('goes in parts of 1 GiB, with what is said of the object, and of that object alone', async () => {
    const { sent, advanced, error } = await copied(5 * GIB + 1)
    assert.equal(error, undefined)
    const { ETag, ...kept } = said
    const [to, CopySource] = [{ Bucket: 'to', Key: 'k' }, 'from/a%20b']
    assert.deepEqual(sent[0], ['HeadObject', { Bucket: 'from', Key: 'a b' }])
    assert.deepEqual(JSON.parse(JSON.stringify(sent[1])), ['CreateMultipartUpload', { ...to, ...kept }])
    const ends = [1, 2, 3, 4, 5]
      .map((count) => [(count - 1) * GIB, count * GIB - 1])
      .concat([[5 * GIB, 5 * GIB]])
    assert.deepEqual(
      sent.slice(2, -1),
      ends.map(([from, end], index) => [
        'UploadPartCopy',
        {
          ...{ ...to, UploadId: 'u', PartNumber: index + 1, CopySource },
          ...{ CopySourceIfMatch: ETag, CopySourceRange: `bytes=${from}-${end}` },
        },
      ]),
    )
    const Parts = ends.map((_, index) => ({ ETag: `"${index + 3}"`, PartNumber: index + 1 }))
    assert.deepEqual(sent.at(-1), [
      'CompleteMultipartUpload',
      { ...to, UploadId: 'u', MultipartUpload: { Parts } },
    ])
    assert.equal(advanced, 5 * GIB + 1)
  })

  it('leaves no parts where it fails', async () => {
    for (const failsAt of [4, 9]) {
      const { sent, advanced, error } = await copied(5 * GIB + 1, failsAt)
      assert.deepEqual(error, new Error('no more'))
      assert.deepEqual(sent.at(-1), ['AbortMultipartUpload', { Bucket: 'to', Key: 'k', UploadId: 'u' }])
      assert.equal(advanced, 0)
    }
  })

  it('is one request up to there', async () => {
    const { sent } = await copied(5 * GIB)
    assert.deepEqual(sent, [['CopyObject', { Bucket: 'to', Key: 'k', CopySource: 'from/a%20b' }]])
  })
})
