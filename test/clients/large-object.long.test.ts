import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { startWorld } from './world.ts'

const PART_BYTES = 64 * 1024 * 1024
const PARTS = 80
const PARTS_AT_ONCE = 4
const RSS_BYTES_MAX = 300 * 1024 * 1024

describe('an object of 5 GiB', () => {
  const world = startWorld()
  const content = randomBytes(PART_BYTES)
  let client: S3Client

  before(() => {
    const { endpoint, region, key: credentials } = world()
    client = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
  })
  after(() => client.destroy())

  /** The bytes of a part: the same random ones, numbered, so that no two parts are alike. */
  const part = (number: number): Buffer => {
    const bytes = Buffer.from(content)
    for (let at = 0; at < PART_BYTES; at += 65_536) bytes.writeUInt32BE(number, at)
    return bytes
  }

  it('is stored in parts and read in one go, byte for byte, by a server that stays below 300 MB of memory', async (t) => {
    const target = { Bucket: world().bucket, Key: 'five gibibytes' }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
    const etags: string[] = []
    let next = 1
    const sendParts = async (): Promise<void> => {
      while (next <= PARTS) {
        const PartNumber = next++
        const command = new UploadPartCommand({ ...target, UploadId, PartNumber, Body: part(PartNumber) })
        const { ETag } = await client.send(command)
        etags[PartNumber - 1] = ETag ?? ''
      }
    }
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendParts))
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    t.diagnostic(`peak after the upload: ${Math.round(peakRssBytes(world().serverPid) / 1e6)} MB`)

    const sent = createHash('sha256')
    for (let number = 1; number <= PARTS; number++) sent.update(part(number))
    const received = createHash('sha256')
    let receivedBytes = 0
    const { Body } = await client.send(new GetObjectCommand(target))
    assert.ok(Body instanceof Readable)
    const count = new Writable({
      write(piece: Buffer, _encoding, done) {
        receivedBytes += piece.length
        received.update(piece)
        done()
      },
    })
    await pipeline(Body, count)
    assert.equal(receivedBytes, PARTS * PART_BYTES)
    assert.equal(received.digest('hex'), sent.digest('hex'))
    await client.send(new DeleteObjectCommand(target))

    const peak = peakRssBytes(world().serverPid)
    t.diagnostic(`peak after the download: ${Math.round(peak / 1e6)} MB`)
    assert.ok(peak < RSS_BYTES_MAX, `the server took ${peak} bytes of memory`)
  })
})

/** The most memory that a process ever had at once, as Linux counts it. */
function peakRssBytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  assert.ok(kibibytes !== undefined)
  return Number(kibibytes) * 1024
}
