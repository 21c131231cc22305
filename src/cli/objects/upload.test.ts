import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { TransferContext } from './transfer.ts'
import { streamOf, upload, type UploadSource } from './upload.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-upload-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const TARGET = { bucketName: 'photos', key: 'a/b.jpg' }

/** A store that takes one object, or refuses it; what the user is shown of it. */
function worldOf(refusal?: Error) {
  const taken: { readonly input: object; readonly bytes: Buffer }[] = []
  const advances: number[] = []
  const ending = new AbortController()
  const client = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'A', secretAccessKey: 'S' },
  })
  client.send = (async (command: object) => {
    assert.ok(command instanceof PutObjectCommand)
    const { Body, ...input } = command.input
    taken.push({ input, bytes: await buffer(Readable.from([Body])) })
    if (refusal) throw refusal
    return {}
  }) as never
  const context = {
    ...{ client, signal: ending.signal },
    progress: { advance: (bytes: number) => advances.push(bytes) },
  } as unknown as TransferContext
  return {
    ...{ taken, advances, ending },
    run: (source: UploadSource, contentType?: string) =>
      upload(context, source, { target: TARGET, contentType } as Parameters<typeof upload>[2]),
  }
}
const streamSource = (stream: Readable): UploadSource => ({
  kind: 'stream',
  stream,
  expectedBytes: undefined,
})

describe('an upload of the command', () => {
  it('sends the bytes of a file, or of a stream, under the key and with the type that are given', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'the bytes')
    for (const [source, contentType] of [
      [{ kind: 'file', path, sizeBytes: 9 }, 'image/jpeg'],
      [streamSource(streamOf(path)), undefined],
      [streamSource(Readable.from(['the ', 'bytes'], { objectMode: false })), undefined],
    ] as const) {
      const { run, taken, advances } = worldOf()
      await run(source, contentType)
      const [{ input, bytes } = assert.fail()] = taken
      assert.equal(bytes.toString(), 'the bytes')
      const { Bucket, Key, ContentType } = input as Readonly<Record<string, unknown>>
      assert.deepEqual([Bucket, Key, ContentType], ['photos', 'a/b.jpg', contentType])
      assert.equal('ContentType' in input, contentType !== undefined)
      assert.equal(
        advances.reduce((sum, each) => sum + each, 0),
        9,
      )
    }
  })

  it('lets go of what it reads however it ends, and takes back what was shown of it when it fails', async () => {
    for (const refusal of [undefined, new Error('refused')]) {
      const { run, advances } = worldOf(refusal)
      const stream = Readable.from(['bytes'], { objectMode: false, autoDestroy: false })
      const outcome = await run(streamSource(stream)).catch((error: unknown) => error)
      assert.equal(outcome, refusal)
      assert.ok(stream.destroyed)
      assert.equal(
        advances.reduce((sum, each) => sum + each, 0),
        refusal ? 0 : 5,
      )
    }
  })

  it('stops reading when the user ends it', async () => {
    const { run, ending, taken } = worldOf()
    const endless = new Readable({ read: () => undefined })
    const uploading = run(streamSource(endless)).catch((error: unknown) => error)
    ending.abort()
    assert.ok((await uploading) instanceof Error)
    assert.ok(endless.destroyed)
    assert.equal(taken.length, 0)
  })
})
