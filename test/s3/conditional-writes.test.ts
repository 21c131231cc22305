import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { HttpResponse } from '../harness/signed-client.ts'
import {
  begin,
  BODY,
  BUCKET,
  ETAG,
  good,
  makeObject,
  md5Of,
  rightsWorld,
  setPolicy,
  xml,
} from './rights-world.ts'

const allowAll = { Effect: 'Allow', Action: ['s3:*'] } as const
/** As Amazon's guide writes them. */
const unless = (key: string) =>
  ({
    Effect: 'Deny',
    Action: ['s3:PutObject'],
    Condition: { Null: { [key]: 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  }) as const

const send = (method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array) =>
  rightsWorld().other.s3({
    method,
    path: `/${BUCKET}/${path}`,
    headers: { ...md5Of(body), ...headers },
    ...(body && { body }),
  })
const put = (headers: Record<string, string> = {}) => send('PUT', 'key', headers, BODY)
const copy = (headers: Record<string, string> = {}) =>
  send('PUT', 'key', { 'x-amz-copy-source': `/${BUCKET}/source`, ...headers })

/** Uploads a part by an upload of one's own, and completes it; the response is that of the completion. */
async function upload(headers: Record<string, string> = {}): Promise<HttpResponse> {
  const id = await begin({}, rightsWorld().other)
  await good(rightsWorld().other, {
    method: 'PUT',
    path: `/${BUCKET}/key?partNumber=1&uploadId=${id}`,
    body: BODY,
  })
  const parts = xml('CompleteMultipartUpload', `<Part><PartNumber>1</PartNumber><ETag>${ETAG}</ETag></Part>`)
  return await send('POST', `key?uploadId=${id}`, headers, parts)
}

const WRITES = { PutObject: put, CopyObject: copy, CompleteMultipartUpload: upload }

describe('a policy that wants writes to name the ETag that they replace', () => {
  beforeEach(async () => {
    await makeObject()
    await good(rightsWorld().owner, { method: 'PUT', path: `/${BUCKET}/source`, body: BODY })
    await setPolicy(allowAll, unless('s3:if-match'))
  })
  for (const [name, write] of Object.entries(WRITES))
    it(`refuses ${name} without one, and with one that any object has`, async () => {
      for (const value of [undefined, '*', '"*"', '"none", *', `${ETAG}, "*"`])
        assert.equal((await write(value === undefined ? {} : { 'if-match': value })).status, 403, value)
      assert.equal((await write({ 'if-match': ETAG })).status, 200)
    })
})

describe('a policy that wants writes to replace nothing', () => {
  beforeEach(async () => {
    await makeObject()
    await good(rightsWorld().owner, { method: 'PUT', path: `/${BUCKET}/source`, body: BODY })
    await setPolicy(allowAll, unless('s3:if-none-match'))
  })
  for (const [name, write] of Object.entries(WRITES))
    it(`refuses ${name} that replaces what has another ETag, and any that says nothing`, async () => {
      for (const headers of [{}, { 'if-none-match': '"none"' }])
        assert.equal((await write(headers)).status, 403)
      assert.equal((await write({ 'if-none-match': '*' })).status, 412)
    })
})

describe('a policy that wants deletions to name what they delete', () => {
  const remove = (headers: Record<string, string> = {}) => send('DELETE', 'key', headers)
  const batch = async (entry: string, headers: Record<string, string> = {}) => {
    const body = xml('Delete', `<Object><Key>key</Key>${entry}</Object>`)
    const response = await rightsWorld().other.s3({
      method: 'POST',
      path: `/${BUCKET}?delete`,
      headers: { ...md5Of(body), ...headers },
      body,
    })
    return /<(?:Deleted>|Code>[A-Za-z]+)/.exec(response.body.toString())?.[0]
  }
  const deny = { Effect: 'Deny', Action: ['s3:DeleteObject'] } as const

  it('refuses those that do not, alone and in a batch', async () => {
    await makeObject()
    await setPolicy(allowAll, { ...deny, Condition: { Null: { 's3:if-match': 'true' } } })
    assert.equal((await remove()).status, 403)
    assert.equal(await batch(''), '<Code>AccessDenied')
    // A batch does not take the header: it must not speak for its entries.
    assert.notEqual(await batch('', { 'if-match': ETAG }), '<Deleted>')
    assert.equal(await batch(`<ETag>${ETAG}</ETag>`), '<Deleted>')
    await makeObject()
    assert.equal((await remove({ 'if-match': ETAG })).status, 204)
  })

  it('may ask for any object that is there', async () => {
    await makeObject()
    await setPolicy(allowAll, { ...deny, Condition: { StringNotEquals: { 's3:if-match': '*' } } })
    assert.equal((await remove({ 'if-match': ETAG })).status, 403)
    assert.equal(await batch(`<ETag>${ETAG}</ETag>`), '<Code>AccessDenied')
    assert.equal(await batch('<ETag>*</ETag>'), '<Deleted>')
    await makeObject()
    assert.equal((await remove({ 'if-match': '*' })).status, 204)
  })
})
