import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import {
  begin,
  BODY,
  BUCKET,
  BYPASS,
  good,
  makeObject,
  md5Of,
  rightsWorld,
  sendAsOther,
  setPolicy,
  xml,
} from './rights-world.ts'

const REGION = 'us-east-1'
const everything = { Effect: 'Allow', Action: ['s3:*'] } as const
const hold = (status: 'ON' | 'OFF') => xml('LegalHold', `<Status>${status}</Status>`)

async function send(client: SignedClient, method: string, path: string, body?: Buffer, headers = {}) {
  const response = await client.s3({
    method,
    path: `/${BUCKET}${path}`,
    headers: { ...md5Of(body), ...headers },
    ...(body && { body }),
  })
  return response.status
}

let madeKey: SignedClient | undefined

async function keyOfBucket(): Promise<SignedClient> {
  if (madeKey) return madeKey

  const { server, ownerId } = rightsWorld()
  const caller = { accountId: ownerId, region: REGION }
  const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller, BUCKET)
  const key = { accessKeyId: accessKey.accessKeyId, secretAccessKey }
  return (madeKey = new SignedClient({ endpoint: server.url, region: REGION }, key, { keepAlive: false }))
}

describe('a policy that allows everything to everybody', () => {
  it('hands out neither itself nor, without a signature, the bucket', async () => {
    await setPolicy({ ...everything, Principal: '*' })
    const { server, other } = rightsWorld()
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal(await send(other, method, '?policy'), 403, `${method} by another account`)
    for (const [method, path] of [
      ['GET', '?policy'],
      ['PUT', '?policy'],
      ['DELETE', '?policy'],
      ['DELETE', ''],
      ['PUT', '?acl'],
      ['PUT', '?versioning'],
      ['PUT', '?object-lock'],
      ['PUT', '?publicAccessBlock'],
      ['DELETE', '?publicAccessBlock'],
      ['PUT', '?lifecycle'],
      ['PUT', '/key?legal-hold'],
      ['PUT', '/key?retention'],
    ] as const) {
      const { status } = await fetch(`${server.url}/${BUCKET}${path}`, { method })
      assert.equal(status, 403, `${method} ${path} by nobody in particular`)
    }
  })
})

describe("a bucket's key", () => {
  it('lifts the legal holds that keys set, and none of the account', async () => {
    const key = await keyOfBucket()
    const { owner } = rightsWorld()
    const [first, second] = [await makeObject(), await makeObject()]
    const setHold = (client: SignedClient, version: string, status: 'ON' | 'OFF') =>
      send(client, 'PUT', `/key?legal-hold&versionId=${version}`, hold(status))
    assert.equal(await setHold(key, first, 'ON'), 200)
    assert.equal(await setHold(key, first, 'OFF'), 200)
    assert.equal(await setHold(key, second, 'ON'), 200)
    assert.equal(await setHold(owner, second, 'ON'), 200)
    assert.equal(await setHold(key, second, 'ON'), 200)
    assert.equal(await setHold(key, second, 'OFF'), 403)
    assert.equal(await send(key, 'DELETE', `/key?versionId=${second}`), 403)
    assert.equal(await setHold(owner, second, 'OFF'), 200)
    assert.equal(await send(key, 'DELETE', `/key?versionId=${second}`), 204)
    assert.equal(await send(key, 'DELETE', `/key?versionId=${first}`, undefined, BYPASS), 403)
  })

  it('does not lift the hold with which the account stored an object or began an upload', async () => {
    const key = await keyOfBucket()
    const held = { 'x-amz-object-lock-legal-hold': 'ON' }
    await makeObject(held)
    assert.equal(await send(key, 'PUT', '/key?legal-hold', hold('OFF')), 403)
    const id = await begin(held)
    const { headers } = await good(key, {
      method: 'PUT',
      path: `/${BUCKET}/key?uploadId=${id}&partNumber=1`,
      body: BODY,
    })
    const part = `<Part><PartNumber>1</PartNumber><ETag>${String(headers.etag)}</ETag></Part>`
    assert.equal(await send(key, 'POST', `/key?uploadId=${id}`, xml('CompleteMultipartUpload', part)), 200)
    assert.equal(await send(key, 'PUT', '/key?legal-hold', hold('OFF')), 403)
  })

  it('sets the tags of its bucket, and not its policy', async () => {
    const key = await keyOfBucket()
    const tags = xml('Tagging', '<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>')
    assert.equal(await send(key, 'PUT', '?tagging', tags), 204)
    assert.equal(await send(key, 'PUT', '?policy', Buffer.from('{}')), 403)
  })
})

