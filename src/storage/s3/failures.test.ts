import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failure } from '../../../test/s3-cluster-in-memory.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { isMissingKey, isUnsatisfiableRange, unavailable } from './failures.ts'

const words = (error: unknown): string => unavailable('the bucket', error).message
const withCode = (code: string, message = ''): Error => Object.assign(new Error(message), { code })

describe('what an S3 cluster could not do', () => {
  it('is told with the place, the name of the error, its status and its message', () => {
    assert.equal(words(failure('SlowDown', 503, 'later')), 'the bucket: SlowDown (HTTP 503): later')
    assert.equal(words(failure('SlowDown', undefined, 'later')), 'the bucket: SlowDown: later')
    const cause = failure('SlowDown', 503)
    assert.equal(unavailable('the bucket', cause).cause, cause)
    const known = new StoreUnavailable('told already')
    assert.equal(unavailable('the bucket', known), known)
  })

  it('has what it comes from most behind it, where that is known', () => {
    for (const [name, hint] of [
      ['PermanentRedirect', /region in the URL/],
      ['AuthorizationHeaderMalformed', /region in the URL/],
      ['RequestTimeTooSkewed', /clock/],
      ['MethodNotAllowed', /no S3 endpoint/],
      ['NoSuchBucket', /Create the bucket/],
      ['AccessDenied', /must be allowed/],
      ['InvalidAccessKeyId', /does not know this access key/],
      ['SignatureDoesNotMatch', /secret access key or the region/],
    ] as const)
      assert.match(
        words(failure(name, 400)),
        new RegExp(`^the bucket: ${name} .*: refused\\. .*${hint.source}`),
      )
    for (const [error, hint] of [
      [withCode('EPROTO', 'wrong version number'), /http:\/\/$/],
      [withCode('EPROTO'), /http:\/\/$/],
      [withCode('ECONNRESET', 'socket hang up'), /https:\/\/$/],
      [withCode('ECONNREFUSED'), /Nothing listens there/],
      [withCode('ENOTFOUND', 'getaddrinfo ENOTFOUND host'), /not known$/],
      [withCode('', 'unable to verify the first certificate'), /NODE_EXTRA_CA_CERTS/],
      [new Error('self-signed certificate'), /NODE_EXTRA_CA_CERTS/],
    ] as const)
      assert.match(words(error), hint, error.message)
  })

  it('is told by its code where it has no message, and as unknown where it has neither', () => {
    assert.match(words(withCode('ECONNREFUSED')), /^the bucket: ECONNREFUSED\. /)
    assert.equal(words(withCode('EOTHER')), 'the bucket: EOTHER')
    assert.equal(words(new Error(' late ')), 'the bucket: late')
    for (const error of [new Error(''), 'text', null, Object.assign(new Error(''), { code: 1 })])
      assert.equal(words(error), 'the bucket: unknown failure')
  })

  it('is a missing key by its name alone, and a range behind the end by its status', () => {
    assert.ok(isMissingKey(failure('NoSuchKey', 404)))
    for (const error of [
      failure('NoSuchBucket', 404),
      failure('NotFound', 404),
      new Error('NoSuchKey'),
      null,
    ])
      assert.ok(!isMissingKey(error))
    assert.ok(isUnsatisfiableRange(failure('InvalidRange', 416)))
    for (const error of [failure('InvalidRange', 400), new Error('InvalidRange'), null])
      assert.ok(!isUnsatisfiableRange(error))
  })
})
