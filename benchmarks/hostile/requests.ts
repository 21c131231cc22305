import { createHash } from 'node:crypto'
import type { PreparedRequest } from '../load/http-connection.ts'
import { lightsailRequest, signedRequest } from '../load/signed-request.ts'
import type { Target } from '../load/target.ts'
import { rawRequest } from './wire.ts'

/** Documents that are refused for their length alone, and that are read: `<a/>` in them, 8 MiB and 3 MiB less a little. */
const EMPTY_ELEMENTS = 2 << 20
const READ_ELEMENTS = (3 << 18) - 32
const SMALL_CHUNKS = 512 * 1024
const SIGNED_CHUNKS = 64 * 1024
const REFERER = `https://${'.example.com'.repeat(2_500)}`

/** One kind of hostile request; each is sent on a connection of its own. */
export interface HostileRequest {
  readonly name: string
  /** Whether its sender has a key. */
  readonly isSigned: boolean
  readonly request: PreparedRequest
}

/** Where the requests go: a private bucket, and one with each of the policies below. */
export interface Buckets {
  readonly privateBucket: string
  readonly hotLinkBucket: string
  readonly longPolicyBucket: string
  readonly searchedBucket: string
  readonly agentBucket: string
  /** An upload in the private bucket that was begun. */
  readonly uploadId: string
}

/** What guides recommend against hot-linking, with more wildcards. */
export const hotLinkPolicy = (bucket: string) =>
  denyPolicy([`arn:aws:s3:::${bucket}/*`], {
    StringNotLike: {
      'aws:Referer': Array.from({ length: 40 }, (_, n) => `https://*.s${n}*.example*.com/*`),
    },
  })

/** 17 KB of patterns, none of which fits. */
export const longPolicy = (bucket: string) =>
  denyPolicy(Array.from({ length: 150 }, (_, n) => `arn:aws:s3:::${bucket}/*${'k*'.repeat(35)}z${n}`))

/** 450 patterns that each go through all of a key, and none of which fits. */
export const searchingPolicy = (bucket: string) =>
  denyPolicy(Array.from({ length: 450 }, (_, n) => `arn:aws:s3:::${bucket}/*kk${n}*`))

/** 1,500 patterns that each go through all of a User-Agent. */
export const agentPolicy = (bucket: string) =>
  denyPolicy([`arn:aws:s3:::${bucket}/*`], {
    StringLike: { 'aws:UserAgent': Array.from({ length: 1_500 }, (_, n) => `*k?${n}*`) },
  })

