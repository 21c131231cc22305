import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { putObjectRetention } from '../../src/model/s3/version/object-lock.ts'
import { rightsOf } from '../../src/model/s3/right.ts'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import {
  BUCKET,
  BYPASS,
  ETAG,
  makeObject,
  md5Of,
  OBJECT_CASES,
  rightsWorld,
  sampleOf,
  sendAsOther,
  setPolicy,
  xml,
  type Draft,
} from './rights-world.ts'

/** Whether the request is refused for want of a right. */
const isRefused = async (draft: Draft): Promise<boolean> => (await sendAsOther(draft)).status === 403

for (const { operation, title, namesVersion, needed } of OBJECT_CASES)
  describe(title, () => {
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

describe('PutObjectRetention', () => {
  it('is decided on by its document, not by headers that say something else', async () => {
    await setPolicy({
      Effect: 'Allow',
      Action: ['s3:PutObjectRetention', 's3:BypassGovernanceRetention'],
      Condition: { StringEquals: { 's3:object-lock-mode': 'GOVERNANCE' } },
    })
    const retain = await sampleOf(putObjectRetention, false)
    assert.equal(await isRefused(retain), false)
    const headers = { ...BYPASS, 'x-amz-object-lock-mode': 'GOVERNANCE' }
    assert.equal(await isRefused({ ...retain, headers, body: xml('Retention', '') }), true)
  })
})

describe('DeleteObjects', () => {
  const outcomesOf = async (entries: string, headers = {}) => {
    const body = xml('Delete', entries)
    const path = `/${BUCKET}?delete`
    const response = await rightsWorld().other.s3({
      method: 'POST',
      path,
      headers: { ...md5Of(body), ...headers },
      body,
    })
    return [...response.body.toString().matchAll(/<(Deleted|Code)>([A-Za-z]*)/g)].map(
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
const bucketOperations = S3_OPERATIONS.map(({ operation }) => operation).filter(
  ({ name, http }) => http?.target === 'bucket' && !/BucketPolicy$|^CreateBucket$|^DeleteObjects$/.test(name),
)

describe('an operation on a bucket', () => {
  for (const operation of bucketOperations)
    it(`${operation.name} needs ${rightsOf(operation)[0]?.action}, and a policy that grants it is enough`, async () => {
      const { method = 'GET', query } = operation.http ?? {}
      const needed = rightsOf(operation).map(({ action }) => action)
      const ask = () =>
        rightsWorld().other.s3({
          method,
          path: `/${BUCKET}${query === undefined ? '' : `?${query}`}`,
          headers: md5Of(),
        })
      await setPolicy({ Effect: 'Allow', Action: needed })
      assert.notEqual((await ask()).status, 403)
      await setPolicy({ Effect: 'Allow', Action: ['s3:*'] }, { Effect: 'Deny', Action: needed })
      assert.equal((await ask()).status, 403)
    })
})
