import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../api/exchange.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { S3_OPERATIONS } from '../../s3/operations/index.ts'
import { anonymousClient } from '../../../test/harness/anonymous-client.ts'
import { auditedChange } from './audited-change.ts'

/** What is done with bodies, tags and versions: the access log has it. */
const OF_THE_ACCESS_LOG = [
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateMultipartUpload',
  'DeleteObject',
  'DeleteObjects',
  'DeleteObjectTagging',
  'PutObject',
  'PutObjectTagging',
  'UploadPart',
  'UploadPartCopy',
]

const isAudited = (
  service: 's3' | 'lightsail' | 'sts',
  operation: string,
  accountId?: string,
  status = 200,
): boolean => {
  const facts = { service, operation, ...(accountId !== undefined && { accountId }) }
  const exchange = { facts, request: { headers: {} }, client: anonymousClient, requestId: 'id' }
  return auditedChange(exchange as unknown as Exchange, { status }) !== null
}

describe('auditedChange', () => {
  it('is about every operation of S3 that changes something and is not the access log’s', () => {
    const changing = S3_OPERATIONS.map(({ operation }) => operation)
      .filter(({ http }) => http?.method !== 'GET' && http?.method !== 'HEAD')
      .map(({ name }) => name)
    for (const name of OF_THE_ACCESS_LOG) assert.ok(changing.includes(name), name)
    for (const { operation } of S3_OPERATIONS) {
      const isExpected = changing.includes(operation.name) && !OF_THE_ACCESS_LOG.includes(operation.name)
      assert.equal(isAudited('s3', operation.name, '111111111111'), isExpected, operation.name)
    }
  })

  it('is about every operation of Lightsail that does more than tell', () => {
    for (const name of Object.keys(lightsailOperations))
      assert.equal(isAudited('lightsail', name, '111111111111'), !name.startsWith('Get'), name)
  })

  it('is about deletions that go past a lock', () => {
    const facts = {
      service: 's3',
      operation: 'DeleteObjects',
      accountId: '111111111111',
      bypassesGovernance: true,
    }
    const exchange = { facts, request: { headers: {} }, client: anonymousClient, requestId: 'id' }
    const entry = auditedChange(exchange as unknown as Exchange, { status: 200 })
    assert.deepEqual(
      [entry?.operation, entry?.details],
      ['DeleteObjects', { bypassGovernanceRetention: 'true' }],
    )
  })

  it('leaves out what was refused to nobody known, but not what a policy let everyone do', () => {
    assert.equal(isAudited('s3', 'PutBucketPolicy', undefined, 403), false)
    assert.equal(isAudited('lightsail', 'DeleteBucket', undefined, 400), false)
    assert.equal(isAudited('s3', 'PutObjectAcl'), true)
    assert.equal(isAudited('s3', 'PutBucketPolicy', '111111111111', 403), true)
  })
})
