import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before } from 'node:test'
import type { Operation } from '../../src/model/operation.ts'
import type { S3Action } from '../../src/model/s3/action.ts'
import { rightsOf } from '../../src/model/s3/right.ts'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import { SignedClient, type HttpResponse, type S3Request } from '../harness/signed-client.ts'
import { startServer, type TestServer } from './start-server.ts'

const REGION = 'us-east-1'
/** The bucket that all of it is about: with object lock, its owner owns all objects. */
export const BUCKET = 'rights'
const LATER = new Date(Date.now() + 86_400_000).toISOString()
/** What each object holds. */
export const BODY = Buffer.from('x')
/** Its ETag, quoted. */
export const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`

interface RightsWorld {
  readonly server: TestServer
  readonly ownerId: string
  readonly owner: SignedClient
  readonly otherId: string
  /** Another account, which may what the policy grants. */
  readonly other: SignedClient
}

let current: RightsWorld | undefined

/** The server and the clients of this file's tests. */
export function rightsWorld(): RightsWorld {
  assert.ok(current, 'the world is there when tests run')
  return current
}

before(async () => {
  const server = await startServer()
  const at = { endpoint: server.url, region: REGION }
  const [mine, others] = [await server.createAccount('owner'), await server.createAccount('other')]
  const owner = new SignedClient(at, mine.rootKey)
  current = {
    server,
    owner,
    ownerId: mine.account.accountId,
    other: new SignedClient(at, others.rootKey),
    otherId: others.account.accountId,
  }
  await good(owner, {
    method: 'PUT',
    path: `/${BUCKET}`,
    headers: {
      'x-amz-bucket-object-lock-enabled': 'true',
      'x-amz-object-ownership': 'BucketOwnerEnforced',
    },
  })
  // Some of the policies are about everybody.
  await good(owner, { method: 'DELETE', path: `/${BUCKET}?publicAccessBlock` })
})

after(async () => {
  const { owner, other, server } = rightsWorld()
  owner.close()
  other.close()
  await server.stop()
})

/** Sends a request that must succeed. */
export async function good(client: SignedClient, request: S3Request): Promise<HttpResponse> {
  const response = await client.s3({ ...request, headers: { ...md5Of(request.body), ...request.headers } })
  assert.ok(
    response.status < 300,
    `${request.method} ${request.path}: ${response.status} ${response.body.toString()}`,
  )
  return response
}

/** What requests on objects under lock need. */
export const md5Of = (body: Uint8Array = Buffer.alloc(0)) => ({
  'content-md5': createHash('md5').update(body).digest('base64'),
})

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: readonly string[]
  readonly Principal?: unknown
  readonly Condition?: object
}

/** Sets the policy; statements are about the other account unless they say otherwise. */
export function setPolicy(...statements: readonly Statement[]): Promise<HttpResponse> {
  const { owner, otherId } = rightsWorld()
  const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`]
  const Statement = statements.map((statement) => ({ Principal: { AWS: otherId }, ...statement, Resource }))
  const body = Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement }))
  return good(owner, { method: 'PUT', path: `/${BUCKET}?policy`, body })
}

/** Stores the object and gives its version. */
export async function makeObject(headers: Record<string, string> = {}): Promise<string> {
  const made = await good(rightsWorld().owner, { method: 'PUT', path: `/${BUCKET}/key`, headers, body: BODY })
  return String(made.headers['x-amz-version-id'])
}

/** Begins an upload as `client`, the owner unless another is named, and gives its id. */
export async function begin(
  headers: Record<string, string> = {},
  client = rightsWorld().owner,
): Promise<string> {
  const begun = await good(client, { method: 'POST', path: `/${BUCKET}/key?uploads`, headers })
  return /<UploadId>(.*)<\/UploadId>/.exec(begun.body.toString())?.[1] ?? ''
}

/** All that a new object may be given and that needs a right of its own. */
export const GIVEN = {
  'x-amz-acl': 'bucket-owner-full-control',
  'x-amz-tagging': 'team=a',
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': LATER,
  'x-amz-object-lock-legal-hold': 'ON',
}
/** Asks to get round GOVERNANCE retention. */
export const BYPASS = { 'x-amz-bypass-governance-retention': 'true' }
/** A document. */
export const xml = (name: string, content: string) => Buffer.from(`<${name}>${content}</${name}>`)
const TAGGING = xml('Tagging', '<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>')
const RETENTION = xml('Retention', `<Mode>GOVERNANCE</Mode><RetainUntilDate>${LATER}</RetainUntilDate>`)
const HOLD = xml('LegalHold', '<Status>ON</Status>')

/** A request on the object; `path` is what follows the key. */
export type Draft = Partial<S3Request> & Pick<S3Request, 'method'>
type Sample = (versionId: string) => Draft | Promise<Draft>

