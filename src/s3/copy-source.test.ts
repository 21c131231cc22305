import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../test/bucket-record.ts'
import { ObjectWorld } from '../../test/objects/object-world.ts'
import { copyObject } from '../model/s3/object/copy-object.ts'
import { rightsOf } from '../model/s3/right.ts'
import { DecisionMemory } from '../service/authorization/policy/decision-memory.ts'
import type { RequestFacts } from '../service/authorization/request-facts.ts'
import { DomainError } from '../service/errors/domain-error.ts'
import { bucketKey } from '../service/keyspace.ts'
import { ANONYMOUS, type Principal } from '../service/principal.ts'
import { bucketCodec, type BucketRecord } from '../service/records/bucket.ts'
import { Access } from './access.ts'
import type { S3Call } from './call.ts'
import { permittedCopySource } from './copy-source.ts'

const OWNER = '123456789012'
const LOGGED = { enabled: true, destination: 'logs', prefix: 'p/' }
const owner: Principal = { type: 'account', accountId: OWNER, accessKeyId: 'AKIA' }

/** The bucket that takes the copy, and another one; a call that copies into the first. */
async function newWorld(source: Partial<BucketRecord> = {}) {
  const world = await ObjectWorld.make({ name: 'target', accountId: OWNER })
  const { context, admission } = world
  const other = bucketRecord({ accountId: OWNER, bucketId: 'other', name: 'source', ...source })
  await context.metadata.commit({
    sets: [{ key: bucketKey(other.name), value: bucketCodec.encode(other) }],
  })
  const call = (operation: 'CopyObject' | 'UploadPartCopy' = 'CopyObject', principal: Principal = owner) =>
    ({
      context,
      exchange: { facts: { operation } },
      bucket: admission.bucket.record,
      access: new Access({
        ...{ context, principal, credential: null, bucket: admission.bucket, memory: new DecisionMemory() },
        request: { sender: {}, given: {}, versionId: null } as unknown as RequestFacts,
        ...{ objectKey: 'copy', uploadId: null },
      }),
    }) as unknown as S3Call
  return { call, other }
}
const RIGHTS = rightsOf(copyObject)

describe('the source of a copy', () => {
  it('is the object of the bucket that is named, the addressed one too, and the version where one is', async () => {
    const { call } = await newWorld()
    for (const [CopySource, bucketName, versionId] of [
      ['source/a/key', 'source', undefined],
      ['/target/a/key', 'target', undefined],
      ['source/a/key?versionId=v1', 'source', 'v1'],
    ] as const) {
      const { source, access, namesVersion } = await permittedCopySource(call(), RIGHTS, { CopySource })
      assert.equal(source.bucket.record.name, bucketName)
      assert.equal(access.bucket, source.bucket)
      assert.deepEqual([source.objectKey, source.versionId], ['a/key', versionId])
      assert.equal('versionId' in source, versionId !== undefined)
      assert.equal(namesVersion, versionId !== undefined)
      assert.ok(!('conditions' in source) && !('customerKey' in source))
    }
    await assert.rejects(
      permittedCopySource(call(), RIGHTS, { CopySource: 'missing/key' }),
      (error) =>
        error instanceof DomainError && error.kind === 'NoSuchBucket' && error.message.includes('missing'),
    )
  })

  it('has the conditions and the customer’s key that the request gives for it', async () => {
    const { call } = await newWorld()
    const key = Buffer.alloc(32, 'k')
    const { source } = await permittedCopySource(call(), RIGHTS, {
      CopySource: 'source/key',
      CopySourceIfMatch: '"a"',
      CopySourceIfNoneMatch: '"b"',
      CopySourceIfModifiedSince: 1_000,
      CopySourceIfUnmodifiedSince: 2_000,
      CopySourceSSECustomerAlgorithm: 'AES256',
      CopySourceSSECustomerKey: key.toString('base64'),
      CopySourceSSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
    })
    const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = source.conditions ?? {}
    assert.deepEqual([ifModifiedSince, ifUnmodifiedSince], [1_000, 2_000])
    assert.match(JSON.stringify(ifMatch), /a/)
    assert.match(JSON.stringify(ifNoneMatch), /b/)
    assert.ok(source.customerKey)
  })

  it('must be of the account that the request expects', async () => {
    const { call } = await newWorld()
    const asked = (ExpectedSourceBucketOwner: string) =>
      permittedCopySource(call(), RIGHTS, { CopySource: 'source/key', ExpectedSourceBucketOwner })
    await asked(OWNER)
    await assert.rejects(
      asked('210987654321'),
      (error) => error instanceof DomainError && error.kind === 'AccessDenied',
    )
  })

  it('is none for who may not read it, and counts for the commit of the copy', async () => {
    const { call } = await newWorld({ accountId: '999999999999' })
    for (const principal of [owner, ANONYMOUS]) {
      const asking = permittedCopySource(call('CopyObject', principal), RIGHTS, { CopySource: 'source/key' })
      await assert.rejects(
        asking.then(({ access }) => access.permit(null)),
        (error) => error instanceof DomainError && error.kind === 'AccessDenied',
      )
    }
    const copying = call()
    const { source } = await permittedCopySource(copying, RIGHTS, { CopySource: 'target/key' })
    assert.equal(copying.access.admission.source, source.bucket)
  })

  it('is noted in the access log of its bucket, as what the copy is for, also where it is refused', async () => {
    const { call, other } = await newWorld({ accessLog: LOGGED })
    const target = {
      bucketName: 'source',
      ownerAccountId: OWNER,
      region: other.region,
      destination: 'logs',
      prefix: 'p/',
    }
    for (const [operation, principal, CopySource, noted] of [
      ['CopyObject', owner, 'source/key', { operation: 'REST.COPY.OBJECT_GET', objectKey: 'key' }],
      ['UploadPartCopy', owner, 'source/key', { operation: 'REST.COPY.PART_GET', objectKey: 'key' }],
      [
        'CopyObject',
        ANONYMOUS,
        'source/key?versionId=v1',
        { operation: 'REST.COPY.OBJECT_GET', objectKey: 'key', versionId: 'v1' },
      ],
    ] as const) {
      const copying = call(operation, principal)
      await permittedCopySource(copying, RIGHTS, { CopySource }).catch((error: unknown) =>
        assert.ok(principal === ANONYMOUS && error instanceof DomainError),
      )
      assert.deepEqual(copying.exchange.facts.furtherAccesses, [{ target, ...noted }])
    }
    const unlogged = call()
    await permittedCopySource(unlogged, RIGHTS, { CopySource: 'target/key' })
    assert.equal(unlogged.exchange.facts.furtherAccesses, undefined)
  })
})
