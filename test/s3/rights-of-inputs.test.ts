import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Operation } from '../../src/model/operation.ts'
import type { S3Action } from '../../src/model/s3/action.ts'
import { rightsOf } from '../../src/model/s3/right.ts'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import { SignedClient, type Answer, type S3Request } from '../harness/signed-client.ts'
import { startServer, type TestServer } from './start-server.ts'

const REGION = 'us-east-1'
const BUCKET = 'rights'
const LATER = new Date(Date.now() + 86_400_000).toISOString()
const BODY = Buffer.from('x')
const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`

let server: TestServer
let owner: SignedClient
let other: SignedClient
let otherId: string

before(async () => {
  server = await startServer()
  const at = { endpoint: server.url, region: REGION }
  owner = new SignedClient(at, (await server.createAccount('owner')).rootKey)
  const { account, rootKey } = await server.createAccount('other')
  other = new SignedClient(at, rootKey)
  otherId = account.accountId
  await good(owner, {
    method: 'PUT',
    path: `/${BUCKET}`,
    headers: {
      'x-amz-bucket-object-lock-enabled': 'true',
      'x-amz-object-ownership': 'BucketOwnerEnforced',
    },
  })
})

after(async () => {
  owner.close()
  other.close()
  await server.stop()
})

async function good(client: SignedClient, request: S3Request): Promise<Answer> {
  const answer = await client.s3({ ...request, headers: { ...md5Of(request.body), ...request.headers } })
  assert.ok(
    answer.status < 300,
    `${request.method} ${request.path}: ${answer.status} ${answer.body.toString()}`,
  )
  return answer
}

const md5Of = (body: Uint8Array = Buffer.alloc(0)) => ({
  'content-md5': createHash('md5').update(body).digest('base64'),
})

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: readonly string[]
}

function setPolicy(...statements: readonly Statement[]): Promise<Answer> {
  const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`]
  const Statement = statements.map((statement) => ({ ...statement, Principal: { AWS: otherId }, Resource }))
  const body = Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement }))
  return good(owner, { method: 'PUT', path: `/${BUCKET}?policy`, body })
}

/** What a sample needs to be there; made anew for each request. */
async function makeObject(headers: Record<string, string> = {}): Promise<string> {
  const made = await good(owner, { method: 'PUT', path: `/${BUCKET}/key`, headers, body: BODY })
  return String(made.headers['x-amz-version-id'])
}

async function begin(headers: Record<string, string> = {}): Promise<string> {
  const begun = await good(owner, { method: 'POST', path: `/${BUCKET}/key?uploads`, headers })
  return /<UploadId>(.*)<\/UploadId>/.exec(begun.body.toString())?.[1] ?? ''
}

const GIVEN = {
  'x-amz-acl': 'bucket-owner-full-control',
  'x-amz-tagging': 'team=a',
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': LATER,
  'x-amz-object-lock-legal-hold': 'ON',
}
const BYPASS = { 'x-amz-bypass-governance-retention': 'true' }
const lock = (name: string, content: string) => Buffer.from(`<${name}>${content}</${name}>`)
const TAGGING = lock('Tagging', '<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>')
const RETENTION = lock('Retention', `<Mode>GOVERNANCE</Mode><RetainUntilDate>${LATER}</RetainUntilDate>`)
const HOLD = lock('LegalHold', '<Status>ON</Status>')

type Draft = Partial<S3Request> & Pick<S3Request, 'method'>
type Sample = (versionId: string) => Draft | Promise<Draft>

/** A request of each operation on objects that uses all of its rights; with `versionId` it names a version where the operation can. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  AbortMultipartUpload: async () => ({ method: 'DELETE', path: `?uploadId=${await begin()}` }),
  CompleteMultipartUpload: async () => {
    const id = await begin(GIVEN)
    await good(owner, { method: 'PUT', path: `/${BUCKET}/key?uploadId=${id}&partNumber=1`, body: BODY })
    const part = `<Part><PartNumber>1</PartNumber><ETag>${ETAG}</ETag></Part>`
    const body = lock('CompleteMultipartUpload', part)
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

/** Whether the request is refused for want of a right. */
async function isRefused(draft: Draft): Promise<boolean> {
  const headers = { ...md5Of(draft.body), ...draft.headers }
  const answer = await other.s3({ ...draft, path: `/${BUCKET}/key${draft.path ?? ''}`, headers })
  return answer.status === 403
}

