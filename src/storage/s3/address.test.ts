import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeAddress, parseS3Url } from './address.ts'

describe('parseS3Url', () => {
  it('reads bucket, prefix, login and parameters', () => {
    const address = parseS3Url(
      's3://KEY:se%2Fcret@blobs/some/where?endpoint=http://10.0.0.1:7480&region=eu-west-1',
    )
    assert.deepEqual(address, {
      bucket: 'blobs',
      prefix: 'some/where/',
      region: 'eu-west-1',
      endpoint: 'http://10.0.0.1:7480',
      isPathStyle: true,
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'se/cret' },
      answerTimeoutMs: 10_000,
      connectionsMax: 128,
    })
    assert.equal(describeAddress(address), 'S3 bucket blobs/some/where/ at http://10.0.0.1:7480')
  })

  it("means Amazon's own endpoint and the usual chain of credentials when nothing is said", () => {
    const address = parseS3Url('s3://blobs')
    assert.equal(address.endpoint, undefined)
    assert.equal(address.credentials, undefined)
    assert.equal(address.isPathStyle, false)
    assert.equal(address.prefix, '')
    assert.equal(describeAddress(address), 'S3 bucket blobs at Amazon S3 in us-east-1')
  })

  for (const [what, url, message] of [
    ['another scheme', 'http://blobs', /expected s3:/],
    ['no bucket', 's3:///x', /expected s3:/],
    ['an unknown parameter', 's3://K:s3cr3t@blobs?colour=red', /parameter colour is not known/],
    ['an endpoint that is no URL', 's3://K:s3cr3t@blobs?endpoint=10.0.0.1', /endpoint must be an http/],
    ['a slash in the secret', 's3://K:pass/s3cr3t@blobs', /each part percent-encoded/],
    ['a malformed secret', 's3://K:s3cr3t%@blobs', /the login in the URL is not percent-encoded/],
    ['a malformed prefix', 's3://K:s3cr3t@blobs/a%', /the prefix in the URL is not percent-encoded/],
    [
      'what is neither true nor false',
      's3://K:s3cr3t@blobs?path_style=1',
      /path_style must be true or false, got "1"/,
    ],
    ['half a login', 's3://K@blobs', /ACCESS_KEY_ID:SECRET/],
    ['a bad number', 's3://blobs?connections=many', /connections must be a whole number/],
  ] as const) {
    it(`refuses ${what} without showing the secret`, () => {
      assert.throws(
        () => parseS3Url(url),
        (error) =>
          error instanceof RangeError && message.test(error.message) && !error.message.includes('s3cr3t'),
      )
    })
  }
})
