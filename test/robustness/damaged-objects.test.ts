import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { s3Client } from '../harness/clients.ts'
import { runServerCommand } from '../harness/server-command.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { until } from '../harness/until.ts'
import { lookAtStore } from '../harness/verify-store.ts'

const Bucket = 'damaged'
const SIZE_BYTES = 400_000
const CLEAR = /damaged and cannot be read/

let server: RunningServer
let s3: S3Client
before(async () => {
  server = await startServer()
  s3 = s3Client(server)
  await s3.send(new CreateBucketCommand({ Bucket }))
})
after(async () => {
  s3.destroy()
  await server.stop()
})

function blobFiles(): string[] {
  const folder = join(server.dataFolder, 'store', 'blobs', 'blobs')
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Stores an object and flips a bit of its file. */
async function putDamaged(Key: string, at: number): Promise<string> {
  const before = new Set(blobFiles())
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(SIZE_BYTES, Key) }))
  const [file = ''] = blobFiles().filter((name) => !before.has(name))
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(file, bytes)
  return file
}

const isClear500 = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InternalError' && CLEAR.test(error.message)

const get = async (Key: string, Range?: string): Promise<Uint8Array> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }))
  return await (Body?.transformToByteArray() ?? new Uint8Array())
}

describe('an object of which a bit was flipped on the disk', () => {
  it('is answered with 500 where its first bytes are damaged, and named once in the log', async () => {
    const file = await putDamaged('first', 10)
    for (let round = 0; round < 3; round++) await assert.rejects(get('first'), isClear500)
    const isTold = (line: string) => line.includes('what is stored is damaged') && line.includes('"first"')
    const told = () => server.log().split('\n').filter(isTold)
    // The log is written a moment after what it tells of.
    await until(() => told().length > 0)
    assert.equal(told().length, 1)
    const line = JSON.parse(told()[0] ?? '') as Record<string, unknown>
    assert.deepEqual([line.bucketName, line.objectKey], [Bucket, 'first'])
    assert.deepEqual([line.bucketId, line.key, line.order], [undefined, undefined, undefined])
    assert.equal(line.versionId, 'null')
    assert.equal(line.offset, 0)
    assert.equal(line.place, file)
    assert.match(await (await fetch(`${server.endpoint}/-/metrics`)).text(), /^lugsail_damage_total [1-9]/m)
  })

  it('is cut where bytes behind the first are damaged, then answered with 500, HEAD as GET', async () => {
    await putDamaged('later', SIZE_BYTES - 10)
    await assert.rejects(get('later'))
    await assert.rejects(get('later'), isClear500)
    await assert.rejects(
      s3.send(new HeadObjectCommand({ Bucket, Key: 'later' })),
      (error: unknown) =>
        error instanceof Error && '$metadata' in error && JSON.stringify(error.$metadata).includes('500'),
    )
  })

  it('is copied nowhere, as an object or as a part', async () => {
    await putDamaged('source', SIZE_BYTES - 10)
    const CopySource = `${Bucket}/source`
    await assert.rejects(s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource })))
    await assert.rejects(get('copy'), { name: 'NoSuchKey' })
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
    await assert.rejects(
      s3.send(new UploadPartCopyCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, CopySource })),
    )
  })

  it('can be overwritten and deleted, and is an object like any other then', async () => {
    await putDamaged('overwritten', 10)
    await assert.rejects(get('overwritten'), isClear500)
    await s3.send(new PutObjectCommand({ Bucket, Key: 'overwritten', Body: 'new' }))
    assert.equal(Buffer.from(await get('overwritten')).toString(), 'new')
    await putDamaged('deleted', 10)
    await assert.rejects(get('deleted'), isClear500)
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }))
    await assert.rejects(get('deleted'), { name: 'NoSuchKey' })
  })

  it('gives a range of it until damage is known', async () => {
    await putDamaged('range', SIZE_BYTES - 10)
    assert.equal((await get('range', 'bytes=0-99')).length, 100)
    await assert.rejects(get('range', `bytes=${SIZE_BYTES - 50}-`), isClear500)
  })
})

describe('lugsail store verify and store damaged beside a server', () => {
  it('tells of every damaged object, and of nothing else while others are written', async () => {
    await putDamaged('one', 10)
    await putDamaged('two', SIZE_BYTES - 10)
    let isOver = false
    const writers = [1, 2, 3, 4].map(async (writer) => {
      for (let round = 0; !isOver; round++) {
        const Key = `busy-${writer}-${round % 5}`
        await s3.send(
          new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(round % 2 ? 100 : SIZE_BYTES, Key) }),
        )
        if (round % 3 === 0) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
      }
    })
    const known = ['first', 'later', 'source', 'range', 'one', 'two']
    for (let round = 0; round < 3; round++) {
      const { report } = await lookAtStore(server.dataFolder, { sweeps: false })
      const objects = report.problems.map((problem) => /object "([^"]+)"/.exec(problem)?.[1] ?? problem)
      assert.deepEqual(objects.sort(), known.sort())
      assert.equal(report.problemCount, known.length)
    }
    isOver = true
    await Promise.all(writers)
    assert.deepEqual(damagedKeys().sort(), known.sort())
  })

  it('strikes off what is whole again, and lists no more what was overwritten or deleted', async () => {
    const file = await putDamaged('mended', 10)
    await assert.rejects(get('mended'), isClear500)
    const bytes = readFileSync(file)
    bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10)
    writeFileSync(file, bytes)
    await lookAtStore(server.dataFolder, { sweeps: false })
    assert.equal((await get('mended')).length, SIZE_BYTES)
    await s3.send(new PutObjectCommand({ Bucket, Key: 'one', Body: 'new' }))
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'two' }))
    assert.deepEqual(damagedKeys().sort(), ['first', 'later', 'range', 'source'])
  })
})

/** Object keys, as the command tells them beside the server. */
function damagedKeys(): string[] {
  const { status, stdout, stderr } = runServerCommand(
    ...['store', 'damaged', '--data', server.dataFolder, '--output', 'json'],
  )
  assert.equal(status, 0, stderr)
  const { damaged } = JSON.parse(stdout) as { damaged: Readonly<Record<string, unknown>>[] }
  return damaged.map(({ bucketName, objectKey, key, foundAt }) => {
    assert.equal(bucketName, Bucket)
    assert.equal(key, undefined)
    assert.match(String(foundAt), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    return String(objectKey)
  })
}