/** A request of each operation on objects that uses all of its rights; with `versionId` it names a version where the operation can. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  AbortMultipartUpload: async () => ({ method: 'DELETE', path: `?uploadId=${await begin()}` }),
  CompleteMultipartUpload: async () => {
    const id = await begin(GIVEN)
    await good(rightsWorld().owner, {
      method: 'PUT',
      path: `/${BUCKET}/key?uploadId=${id}&partNumber=1`,
      body: BODY,
    })
    const part = `<Part><PartNumber>1</PartNumber><ETag>${ETAG}</ETag></Part>`
    const body = xml('CompleteMultipartUpload', part)
    return { method: 'POST', path: `?uploadId=${id}`, headers: { 'if-match': ETAG }, body }
  },
  CopyObject: (version) => ({
    method: 'PUT',
    headers: {
      ...GIVEN,
      'x-amz-copy-source': `/${BUCKET}/key${version}`,
      'x-amz-metadata-directive': 'REPLACE',
      'if-match': ETAG,
    },
  }),
  CreateMultipartUpload: () => ({
    method: 'POST',
    path: '?uploads',
    headers: { ...GIVEN, 'if-match': ETAG },
  }),
  DeleteObject: (version) => ({ method: 'DELETE', path: version, headers: { ...BYPASS, 'if-match': ETAG } }),
  DeleteObjectTagging: (version) => ({ method: 'DELETE', path: marked('tagging', version) }),
  GetObject: (version) => ({ method: 'GET', path: version }),
  GetObjectAcl: (version) => ({ method: 'GET', path: marked('acl', version) }),
  GetObjectAttributes: (version) => ({
    method: 'GET',
    path: marked('attributes', version),
    headers: { 'x-amz-object-attributes': 'ETag' },
  }),
  GetObjectLegalHold: () => ({ method: 'GET', path: '?legal-hold' }),
  GetObjectRetention: () => ({ method: 'GET', path: '?retention' }),
  GetObjectTagging: (version) => ({ method: 'GET', path: marked('tagging', version) }),
  HeadObject: (version) => ({ method: 'HEAD', path: version }),
  ListParts: async () => ({ method: 'GET', path: `?uploadId=${await begin()}` }),
  PutObject: () => ({ method: 'PUT', headers: { ...GIVEN, 'if-match': ETAG }, body: BODY }),
  PutObjectAcl: (version) => ({
    method: 'PUT',
    path: marked('acl', version),
    headers: { 'x-amz-acl': 'private' },
  }),
  PutObjectLegalHold: () => ({ method: 'PUT', path: '?legal-hold', body: HOLD }),
  PutObjectRetention: () => ({ method: 'PUT', path: '?retention', headers: BYPASS, body: RETENTION }),
  PutObjectTagging: (version) => ({ method: 'PUT', path: marked('tagging', version), body: TAGGING }),
  UploadPart: async () => ({ method: 'PUT', path: `?partNumber=1&uploadId=${await begin()}`, body: BODY }),
  UploadPartCopy: async (version) => ({
    method: 'PUT',
    path: `?partNumber=1&uploadId=${await begin()}`,
    headers: { 'x-amz-copy-source': `/${BUCKET}/key${version}` },
  }),
}

const marked = (marker: string, version: string): string => `?${marker}${version.replace('?', '&')}`

/** The operation's sample, with what it needs in place. */
export async function sampleOf(operation: Operation, namesVersion: boolean): Promise<Draft> {
  const versionId = await makeObject({ 'x-amz-tagging': 'team=a' })
  const sample = SAMPLES[operation.name]
  assert.ok(sample, `a sample of ${operation.name}`)
  return await sample(namesVersion ? `?versionId=${versionId}` : '')
}

/** Sends a sample as the other account. */
export function sendAsOther(draft: Draft): Promise<HttpResponse> {
  const headers = { ...md5Of(draft.body), ...draft.headers }
  return rightsWorld().other.s3({ ...draft, path: `/${BUCKET}/key${draft.path ?? ''}`, headers })
}

interface Case {
  readonly operation: Operation
  readonly title: string
  readonly namesVersion: boolean
  readonly needed: ReadonlySet<S3Action>
}

/** Each operation on an object, and of a version where that has rights of its own, with the actions that its sample needs. */
export const OBJECT_CASES: readonly Case[] = S3_OPERATIONS.map(({ operation }) => operation)
  .filter(({ http }) => http?.target === 'object')
  .flatMap((operation) =>
    [false, true].flatMap((namesVersion) => {
      const rights = rightsOf(operation)
      if (namesVersion && !rights.some(({ ofVersion }) => ofVersion !== undefined)) return []
      const needed = new Set<S3Action>(
        rights.map(({ action, ofVersion }) => (namesVersion ? (ofVersion ?? action) : action)),
      )
      const title = `${operation.name}${namesVersion ? ' of a version' : ''}`
      return [{ operation, title, namesVersion, needed }]
    }),
  )
