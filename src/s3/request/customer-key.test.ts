import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { parseCustomerKey, type CustomerKeyInput } from './customer-key.ts'

const key = Buffer.alloc(32, 7)
const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')
const input: CustomerKeyInput = {
  SSECustomerAlgorithm: 'AES256',
  SSECustomerKey: key.toString('base64'),
  SSECustomerKeyMD5: md5Of(key),
}

describe('a key that the customer brings along', () => {
  it('is read where its three headers belong together, and is none without them', () => {
    assert.deepEqual(parseCustomerKey(input), { key, keyMd5: md5Of(key) })
    assert.equal(parseCustomerKey({}), undefined)
  })

  const short = Buffer.alloc(31)
  const refused: readonly (readonly [what: string, changes: CustomerKeyInput, code: string, says: RegExp])[] =
    [
      [
        'without its algorithm',
        { SSECustomerAlgorithm: undefined },
        'InvalidArgument',
        /valid encryption algorithm/,
      ],
      ['of another algorithm', { SSECustomerAlgorithm: 'AES128' }, 'InvalidEncryptionAlgorithmError', /./],
      ['that is missing', { SSECustomerKey: undefined }, 'InvalidArgument', /appropriate secret key/],
      ['without its MD5', { SSECustomerKeyMD5: undefined }, 'InvalidArgument', /client calculated MD5/],
      [
        'that is too short',
        { SSECustomerKey: short.toString('base64'), SSECustomerKeyMD5: md5Of(short) },
        'InvalidArgument',
        /secret key was invalid/,
      ],
      ['with the MD5 of another', { SSECustomerKeyMD5: md5Of(short) }, 'InvalidArgument', /did not match/],
    ]
  for (const [what, changes, code, says] of refused)
    it(`${what} is refused, and nothing of it repeated`, () => {
      assert.throws(
        () => parseCustomerKey({ ...input, ...changes }),
        (error) => {
          assert.ok(error instanceof S3Error)
          assert.equal(error.code, code)
          assert.match(error.message, says)
          if (code === 'InvalidArgument')
            assert.deepEqual(error.details, { argumentName: 'x-amz-server-side-encryption' })
          return true
        },
      )
    })
})
