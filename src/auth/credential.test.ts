import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCredential } from './credential.ts'
import { S3_RULES } from './service-rules.ts'

const credential = (accessKeyId: string) =>
  parseCredential(`${accessKeyId}/20300101/us-east-1/s3/aws4_request`, S3_RULES, 'header')

describe('a credential', () => {
  it('names an access key of up to 128 characters, and its scope', () => {
    assert.deepEqual(credential('A'.repeat(128)), {
      accessKeyId: 'A'.repeat(128),
      scope: { date: '20300101', region: 'us-east-1', service: 's3' },
    })
  })

  it('with no access key, or a longer one, is malformed', () => {
    for (const accessKeyId of ['', 'A'.repeat(129)])
      assert.throws(() => credential(accessKeyId), { reason: 'authorization-malformed' })
  })
})