/** All kinds. */
export function hostileRequests(target: Target, buckets: Buckets): HostileRequest[] {
  const { privateBucket, hotLinkBucket, longPolicyBucket, searchedBucket, agentBucket, uploadId } = buckets
  const host = `Host: ${target.host}:${target.port}`
  const post = (path: string, body: Buffer, more: readonly string[] = []) =>
    rawRequest([`POST ${path} HTTP/1.1`, host, `Content-Length: ${body.length}`, ...more], body)
  const empty = Buffer.from('<a/>'.repeat(EMPTY_ELEMENTS))
  const deletion = wrapped('Delete', empty)
  const completion = wrapped('CompleteMultipartUpload', empty)
  const keys = deletionOf((n) => `<Key>${'k'.repeat(900)}${n}</Key>`)
  const versions = deletionOf((n) => `<Key>k${n}</Key><VersionId>null</VersionId>`)
  const references = deletionOf((n) => `<Key>${'&#107;'.repeat(1_000)}${n}</Key>`)
  const fewerReferences = deletionOf((n) => `<Key>${'&#107;'.repeat(90)}${'k'.repeat(810)}${n}</Key>`)
  const read = Buffer.from('<a/>'.repeat(READ_ELEMENTS))
  const parts = Buffer.from(
    `<CompleteMultipartUpload>${Array.from({ length: 10_000 }, (_, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>"${'0'.repeat(32)}"</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
  )
  const comments = Buffer.alloc(read.length - (read.length % 7), '<!---->')
  const control = ['Content-Type: application/x-amz-json-1.1', 'X-Amz-Target: Lightsail_20161128.GetBuckets']
  const oneByteChunks = Buffer.from(`${'1\r\na\r\n'.repeat(SMALL_CHUNKS)}0\r\n\r\n`)
  const get = signedRequest(target, { method: 'GET', path: `/${privateBucket}/object` })
  const stranger = { ...target, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }
  const signed = (path: string, body: Buffer) =>
    signedRequest(target, { method: 'POST', path, body: [body], headers: { 'content-md5': md5(body) } })
  const all: readonly (readonly [name: string, request: PreparedRequest, isSigned?: true])[] = [
    ['DeleteObjects, 8 MiB of <a/>', post(`/${privateBucket}?delete`, deletion)],
    ['CompleteMultipartUpload, 8 MiB of <a/>', post(`/${privateBucket}/k?uploadId=${uploadId}`, completion)],
    ['control plane, 8 MiB', post('/', empty, control)],
    ['HTTP chunks of one byte, 512 Ki of them', chunked(`/${privateBucket}?delete`, host, oneByteChunks)],
    ['wrong signature', tampered(get)],
    ['unknown key', signedRequest(stranger, { method: 'GET', path: `/${privateBucket}/object` })],
    ['control plane, wrong signature, 200 KiB', tampered(longControlRequest(target))],
    [
      '2,000 "&" before the query',
      rawRequest([`GET /${privateBucket}/object?${'&'.repeat(2_000)}tagging HTTP/1.1`, host]),
    ],
    [
      '40 wildcard patterns, Referer of 30 KB',
      rawRequest([`GET /${hotLinkBucket}/object HTTP/1.1`, host, `Referer: ${REFERER}`]),
    ],
    [
      '1,500 wildcard patterns, User-Agent of 30 KB',
      rawRequest([`GET /${agentBucket}/object HTTP/1.1`, host, `User-Agent: ${'k'.repeat(30_000)}`]),
    ],
    [
      'HTTP chunks of one byte, 512 Ki, bucket with a policy',
      chunked(`/${longPolicyBucket}?delete`, host, oneByteChunks, [`Content-MD5: ${md5(keys)}`]),
    ],
    [
      'DeleteObjects, 1,000 keys, policy of 17 KB',
      post(`/${longPolicyBucket}?delete`, keys, [`Content-MD5: ${md5(keys)}`]),
    ],
    [
      'DeleteObjects, 1,000 keys, 450 patterns',
      post(`/${searchedBucket}?delete`, keys, [`Content-MD5: ${md5(keys)}`]),
    ],
    ['DeleteObjects, 8 MiB of <a/>', signed(`/${privateBucket}?delete`, deletion), true],
    [
      'CompleteMultipartUpload, 8 MiB of <a/>',
      signed(`/${privateBucket}/k?uploadId=${uploadId}`, completion),
      true,
    ],
    ['DeleteObjects, 3 MiB of <a/>', signed(`/${privateBucket}?delete`, wrapped('Delete', read)), true],
    [
      'CompleteMultipartUpload, 3 MiB of <!---->',
      signed(`/${privateBucket}/k?uploadId=${uploadId}`, wrapped('CompleteMultipartUpload', comments)),
      true,
    ],
    [
      'aws-chunked of one byte, 512 Ki of them',
      awsChunked(target, `/${privateBucket}/chunks`, oneByteChunks),
      true,
    ],
    [
      'PUT of the same 3 MiB, for comparison',
      signedPut(target, `/${privateBucket}/plain`, oneByteChunks),
      true,
    ],
    ['signed chunks of one byte', signedChunks(target, `/${privateBucket}/chunks`), true],
    [
      'CompleteMultipartUpload, 10,000 parts',
      signed(`/${privateBucket}/k?uploadId=${uploadId}`, parts),
      true,
    ],
    ['DeleteObjects, 1,000 keys, no policy', signed(`/${privateBucket}?delete`, keys), true],
    ['DeleteObjects, 1,000 versions, no policy', signed(`/${privateBucket}?delete`, versions), true],
    ['DeleteObjects, a million references', signed(`/${privateBucket}?delete`, references), true],
    ['DeleteObjects, 90,000 references', signed(`/${privateBucket}?delete`, fewerReferences), true],
    ['DeleteObjects, 1,000 keys, policy of 17 KB', signed(`/${longPolicyBucket}?delete`, keys), true],
    ['DeleteObjects, 1,000 keys, 450 patterns', signed(`/${searchedBucket}?delete`, keys), true],
  ]
  return all.map(([name, request, isSigned]) => ({ name, request, isSigned: isSigned === true }))
}

/** A control-plane request of a key that exists, whose body is as long as it may be before the signature is known. */
export function longControlRequest(target: Target): PreparedRequest {
  return lightsailRequest(target, 'GetBuckets', { bucketName: 'x'.repeat(200 * 1024) })
}

/** The same request with the last character of its signature changed. */
function tampered(request: PreparedRequest): PreparedRequest {
  const head = request.head
    .toString('latin1')
    .replace(
      /(Signature=[0-9a-f]{63})(.)/,
      (_, start: string, last: string) => start + (last === '0' ? '1' : '0'),
    )
  return { ...request, head: Buffer.from(head, 'latin1') }
}

/** A document that deletes 1,000 things. */
function deletionOf(content: (n: number) => string): Buffer {
  const objects = Array.from({ length: 1_000 }, (_, n) => `<Object>${content(n)}</Object>`)
  return Buffer.from(`<Delete>${objects.join('')}</Delete>`)
}

function chunked(path: string, host: string, body: Buffer, more: readonly string[] = []): PreparedRequest {
  return rawRequest([`POST ${path} HTTP/1.1`, host, 'Transfer-Encoding: chunked', ...more], body)
}

const signedPut = (target: Target, path: string, body: Buffer): PreparedRequest =>
  signedRequest(target, { method: 'PUT', path, body: [body] })

/** The chunks have no right signature: the first two are enough to be refused. */
function signedChunks(target: Target, path: string): PreparedRequest {
  const chunk = `1;chunk-signature=${'0'.repeat(64)}\r\na\r\n`
  const body = Buffer.from(chunk.repeat(SIGNED_CHUNKS))
  return signedRequest(target, {
    method: 'PUT',
    path,
    body: [body],
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    headers: { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(SIGNED_CHUNKS) },
  })
}

function awsChunked(target: Target, path: string, body: Buffer): PreparedRequest {
  return signedRequest(target, {
    method: 'PUT',
    path,
    body: [body],
    payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    headers: { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(SMALL_CHUNKS) },
  })
}

function denyPolicy(resources: readonly string[], condition?: object): string {
  const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resources }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [condition ? { ...statement, Condition: condition } : statement],
  })
}

function wrapped(root: string, inner: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`<${root}>`), inner, Buffer.from(`</${root}>`)])
}

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('base64')
}
