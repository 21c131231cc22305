import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import type { S3ErrorDetails } from '../s3-error.ts'
import { errorResponse, withAddress, withBucketRegion, withMethod } from './error-response.ts'

const PLACE = { requestId: 'R', hostId: 'H', resource: '/photos/a%20b' }

function answer(error: S3Error) {
  const { status, headers, body } = errorResponse(error, PLACE)
  const named: Record<string, string> = {}
  for (let at = 0; at < headers.length; at += 2) named[headers[at] ?? ''] = headers[at + 1] ?? ''
  return { status, headers: named, text: Buffer.from(body as Uint8Array).toString() }
}

describe('the response to a request that failed', () => {
  it('is a document with code, message, details and where', () => {
    const { status, headers, text } = answer(
      new S3Error('InvalidArgument', 'no <such>', {
        details: { argumentName: 'x', accessKeyId: 'AKIA', contentMd5: 'q==', additionalMessage: 'm' },
      }),
    )
    assert.equal(status, 400)
    assert.equal(
      text,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidArgument</Code><Message>no &lt;such&gt;</Message><ArgumentName>x</ArgumentName><AWSAccessKeyId>AKIA</AWSAccessKeyId><Content-MD5>q==</Content-MD5><additionalMessage>m</additionalMessage><Resource>/photos/a%20b</Resource><RequestId>R</RequestId><HostId>H</HostId></Error>',
    )
    assert.deepEqual(headers, {
      'Content-Type': 'application/xml',
      'Content-Length': String(Buffer.byteLength(text)),
    })
  })

  it('has some details as headers instead', () => {
    const { headers, text } = answer(
      new S3Error('MethodNotAllowed', undefined, {
        details: {
          deleteMarker: true,
          versionId: 'v',
          lastModified: Date.UTC(2030, 0, 1),
          bucketRegion: 'eu-west-1',
          allow: 'DELETE',
          contentRange: 'bytes */5',
          method: 'GET',
        },
      }),
    )
    assert.deepEqual(headers, {
      'Content-Type': 'application/xml',
      'Content-Length': String(text.length),
      'x-amz-delete-marker': 'true',
      'x-amz-version-id': 'v',
      'Last-Modified': 'Tue, 01 Jan 2030 00:00:00 GMT',
      'x-amz-bucket-region': 'eu-west-1',
      Allow: 'DELETE',
      'Content-Range': 'bytes */5',
    })
    assert.match(text, /<\/Message><Method>GET<\/Method><Resource>/)
  })

  it('says when to come again where the server is busy, and only there', () => {
    for (const [code, wait] of [
      ['SlowDown', '1'],
      ['ServiceUnavailable', '1'],
      ['InternalError', undefined],
      ['NoSuchKey', undefined],
    ] as const)
      assert.equal(answer(new S3Error(code)).headers['Retry-After'], wait, code)
  })
})

describe('an error gets what the request was about', () => {
  const details = (error: S3Error): S3ErrorDetails => error.details
  const address = { bucketName: 'photos', objectKey: 'a' }
  const nowhere = { bucketName: null, objectKey: null }

  it('by its code: the bucket, the key, or nothing', () => {
    for (const code of [
      'NoSuchBucket',
      'BucketNotEmpty',
      'BucketAlreadyExists',
      'BucketAlreadyOwnedByYou',
      'NoSuchBucketPolicy',
      'InvalidBucketName',
      'NoSuchCORSConfiguration',
      'NoSuchTagSet',
      'NoSuchLifecycleConfiguration',
    ] as const) {
      assert.deepEqual(details(withAddress(new S3Error(code), address)), { bucketName: 'photos' })
      assert.deepEqual(details(withAddress(new S3Error(code), nowhere)), {})
    }
    for (const code of ['NoSuchKey', 'NoSuchVersion'] as const) {
      assert.deepEqual(details(withAddress(new S3Error(code), address)), { key: 'a' })
      assert.deepEqual(details(withAddress(new S3Error(code), nowhere)), {})
    }
    const other = new S3Error('AccessDenied')
    assert.equal(withAddress(other, address), other)
  })

  it('but not in the place of what it says itself', () => {
    const error = new S3Error('NoSuchKey', 'm', { details: { key: 'own', versionId: 'v' } })
    const told = withAddress(error, address)
    assert.deepEqual(
      [details(told), told.message, told.code, told.cause],
      [{ key: 'own', versionId: 'v' }, 'm', 'NoSuchKey', error],
    )
  })

  it('the region of the bucket, where that is known and not told yet', () => {
    const error = new S3Error('NoSuchKey', 'm', { details: { key: 'a' } })
    assert.equal(withBucketRegion(error, {}), error)
    const told = withBucketRegion(error, { bucketRegion: 'eu-west-1' })
    assert.deepEqual(
      [details(told), told.message, told.cause],
      [{ key: 'a', bucketRegion: 'eu-west-1' }, 'm', error],
    )
    assert.equal(withBucketRegion(told, { bucketRegion: 'us-east-1' }), told)
  })

  it('the method, where that is what is not allowed', () => {
    const other = new S3Error('NoSuchKey')
    assert.equal(withMethod(other, 'GET'), other)
    const error = new S3Error('MethodNotAllowed', 'm', { details: { allow: 'PUT' } })
    const told = withMethod(error, 'GET')
    assert.deepEqual([details(told), told.message, told.cause], [{ allow: 'PUT', method: 'GET' }, 'm', error])
    assert.equal(withMethod(told, 'PUT'), told)
  })
})
