import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { responseOverrides } from './response-overrides.ts'

describe('the headers that a read replaces', () => {
  const input = {
    ResponseCacheControl: 'a',
    ResponseContentDisposition: 'b',
    ResponseContentEncoding: 'c',
    ResponseContentLanguage: 'd',
    ResponseContentType: 'e',
    ResponseExpires: 'f',
  }
  it('are those that it names', () => {
    assert.deepEqual(responseOverrides(input), {
      CacheControl: 'a',
      ContentDisposition: 'b',
      ContentEncoding: 'c',
      ContentLanguage: 'd',
      ContentType: 'e',
      Expires: 'f',
    })
    assert.deepEqual(responseOverrides({}), {})
    assert.deepEqual(responseOverrides({ ResponseExpires: '' }), { Expires: '' })
  })

  it('are headers, of one line', () => {
    for (const [member, argument] of [
      ['ResponseCacheControl', 'response-cache-control'],
      ['ResponseContentDisposition', 'response-content-disposition'],
      ['ResponseContentEncoding', 'response-content-encoding'],
      ['ResponseContentLanguage', 'response-content-language'],
      ['ResponseContentType', 'response-content-type'],
      ['ResponseExpires', 'response-expires'],
    ] as const)
      assert.throws(
        () => responseOverrides({ [member]: 'a\r\nb: c' }),
        (error) => {
          assert.ok(error instanceof S3Error && error.code === 'InvalidArgument')
          assert.deepEqual(error.details, { argumentName: argument, argumentValue: 'a\r\nb: c' })
          return true
        },
      )
  })
})
