import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3_OPERATIONS } from '../operations/index.ts'
import { loggedOperation } from './operation-names.ts'

describe('the operation in an access log', () => {
  /** Of a request whose operation is known. */
  const KNOWN: readonly (readonly [operation: string, method: string, logged: string])[] = [
    ['AbortMultipartUpload', 'DELETE', 'REST.DELETE.UPLOAD'],
    ['CompleteMultipartUpload', 'POST', 'REST.POST.UPLOAD'],
    ['CopyObject', 'PUT', 'REST.COPY.OBJECT'],
    ['CreateBucket', 'PUT', 'REST.PUT.BUCKET'],
    ['CreateMultipartUpload', 'POST', 'REST.POST.UPLOADS'],
    ['DeleteBucket', 'DELETE', 'REST.DELETE.BUCKET'],
    ['DeleteObject', 'DELETE', 'REST.DELETE.OBJECT'],
    ['DeleteObjects', 'POST', 'REST.POST.MULTI_OBJECT_DELETE'],
    ['GetObject', 'GET', 'REST.GET.OBJECT'],
    ['HeadBucket', 'HEAD', 'REST.HEAD.BUCKET'],
    ['HeadObject', 'HEAD', 'REST.HEAD.OBJECT'],
    ['ListMultipartUploads', 'GET', 'REST.GET.UPLOADS'],
    ['ListObjectVersions', 'GET', 'REST.GET.BUCKETVERSIONS'],
    ['ListObjects', 'GET', 'REST.GET.BUCKET'],
    ['ListObjectsV2', 'GET', 'REST.GET.BUCKET'],
    ['ListParts', 'GET', 'REST.GET.UPLOAD'],
    ['PostObject', 'POST', 'REST.POST.OBJECT'],
    ['PutObject', 'PUT', 'REST.PUT.OBJECT'],
    ['UploadPart', 'PUT', 'REST.PUT.PART'],
    ['UploadPartCopy', 'PUT', 'REST.COPY.PART'],
  ]
  for (const [operation, method, logged] of KNOWN)
    it(`is ${logged} for ${operation}, whatever its query says`, () => {
      for (const url of ['/b/k', '/b/k?acl', '/b/k?x=acl&tagging='])
        assert.equal(loggedOperation({ method, url, operation, hasObjectKey: true }), logged)
    })

  /** Of a request whose operation's name does not tell, or that was refused before it was known. */
  const BY_QUERY: readonly (readonly [query: string, resource: string])[] = [
    ['acl', 'ACL'],
    ['attributes', 'OBJECT_ATTRIBUTES'],
    ['cors', 'CORS'],
    ['encryption', 'ENCRYPTION'],
    ['legal-hold', 'LEGAL_HOLD'],
    ['lifecycle', 'LIFECYCLE'],
    ['location', 'LOCATION'],
    ['logging', 'LOGGING_STATUS'],
    ['object-lock', 'OBJECT_LOCK_CONFIGURATION'],
    ['ownershipControls', 'OWNERSHIP_CONTROLS'],
    ['policy', 'BUCKETPOLICY'],
    ['policyStatus', 'POLICY_STATUS'],
    ['publicAccessBlock', 'PUBLIC_ACCESS_BLOCK'],
    ['retention', 'RETENTION'],
    ['versioning', 'VERSIONING'],
    ['x=1&acl=', 'ACL'],
    ['ACL', 'OBJECT'],
    ['x=acl', 'OBJECT'],
    ['acl2', 'OBJECT'],
    ['', 'OBJECT'],
  ]
  for (const [query, resource] of BY_QUERY)
    it(`is of ${resource} for ?${query} of an object`, () => {
      for (const operation of [undefined, 'PutBucketAcl']) {
        const request = { method: 'PUT', url: `/b/k?${query}`, operation, hasObjectKey: true }
        assert.equal(loggedOperation(request), `REST.PUT.${resource}`)
      }
    })

  for (const { operation } of S3_OPERATIONS) {
    const { name, http } = operation
    // Pages of objects are read of the bucket, whichever version of the operation asks.
    if (http?.query === undefined || name === 'ListObjectsV2') continue
    const { method, target, query } = http
    it(`is a word of its own for ${name}, which ?${query} marks`, () => {
      const [url, hasObjectKey] = target === 'object' ? [`/b/k?${query}`, true] : [`/b?${query}`, false]
      const logged = loggedOperation({ method, url, operation: name, hasObjectKey })
      assert.doesNotMatch(logged, /\.(?:BUCKET|OBJECT)$/)
    })
  }

  it('tells the tags of a bucket and of an object apart, and both where no query says more', () => {
    const of = (url: string, hasObjectKey: boolean) =>
      loggedOperation({ method: 'GET', url, operation: undefined, hasObjectKey })
    assert.deepEqual(
      [of('/b?tagging', false), of('/b/k?tagging', true), of('/b', false), of('/b/k', true)],
      ['REST.GET.TAGGING', 'REST.GET.OBJECT_TAGGING', 'REST.GET.BUCKET', 'REST.GET.OBJECT'],
    )
  })

  it('of a preflight is one, whatever it is about', () =>
    assert.equal(
      loggedOperation({ method: 'OPTIONS', url: '/b/k?acl', operation: undefined, hasObjectKey: true }),
      'REST.OPTIONS.PREFLIGHT',
    ))
})