async function sampleOf(operation: Operation, namesVersion: boolean): Promise<Draft> {
  const versionId = await makeObject({ 'x-amz-tagging': 'team=a' })
  const sample = SAMPLES[operation.name]
  assert.ok(sample, `a sample of ${operation.name}`)
  return sample(namesVersion ? `?versionId=${versionId}` : '')
}

const objectOperations = S3_OPERATIONS.map(({ operation }) => operation as Operation).filter(
  ({ http }) => http?.target === 'object',
)

for (const operation of objectOperations)
  for (const namesVersion of [false, true]) {
    const rights = rightsOf(operation)
    if (namesVersion && !rights.some(({ ofVersion }) => ofVersion !== undefined)) continue
    const needed = new Set<S3Action>(
      rights.map(({ action, ofVersion }) => (namesVersion ? (ofVersion ?? action) : action)),
    )
    describe(`${operation.name}${namesVersion ? ' of a version' : ''}`, () => {
      it('is let in by all of its rights', async () => {
        await setPolicy({ Effect: 'Allow', Action: [...needed] })
        assert.equal(await isRefused(await sampleOf(operation, namesVersion)), false)
      })
      for (const action of needed) {
        it(`is refused without ${action}`, async () => {
          const others = [...needed].filter((item) => item !== action)
          await setPolicy({ Effect: 'Allow', Action: others.length > 0 ? others : ['s3:GetBucketLocation'] })
          assert.equal(await isRefused(await sampleOf(operation, namesVersion)), true)
        })
        it(`is refused by a Deny of ${action}`, async () => {
          await setPolicy({ Effect: 'Allow', Action: ['s3:*'] }, { Effect: 'Deny', Action: [action] })
          assert.equal(await isRefused(await sampleOf(operation, namesVersion)), true)
        })
      }
    })
  }

describe('DeleteObjects', () => {
  const outcomesOf = async (entries: string, headers = {}) => {
    const body = lock('Delete', entries)
    const path = `/${BUCKET}?delete`
    const answer = await other.s3({ method: 'POST', path, headers: { ...md5Of(body), ...headers }, body })
    return [...answer.body.toString().matchAll(/<(Deleted|Code)>([A-Za-z]*)/g)].map(
      ([, name, code]) => code || name,
    )
  }
  const entry = (more = '') => `<Object><Key>key</Key>${more}</Object>`

  it('decides on each entry by what the entry says', async () => {
    const version = `<VersionId>${await makeObject()}</VersionId>`
    await setPolicy({ Effect: 'Allow', Action: ['s3:DeleteObject'] })
    assert.deepEqual(await outcomesOf(entry() + entry(version)), ['Deleted', 'AccessDenied'])
    const withEtag = `${version}<ETag>${ETAG}</ETag>`
    await setPolicy({ Effect: 'Allow', Action: ['s3:DeleteObjectVersion'] })
    assert.deepEqual(await outcomesOf(entry(withEtag)), ['AccessDenied'])
    assert.deepEqual(await outcomesOf(entry(version), BYPASS), ['AccessDenied'])
    await setPolicy({ Effect: 'Allow', Action: ['s3:DeleteObjectVersion', 's3:GetObjectVersion'] })
    assert.deepEqual(await outcomesOf(entry(withEtag)), ['Deleted'])
    const another = `<VersionId>${await makeObject()}</VersionId>`
    await setPolicy({ Effect: 'Allow', Action: ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention'] })
    assert.deepEqual(await outcomesOf(entry(another), BYPASS), ['Deleted'])
  })
})

/** A policy is put and read by its own account alone; what makes or lists buckets is about the service. */
const bucketOperations = S3_OPERATIONS.map(({ operation }) => operation as Operation).filter(
  ({ name, http }) => http?.target === 'bucket' && !/BucketPolicy$|^CreateBucket$|^DeleteObjects$/.test(name),
)

describe('an operation on a bucket', () => {
  for (const operation of bucketOperations)
    it(`${operation.name} needs ${rightsOf(operation)[0]?.action}, and a policy that grants it is enough`, async () => {
      const { method = 'GET', query } = operation.http ?? {}
      const needed = rightsOf(operation).map(({ action }) => action)
      const ask = () =>
        other.s3({ method, path: `/${BUCKET}${query === undefined ? '' : `?${query}`}`, headers: md5Of() })
      await setPolicy({ Effect: 'Allow', Action: needed })
      assert.notEqual((await ask()).status, 403)
      await setPolicy({ Effect: 'Allow', Action: ['s3:*'] }, { Effect: 'Deny', Action: needed })
      assert.equal((await ask()).status, 403)
    })
})
