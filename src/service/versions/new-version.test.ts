import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_ATTRIBUTES, ObjectWorld, md5Hex } from '../../../test/objects/object-world.ts'
import type { Admission } from '../admission.ts'
import { putObject } from '../objects/put-object.ts'
import type { Principal } from '../principal.ts'
import type { AccessControlList, BucketRecord, Grantee } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import type { ObjectAttributes } from './object-attributes.ts'
import { findVersion } from './find-version.ts'

const DAY_MS = 86_400_000
const OWNER = '123456789012'
const OTHER = '999999999999'
const NOW = Date.UTC(2030, 0, 1)
const other: Principal = { type: 'account', accountId: OTHER, accessKeyId: 'AKIAOTHER' }
const bucketKey: Principal = {
  ...{ type: 'bucket-key', accountId: OWNER, accessKeyId: 'AKIABUCKET' },
  bucketId: 'bucket-id',
  bucketName: 'bucket',
}

interface Put {
  readonly bucket?: Partial<BucketRecord>
  readonly principal?: Principal
  readonly attributes?: Partial<ObjectAttributes>
}

/** What is stored of a new object, but for the members that each one has. */
async function stored({ bucket = {}, principal, attributes = {} }: Put): Promise<Partial<ObjectRecord>> {
  const world = await ObjectWorld.make(bucket)
  const { context } = world
  const admission: Admission = { ...world.admission, ...(principal && { principal }) }
  const body = { bytes: Buffer.from('text'), finish: () => ({ md5Hex: md5Hex(Buffer.from('text')) }) }
  const written = await putObject(context, admission, {
    ...{ objectKey: 'key', body },
    attributes: { ...NO_ATTRIBUTES, ...attributes },
  })
  const found = await findVersion(context, admission.bucket.record, { objectKey: 'key' })
  const { record } = found.stored
  assert.deepEqual(record, written.record)
  const { order, versionId, lastModified, sizeBytes, etag, body: where, ...others } = record
  assert.equal(written.versionId, bucket.versioning === 'Enabled' ? versionId : undefined)
  assert.equal(versionId === 'null', bucket.versioning !== 'Enabled')
  assert.match(order, /^[0-9a-f]{16}$/)
  assert.deepEqual(
    { lastModified, sizeBytes, etag, where },
    { lastModified: NOW, sizeBytes: 4, etag: md5Hex(Buffer.from('text')), where: 'inline' },
  )
  return others
}

const PLAIN = { ownerAccountId: OWNER, headers: {}, userMetadata: {} }
const lockedFor = (defaultRetention?: NonNullable<BucketRecord['objectLock']>['defaultRetention']) => ({
  versioning: 'Enabled' as const,
  objectLock: { enabled: true as const, ...(defaultRetention && { defaultRetention }) },
})
const aclOf = (
  ownerAccountId: string,
  grantee: Grantee = { type: 'account', accountId: OWNER },
): AccessControlList => ({ ownerAccountId, grants: [{ grantee, permission: 'READ' }] })
const retention = { mode: 'GOVERNANCE', retainUntil: NOW + 9 * DAY_MS } as const

