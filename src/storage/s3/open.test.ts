import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { openS3BlobStore } from './open.ts'

const HOUR_MS = 3_600_000

interface LeftUpload {
  readonly key: string
  readonly uploadId: string
  readonly startedAt: number
}

/** A cluster that is asked over HTTP as at a start, with uploads that were left there, a page of two of them at a time. `answer`: another response to what begins so. */
async function newCluster(
  t: { after: (end: () => void) => void },
  uploads: readonly LeftUpload[] = [],
  answer: Readonly<Record<string, readonly [status: number, code: string]>> = {},
) {
  const asked: string[] = []
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume()
    const url = new URL(request.url ?? '', 'http://localhost')
    const what = `${request.method} ${url.pathname}${url.searchParams.has('uploads') ? '?uploads' : ''}`
    const marker = url.searchParams.get('upload-id-marker') ?? ''
    const uploadId = url.searchParams.get('uploadId')
    asked.push(uploadId === null ? what : `${what} ${uploadId}`)
    const refused = Object.entries(answer).find(([beginning]) => what.startsWith(beginning))?.[1]
    response.setHeader('content-type', 'application/xml')
    if (refused) {
      response
        .writeHead(refused[0])
        .end(`<Error><Code>${refused[1]}</Code><Message>refused</Message></Error>`)
      return
    }
    if (!url.searchParams.has('uploads')) {
      const isListing = request.method === 'GET'
      response.end(isListing ? '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>' : '')
      return
    }
    const left = uploads.filter((upload) => upload.uploadId > marker)
    const page = left.slice(0, 2)
    const last = page.at(-1)
    const members = page.map(
      ({ key, uploadId: id, startedAt }) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${new Date(startedAt).toISOString()}</Initiated></Upload>`,
    )
    const next = last
      ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextUploadIdMarker>${last.uploadId}</NextUploadIdMarker>`
      : ''
    response.end(
      `<ListMultipartUploadsResult>${members.join('')}${next}<IsTruncated>${page.length < left.length}</IsTruncated></ListMultipartUploadsResult>`,
    )
  }
  const server = createServer(take).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clock = new ManualClock()
  const open = (prefix = 'some/where') =>
    openS3BlobStore(`s3://K:S@blobs/${prefix}?endpoint=${encodeURIComponent(endpoint)}`, clock)
  return { open, asked, clock }
}

describe('opening the blobs of an S3 cluster', () => {
  it('looks whether the bucket gives, takes and gives up what lies behind the prefix', async (t) => {
    const { open, asked } = await newCluster(t)
    const store = await open()
    assert.equal(store.placeOf('a').endsWith('some/where/a'), true)
    await store.close()
    const [list, put, remove, uploads] = asked
    assert.equal(asked.length, 4)
    assert.match(list ?? '', /^GET \/blobs\/?$/)
    assert.match(put ?? '', /^PUT \/blobs\/some\/where\/PROBE-[0-9a-f]{16}$/)
    assert.equal(remove, put?.replace('PUT', 'DELETE'))
    assert.match(uploads ?? '', /^GET \/blobs\/?\?uploads$/)
    await (await open('')).close()
    assert.match(asked[5] ?? '', /^PUT \/blobs\/PROBE-/)
  })

  it('gives up uploads of blobs that were left for a day, on all pages, and those of others not', async (t) => {
    const now = new ManualClock().now()
    const old = now - 24 * HOUR_MS - 1
    const { open, asked } = await newCluster(t, [
      { key: 'some/where/a', uploadId: 'u1', startedAt: old },
      { key: 'some/where/b', uploadId: 'u2', startedAt: now - 24 * HOUR_MS },
      { key: 'some/where/PROBE-1', uploadId: 'u3', startedAt: old },
      { key: 'some/where/other/c', uploadId: 'u4', startedAt: old },
      { key: 'some/where/d', uploadId: 'u5', startedAt: old },
    ])
    await (await open()).close()
    assert.deepEqual(
      asked.filter((each) => / u\d$/.test(each)),
      ['DELETE /blobs/some/where/a u1', 'DELETE /blobs/some/where/d u5'],
    )
    assert.equal(asked.filter((each) => each.endsWith('?uploads')).length, 3)
  })

  it('fails in words with what the cluster refuses, at whichever step that is', async (t) => {
    for (const [step, code, hint] of [
      ['GET /blobs', 'NoSuchBucket', /Create the bucket first/],
      ['PUT /blobs', 'AccessDenied', /must be allowed/],
      ['DELETE /blobs', 'AccessDenied', /must be allowed/],
    ] as const) {
      const { open } = await newCluster(t, [], { [step]: [403, code] })
      await assert.rejects(
        open(),
        (error) =>
          error instanceof StoreUnavailable &&
          error.message.startsWith('S3 bucket blobs/some/where/ at http://127.0.0.1:') &&
          error.message.includes(`${code} (HTTP 403): refused`) &&
          hint.test(error.message),
        step,
      )
    }
    await assert.rejects(openS3BlobStore('s3://'), RangeError)
  })
})
