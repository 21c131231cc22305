import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceContext } from '../../service/context.ts'
import { S3Error } from '../s3-error.ts'
import { explainRefusal } from './explain-refusal.ts'

type Asked = Parameters<typeof explainRefusal>[1]

/** Nothing of the store is asked for. */
const context = {} as ServiceContext
const receivedAt = Date.UTC(2030, 0, 2, 3, 4, 5)
const asked = (method = 'GET'): Asked =>
  ({ request: { method, headers: {} }, facts: {}, receivedAt }) as unknown as Asked

describe('a refusal that the server knows more of', () => {
  const skewed = new S3Error('RequestTimeTooSkewed', 'The difference is too large', {
    details: { RequestTime: '20300102T020405Z' },
  })
  it('says by how much a clock goes wrong, and has all that it had', async () => {
    const error = await explainRefusal(context, asked(), null, skewed)
    assert.equal(error.code, 'RequestTimeTooSkewed')
    assert.match(error.message, /^The difference is too large\. \S.*\b(?:1 hour|60 minutes|3,?600 seconds)\b/)
    assert.deepEqual(error.details, skewed.details)
    assert.equal(error.cause, skewed)
  })

  it('is as it was where nobody would see more of it', async () => {
    assert.equal(await explainRefusal(context, asked('HEAD'), null, skewed), skewed)
    const broken = new S3Error('InternalError')
    assert.equal(await explainRefusal(context, asked(), null, broken), broken)
  })

  it('tells nothing of buckets and keys to who has not signed', async () => {
    const denied = new S3Error('AccessDenied')
    assert.equal(await explainRefusal(context, asked(), null, denied), denied)
  })
})
