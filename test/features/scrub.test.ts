import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { readScrub, wantScrub, type ScrubCounts } from '../../src/server/scrub/scrub-record.ts'
import { scrub } from '../../src/server/scrub/scrub.ts'
import { listDamage } from '../../src/server/store/list-damage.ts'
import { DAY_MS, startFeatureServer, type FeatureServer } from './feature-server.ts'

const Bucket = 'scrubbed'
const SIZE_BYTES = 400_000
const OPTIONS = { periodMs: 30 * DAY_MS, sharePercent: 100 }

const folder = mkdtempSync(join(tmpdir(), 'lugsail-scrub-'))
const metadataFile = join(folder, 'metadata', 'metadata.mdb')
let server: FeatureServer
let s3: S3Client

before(async () => {
  server = await startFeatureServer({
    metadata: `lmdb:${join(folder, 'metadata')}`,
    blobs: `files:${join(folder, 'blobs')}`,
    'scrub-disk-percent': '100',
  })
  s3 = (await server.createAccount('scrub')).s3
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'record', Body: 'body', ContentType: 'text/mark' }))
  await put('blob')
  await put('other blob')
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'upload' }))
  const Body = Buffer.alloc(SIZE_BYTES, 'part')
  await keepingFile('part', () =>
    s3.send(new UploadPartCommand({ Bucket, Key: 'upload', UploadId, PartNumber: 1, Body })),
  )
})
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const blobFiles = new Map<string, string>()

/** Stores something in a blob, and notes its file. */
async function keepingFile(name: string, store: () => Promise<unknown>): Promise<void> {
  const earlier = new Set(filesIn(join(folder, 'blobs')))
  await store()
  const [file] = filesIn(join(folder, 'blobs')).filter((path) => !earlier.has(path))
  assert.ok(file)
  blobFiles.set(name, file)
}

const put = (Key: string) =>
  keepingFile(Key, () => s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(SIZE_BYTES, Key) })))

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile())

function flipBit(path: string | undefined, at: number): void {
  assert.ok(path !== undefined && at >= 0)
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
}

/** Flips a bit of a text wherever the metadata have it: pages that are no longer in use have it, too. */
function flipText(text: string): void {
  const bytes = readFileSync(metadataFile)
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) flipBit(metadataFile, at)
}

/** A full pass in as many slices as it takes when each may read a little. */
async function scrubInSlices(checksPerSlice: number): Promise<Omit<ScrubCounts, 'bytes'>> {
  await wantScrub(server.context)
  for (;;) {
    let left = checksPerSlice
    await scrub(server.context, OPTIONS, { goesOn: () => left-- > 0 })
    const { pass, last } = (await readScrub(server.context)).record
    if (pass) continue
    assert.ok(last)
    const { records, blobs, damaged } = last
    return { records, blobs, damaged }
  }
}

async function damagedKeys(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listDamage(server.context)) keys.push(key)
  return keys.sort()
}

describe('a scrub', () => {
  it('reads every record and blob once a period, and no more often', async () => {
    await server.pass(60_000)
    const first = (await readScrub(server.context)).record.last
    assert.ok(first)
    assert.equal(first.damaged, 0)
    assert.equal(first.blobs, 3)
    assert.ok(first.bytes > 3 * SIZE_BYTES && first.bytes < 3.1 * SIZE_BYTES, `${first.bytes} bytes`)
    await server.pass(29 * DAY_MS)
    assert.equal((await readScrub(server.context)).record.last?.startedAt, first.startedAt)
    await server.pass(DAY_MS)
    assert.ok(((await readScrub(server.context)).record.last?.startedAt ?? 0) > first.startedAt)
  })

  it('goes on where it was interrupted, in the middle of a blob too', async () => {
    const whole = await scrubInSlices(Infinity)
    assert.equal(whole.blobs, 3)
    for (const checks of [1, 2, 3, 7]) assert.deepEqual(await scrubInSlices(checks), whole)
  })

  it('is ended by one of two processes that go on with it at once', async () => {
    await wantScrub(server.context)
    let ended = 0
    const options = {
      ...OPTIONS,
      onPass: (_pass: ScrubCounts, isOver: boolean) => void (ended += isOver ? 1 : 0),
    }
    const goesOn = (): boolean => true
    await Promise.all([
      scrub(server.context, options, { goesOn }),
      scrub(server.context, options, { goesOn }),
    ])
    assert.equal(ended, 1)
    assert.equal((await readScrub(server.context)).record.pass, null)
  })

  it('finds a bucket that lost a record, and counts on', async () => {
    const whole = await scrubInSlices(Infinity)
    const { metadata } = server.context
    const [entry] = await metadata.scan({ start: Buffer.from('C'), end: Buffer.from('D'), limit: 1 })
    assert.ok(entry)
    await metadata.commit({ deletes: [entry.key] })
    for (const checks of [Infinity, 3]) assert.equal((await scrubInSlices(checks)).damaged, 1)
    await metadata.commit({ sets: [entry] })
    assert.deepEqual(await scrubInSlices(Infinity), whole)
  })

  it('writes down what is damaged and reads on behind it', async () => {
    const whole = await scrubInSlices(Infinity)
    flipBit(blobFiles.get('blob'), SIZE_BYTES - 10)
    flipText('text/mark')
    flipBit(blobFiles.get('part'), 1_000)
    const found = await scrubInSlices(Infinity)
    assert.equal(found.damaged, 3)
    // All but the damaged record; what was written down are records behind it.
    assert.ok(found.records >= whole.records - 1)
    assert.deepEqual(await damagedKeys(), ['blob', 'record'])
  })

  it('finds a blob that is missing, and not one that was removed with its object', async () => {
    rmSync(blobFiles.get('other blob') ?? '')
    assert.equal((await scrubInSlices(Infinity)).damaged, 4)
    assert.deepEqual(await damagedKeys(), ['blob', 'other blob', 'record'])
    for (const Key of ['blob', 'other blob', 'record'])
      await s3.send(new DeleteObjectCommand({ Bucket, Key }))
    assert.equal((await scrubInSlices(Infinity)).damaged, 1)
    assert.deepEqual(await damagedKeys(), [])
  })
})
