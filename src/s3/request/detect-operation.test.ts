import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { S3_OPERATIONS } from '../operations/index.ts'
import { requestHead } from '../../../test/harness/request-head.ts'
import { parseAddress } from './address.ts'
import { OperationTable } from './detect-operation.ts'

const table = new OperationTable(S3_OPERATIONS)

function find(request: string, headers: Record<string, string> = {}): string {
  const [method = '', target = ''] = request.split(' ')
  return table.find(method, parseAddress(requestHead({ url: target }), null), headers).operation.name
}

const failsWith = (code: string) => (error: unknown) => error instanceof S3Error && error.code === code

describe('the operation that a request asks for', () => {
  const found: readonly [request: string, name: string][] = [
    ['GET /', 'ListBuckets'],
    ['GET /b', 'ListObjects'],
    ['GET /b?list-type=2', 'ListObjectsV2'],
    ['GET /b?list-type=9', 'ListObjects'],
    ['GET /b?versions&prefix=acl', 'ListObjectVersions'],
    ['GET /b?page=acl', 'ListObjects'],
    ['PUT /b/k', 'PutObject'],
    ['PUT /b/k?x-id=PutObject', 'PutObject'],
    ['PUT /b/k?partNumber=1&uploadId=u', 'UploadPart'],
    ['POST /b/k?uploads', 'CreateMultipartUpload'],
    ['POST /b/k?uploadId=u', 'CompleteMultipartUpload'],
    ['DELETE /b/k?uploadId=u', 'AbortMultipartUpload'],
    ['GET /b/k?uploadId=u', 'ListParts'],
    ['PUT /b?acl', 'PutBucketAcl'],
    ['PUT /b/k?acl', 'PutObjectAcl'],
  ]
  for (const [request, name] of found)
    it(`is ${name} for ${request}`, () => {
      assert.equal(find(request), name)
    })

  it('is a copy when a header names a source', () => {
    const headers = { 'x-amz-copy-source': '/b/k' }
    assert.equal(find('PUT /b/k', headers), 'CopyObject')
    assert.equal(find('PUT /b/k?partNumber=1&uploadId=u', headers), 'UploadPartCopy')
  })

  const refused: readonly [request: string, code: string][] = [
    ['GET /b?acl&policy', 'InvalidArgument'],
    ['GET /b?website', 'NotImplemented'],
    ['POST /b/k?select&select-type=2', 'NotImplemented'],
    ['GET /b/k?policy', 'NotImplemented'],
    ['GET /b/k?versions', 'InvalidRequest'],
    ['GET /b/k?uploads', 'InvalidRequest'],
    ['POST /b?acl', 'MethodNotAllowed'],
    ['PATCH /b/k', 'MethodNotAllowed'],
    ['DELETE /', 'MethodNotAllowed'],
  ]
  for (const [request, code] of refused)
    it(`is refused with ${code} for ${request}`, () => {
      assert.throws(() => find(request), failsWith(code))
    })
})
