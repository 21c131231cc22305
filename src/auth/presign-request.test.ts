import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { presignRequest } from './presign-request.ts'

const sign = (sessionToken?: string, url = '/photos/a') =>
  new URL(
    presignRequest({
      method: 'GET',
      url,
      headers: { host: 'h' },
      credentials: {
        accessKeyId: 'AKIAONE',
        secretAccessKey: 'secret',
        ...(sessionToken !== undefined && { sessionToken }),
      },
      region: 'us-east-1',
      nowMs: Date.UTC(2026, 0, 1),
      expiresSeconds: 60,
    }),
    'http://h',
  ).searchParams

describe('a presigned URL', () => {
  it('has the session token among what is signed, where there is one', () => {
    assert.equal(sign().get('X-Amz-Security-Token'), null)
    assert.equal(sign('to/ken=').get('X-Amz-Security-Token'), 'to/ken=')
    const signatures = [sign(), sign('one'), sign('two')].map((query) => query.get('X-Amz-Signature'))
    assert.equal(new Set(signatures).size, 3)
  })

  it('keeps the arguments that the URL has', () => {
    const query = sign(undefined, '/photos/a?versionId=x')
    assert.equal(query.get('versionId'), 'x')
    assert.equal(query.get('X-Amz-Credential'), 'AKIAONE/20260101/us-east-1/s3/aws4_request')
  })
})