describe('a new version', () => {
  const table: readonly (readonly [what: string, put: Put, record: object])[] = [
    ['nothing besides', {}, PLAIN],
    ['an id of its own', { bucket: { versioning: 'Enabled' } }, PLAIN],
    [
      'headers',
      { attributes: { headers: { 'content-type': 'a/b' } } },
      { ...PLAIN, headers: { 'content-type': 'a/b' } },
    ],
    ['metadata', { attributes: { userMetadata: { a: 'b' } } }, { ...PLAIN, userMetadata: { a: 'b' } }],
    [
      'tags',
      { attributes: { tags: [{ key: 'a', value: 'b' }] } },
      { ...PLAIN, tags: [{ key: 'a', value: 'b' }] },
    ],
    ['no empty list of tags', { attributes: { tags: [] } }, PLAIN],
    ['a storage class', { attributes: { storageClass: 'GLACIER' } }, { ...PLAIN, storageClass: 'GLACIER' }],
    [
      'a redirect',
      { attributes: { websiteRedirectLocation: '/x' } },
      { ...PLAIN, websiteRedirectLocation: '/x' },
    ],
    ['a hold', { bucket: lockedFor(), attributes: { legalHold: true } }, { ...PLAIN, legalHold: true }],
    [
      'a hold that is off',
      { bucket: lockedFor(), attributes: { legalHold: false } },
      { ...PLAIN, legalHold: false },
    ],
    [
      'a hold of a key',
      { bucket: lockedFor(), principal: bucketKey, attributes: { legalHold: true } },
      { ...PLAIN, legalHold: true, isHeldByKey: true },
    ],
    [
      'a hold that is off, which is nobody’s',
      { bucket: lockedFor(), principal: bucketKey, attributes: { legalHold: false } },
      { ...PLAIN, legalHold: false },
    ],
    ['a retention', { bucket: lockedFor(), attributes: { retention } }, { ...PLAIN, retention }],
    [
      'the retention of its bucket, in days',
      { bucket: lockedFor({ mode: 'COMPLIANCE', days: 3 }) },
      { ...PLAIN, retention: { mode: 'COMPLIANCE', retainUntil: NOW + 3 * DAY_MS } },
    ],
    [
      'the retention of its bucket, in years',
      { bucket: lockedFor({ mode: 'GOVERNANCE', years: 2 }) },
      { ...PLAIN, retention: { mode: 'GOVERNANCE', retainUntil: Date.UTC(2032, 0, 1) } },
    ],
    [
      'its own retention where its bucket has one',
      { bucket: lockedFor({ mode: 'COMPLIANCE', days: 3 }), attributes: { retention } },
      { ...PLAIN, retention },
    ],
    [
      'an ACL, and its owner',
      { attributes: { acl: aclOf(OTHER) } },
      { ...PLAIN, ownerAccountId: OTHER, acl: aclOf(OTHER) },
    ],
    [
      'its writer for owner where ACLs are in force',
      { principal: other },
      { ...PLAIN, ownerAccountId: OTHER },
    ],
    [
      'its bucket’s owner in a Lightsail bucket',
      { bucket: { origin: 'lightsail' }, principal: other },
      PLAIN,
    ],
    [
      'its bucket’s owner, and no ACL, where that is enforced',
      {
        bucket: { objectOwnership: 'BucketOwnerEnforced' },
        ...{ principal: other, attributes: { acl: aclOf(OTHER) } },
      },
      PLAIN,
    ],
    ['its bucket’s owner of an anonymous writer', { principal: { type: 'anonymous' } }, PLAIN],
  ]
  for (const [what, put, record] of table)
    it(`has ${what}`, async () => assert.deepEqual(await stored(put), record))

  const refused: readonly (readonly [kind: string, put: Put])[] = [
    ['BucketWithoutObjectLock', { attributes: { legalHold: true } }],
    ['BucketWithoutObjectLock', { attributes: { legalHold: false } }],
    ['BucketWithoutObjectLock', { attributes: { retention } }],
    [
      'RetainUntilPast',
      { bucket: lockedFor(), attributes: { retention: { mode: 'GOVERNANCE', retainUntil: NOW } } },
    ],
    [
      'RetentionBelowDefault',
      {
        ...{ bucket: lockedFor({ mode: 'GOVERNANCE', days: 100 }), principal: bucketKey },
        attributes: { retention },
      },
    ],
    [
      'RetentionBelowDefault',
      {
        ...{ bucket: lockedFor({ mode: 'COMPLIANCE', days: 1 }), principal: bucketKey },
        attributes: { retention },
      },
    ],
    [
      'AclsNotInForce',
      {
        bucket: { objectOwnership: 'BucketOwnerEnforced' },
        attributes: {
          acl: aclOf(OWNER, { type: 'account', accountId: OTHER }),
        },
      },
    ],
    [
      'AccessDenied',
      {
        bucket: {
          publicAccessBlock: {
            ...{ blockPublicAcls: true, ignorePublicAcls: false },
            ...{ blockPublicPolicy: false, restrictPublicBuckets: false },
          },
        },
        attributes: {
          acl: aclOf(OWNER, { type: 'group', group: 'AllUsers' }),
        },
      },
    ],
  ]
  for (const [kind, put] of refused)
    it(`is refused: ${kind} for ${JSON.stringify(put.attributes)}`, () =>
      assert.rejects(stored(put), { kind }))

  it('of a key may fall short of the default retention by a tenth, and by a day at most', async () => {
    const outcome = async (days: number, shortMs: number): Promise<boolean> => {
      const retainUntil = NOW + days * DAY_MS - shortMs
      const put = stored({
        ...{ bucket: lockedFor({ mode: 'GOVERNANCE', days }), principal: bucketKey },
        attributes: { retention: { mode: 'GOVERNANCE', retainUntil } },
      })
      return await put.then(
        () => true,
        () => false,
      )
    }
    assert.deepEqual(
      await Promise.all([
        outcome(5, DAY_MS / 2),
        outcome(5, DAY_MS / 2 + 1),
        outcome(10, DAY_MS),
        outcome(100, DAY_MS),
        outcome(100, DAY_MS + 1),
      ]),
      [true, false, true, true, false],
    )
  })

  it('is permitted with what it replaces, in the state in which it comes', async () => {
    const world = await ObjectWorld.make()
    const seen: (string | null)[] = []
    const admission: Admission = {
      ...world.admission,
      permit: (record) => void seen.push(record?.tags?.[0]?.value ?? null),
    }
    for (const text of ['one', 'two']) {
      const bytes = Buffer.from(text)
      const body = { bytes, finish: () => ({ md5Hex: md5Hex(bytes) }) }
      const attributes = { ...NO_ATTRIBUTES, tags: [{ key: 'of', value: text }] }
      await putObject(world.context, admission, { objectKey: 'key', body, attributes })
    }
    assert.deepEqual(seen, [null, 'one'])
  })
})
