import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../test/harness/request-head.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { parsePresignedQuery } from './parse-presigned-query.ts'
import { LIGHTSAIL_RULES, S3_RULES, type ServiceRules } from './service-rules.ts'

const argumentsOf = (service: string): Record<string, string> => ({
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': `AKIAEXAMPLE/20260517/us-east-1/${service}/aws4_request`,
  'X-Amz-Date': '20260517T102030Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': 'a'.repeat(64),
})
const parse = (rules: ServiceRules, values: Readonly<Record<string, string>>, more = '') =>
  parsePresignedQuery(
    requestHead({
      url: `/b/k?${new URLSearchParams(values).toString()}${more}`,
      headers: { host: 'localhost' },
    }),
    rules,
  )
const failsWith = (reason: string) => (error: unknown) =>
  error instanceof AuthenticationFailure && error.reason === reason

describe('the query of a presigned URL', () => {
  for (const name of Object.keys(argumentsOf('s3'))) {
    it(`is malformed when ${name} is empty`, () => {
      assert.throws(() => parse(S3_RULES, { ...argumentsOf('s3'), [name]: '' }), failsWith('query-malformed'))
    })

    it(`is malformed when ${name} comes twice`, () => {
      const again = `&${name}=${encodeURIComponent(argumentsOf('s3')[name] ?? '')}`
      assert.throws(() => parse(S3_RULES, argumentsOf('s3'), again), failsWith('query-malformed'))
    })
  }

  it('is malformed when a session token comes twice', () => {
    const token = '&X-Amz-Security-Token=a'
    assert.ok(parse(S3_RULES, argumentsOf('s3'), token))
    assert.throws(() => parse(S3_RULES, argumentsOf('s3'), token + token), failsWith('query-malformed'))
  })

  it('needs no end where URLs of the service have none', () => {
    const endless = (service: string) =>
      Object.fromEntries(Object.entries(argumentsOf(service)).filter(([name]) => name !== 'X-Amz-Expires'))
    assert.equal(parse(LIGHTSAIL_RULES, endless('lightsail')).accessKeyId, 'AKIAEXAMPLE')
    assert.throws(() => parse(S3_RULES, endless('s3')), failsWith('query-malformed'))
  })
})
