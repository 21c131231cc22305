import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encryptionRequest } from './encryption-request.ts'

const customerKey = { key: Buffer.alloc(32, 1), keyMd5: 'md5' }

describe('the encryption that a request asks for', () => {
  it('is the bucket’s default where it names none', () =>
    assert.equal(encryptionRequest(undefined, undefined), undefined))

  it('is under a customer’s key that it has', () =>
    assert.deepEqual(encryptionRequest(customerKey, undefined), { type: 'SSE-C', ...customerKey }))

  it('is the server’s where it names a method', () =>
    assert.deepEqual(encryptionRequest(undefined, 'AES256'), { type: 'SSE-S3' }))

  for (const method of ['AES256', 'aws:kms'])
    it(`is not both: a customer’s key and ${method}`, () =>
      assert.throws(() => encryptionRequest(customerKey, method), {
        kind: 'TwoEncryptions',
        fields: { method },
      }))
})
