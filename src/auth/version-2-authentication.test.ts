import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../test/harness/request-head.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { parseVersion2, verifyVersion2Time } from './version-2-authentication.ts'

const ARGUMENTS = { AWSAccessKeyId: 'AKIAEXAMPLE', Signature: 'c2ln', Expires: '1700000000' }
const parse = (changes: Readonly<Partial<typeof ARGUMENTS>> = {}) =>
  parseVersion2(requestHead({ url: `/b/k?${new URLSearchParams({ ...ARGUMENTS, ...changes }).toString()}` }))
const failsWith = (reason: string) => (error: unknown) =>
  error instanceof AuthenticationFailure && error.reason === reason

describe('a URL presigned by version 2', () => {
  it('names its key, its signature and the second at which it ends', () => {
    const { accessKeyId, signature, expiresAt } = parse() ?? assert.fail('it is signed')
    assert.deepEqual([accessKeyId, signature, expiresAt], ['AKIAEXAMPLE', 'c2ln', 1_700_000_000_000])
  })

  for (const name of ['AWSAccessKeyId', 'Signature', 'Expires'])
    it(`is incomplete when ${name} is empty`, () => {
      assert.throws(() => parse({ [name]: '' }), failsWith('version-2-incomplete'))
    })

  it('may end in January 2038 at the latest, at a whole second', () => {
    assert.equal(parse({ Expires: '2147483647' })?.expiresAt, 2_147_483_647_000)
    for (const expires of ['2147483648', '1e9', '-1', '1.5', '12345678901234567'])
      assert.throws(() => parse({ Expires: expires }), failsWith('version-2-expires-malformed'), expires)
  })

  it('has no access key id that is longer than any is', () => {
    assert.equal(parse({ AWSAccessKeyId: 'A'.repeat(128) })?.accessKeyId.length, 128)
    assert.throws(() => parse({ AWSAccessKeyId: 'A'.repeat(129) }), failsWith('access-key-unknown'))
  })

  it('is good up to its end, and not a millisecond longer', () => {
    const authentication = parse() ?? assert.fail('it is signed')
    verifyVersion2Time(authentication, 1_700_000_000_000)
    assert.throws(() => verifyVersion2Time(authentication, 1_700_000_000_001), failsWith('request-expired'))
  })
})