describe('conditions on what a request gives', () => {
  const tagsAs = (value: string) =>
    xml('Tagging', `<TagSet><Tag><Key>team</Key><Value>${value}</Value></Tag></TagSet>`)
  const bodyOf = async (draft: { path: string; body: Buffer }): Promise<HttpResponse> =>
    await sendAsOther({ method: 'PUT', ...draft })

  it('see the tags and locks of a document', async () => {
    await makeObject()
    const Condition = { StringEquals: { 's3:RequestObjectTag/team': 'a' } }
    await setPolicy({ Effect: 'Allow', Action: ['s3:PutObjectTagging'], Condition })
    assert.equal((await bodyOf({ path: '?tagging', body: tagsAs('a') })).status, 200)
    assert.equal((await bodyOf({ path: '?tagging', body: tagsAs('b') })).status, 403)
    await setPolicy(everything, {
      Effect: 'Deny',
      Action: ['s3:PutObjectLegalHold'],
      Condition: { StringEquals: { 's3:object-lock-legal-hold': 'ON' } },
    })
    assert.equal((await bodyOf({ path: '?legal-hold', body: hold('OFF') })).status, 200)
    assert.equal((await bodyOf({ path: '?legal-hold', body: hold('ON') })).status, 403)
  })

  it("see the version of a copy's source", async () => {
    const version = await makeObject()
    const Condition = { StringEquals: { 's3:VersionId': version } }
    await setPolicy(everything, { Effect: 'Deny', Action: ['s3:GetObjectVersion'], Condition })
    const copy = (versionId: string) =>
      sendAsOther({
        method: 'PUT',
        headers: {
          'x-amz-copy-source': `/${BUCKET}/key?versionId=${versionId}`,
          'x-amz-metadata-directive': 'REPLACE',
        },
      })
    assert.equal((await copy(version)).status, 403)
    assert.equal((await copy(await makeObject())).status, 200)
  })
})

describe('the source of a copy', () => {
  it('is missing for those who may list, and forbidden for others, as for GetObject', async () => {
    const ask = async () => {
      const copy = { 'x-amz-copy-source': `/${BUCKET}/missing` }
      const responses = [
        await sendAsOther({ method: 'PUT', headers: copy }),
        await rightsWorld().other.s3({ method: 'GET', path: `/${BUCKET}/missing` }),
      ]
      return responses.map(({ status }) => status)
    }
    await setPolicy({ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'] })
    assert.deepEqual(await ask(), [403, 403])
    await setPolicy({ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'] })
    assert.deepEqual(await ask(), [404, 404])
  })
})

describe('who began an upload', () => {
  it('lists its parts and aborts it without a grant, and not against a Deny', async () => {
    const { other } = rightsWorld()
    const putting = { Effect: 'Allow', Action: ['s3:PutObject'] } as const
    await setPolicy(putting)
    const [own, foreign] = [await begin({}, other), await begin()]
    const statuses = async (id: string) => [
      await send(other, 'GET', `/key?uploadId=${id}`),
      await send(other, 'DELETE', `/key?uploadId=${id}`),
    ]
    assert.deepEqual(await statuses(foreign), [403, 403])
    await setPolicy(putting, {
      Effect: 'Deny',
      Action: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    })
    assert.deepEqual(await statuses(own), [403, 403])
    await setPolicy(putting)
    assert.deepEqual(await statuses(own), [200, 204])
  })
})
