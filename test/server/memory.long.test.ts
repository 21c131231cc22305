import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, it } from 'node:test'
import { CreateBucketCommand } from '@aws-sdk/client-lightsail'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

const MEBIBYTE = 1024 * 1024
const PART_BYTES = 64 * MEBIBYTE
const OBJECT_GIB = Number(process.env['LUGSAIL_MEMORY_TEST_GIB'] ?? 5)
const PARTS = (OBJECT_GIB * 1024 * MEBIBYTE) / PART_BYTES
const RESIDENT_BYTES_MAX = 300_000_000

let server: RunningServer
before(async () => {
  server = await startServer({})
  await lightsailClient(server).send(new CreateBucketCommand({ bucketName: 'huge', bundleId: 'small_1_0' }))
})
after(() => server.stop())

/** The most memory that the process ever had, as Linux counts it. */
const residentBytesPeak = (): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024

const skip = process.platform === 'linux' ? false : 'the peak of memory is read from /proc'

it(
  `a multipart upload of ${OBJECT_GIB} GiB and its download leave the server under 300 MB`,
  { skip },
  async () => {
    const s3 = s3Client(server)
    const target = { Bucket: 'huge', Key: 'object' }
    const sent = createHash('sha256')
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target))
    const Parts = []
    for (let PartNumber = 1; PartNumber <= PARTS; PartNumber++) {
      const Body = Buffer.alloc(PART_BYTES, PartNumber)
      sent.update(Body)
      const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    const received = createHash('sha256')
    const { Body } = await s3.send(new GetObjectCommand(target))
    for await (const piece of Body as AsyncIterable<Uint8Array>) received.update(piece)
    assert.equal(received.digest('hex'), sent.digest('hex'))
    const peak = residentBytesPeak()
    assert.ok(peak > 0 && peak < RESIDENT_BYTES_MAX, `the server's memory went up to ${peak} bytes`)
  },
)
