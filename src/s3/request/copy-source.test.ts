import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { s3CodeOf } from '../../../test/harness/s3-code-of.ts'
import { parseCopySource } from './copy-source.ts'

describe('reading x-amz-copy-source', () => {
  const named: readonly [text: string, bucketName: string, key: string, versionId?: string][] = [
    ['b/k', 'b', 'k'],
    ['/b/k', 'b', 'k'],
    ['b%2Fk%2Fl', 'b', 'k/l'],
    ['b//k', 'b', '/k'],
    ['b/a+b', 'b', 'a b'],
    ['b/a%20b', 'b', 'a b'],
    ['b/a%2Bb', 'b', 'a+b'],
    ['b/1%2B1+%3D+2', 'b', '1+1 = 2'],
    ['b/%C3%A9', 'b', 'é'],
    ['b/\u00c3\u00a9', 'b', 'é'],
    ['b/what?.txt', 'b', 'what?.txt'],
    ['b/k?versionId=v1', 'b', 'k', 'v1'],
    ['b/k%3FversionId=v1', 'b', 'k?versionId=v1'],
    ['b/k?versionId=v1?versionId=v2', 'b', 'k?versionId=v1', 'v2'],
  ]
  for (const [text, bucketName, objectKey, versionId] of named)
    it(`finds ${JSON.stringify({ bucketName, objectKey, versionId })} in ${text}`, () => {
      assert.deepEqual(parseCopySource(text), {
        bucketName,
        objectKey,
        ...(versionId !== undefined && { versionId }),
      })
    })

  const refused: readonly [text: string, code: string][] = [
    ['', 'InvalidArgument'],
    ['b', 'InvalidArgument'],
    ['b/', 'InvalidArgument'],
    ['//k', 'InvalidArgument'],
    ['b/%zz', 'InvalidArgument'],
    [`b/${'k'.repeat(1025)}`, 'KeyTooLongError'],
  ]
  for (const [text, code] of refused)
    it(`refuses ${text.slice(0, 20)} with ${code}`, () => {
      assert.throws(
        () => parseCopySource(text),
        (error) => s3CodeOf(error) === code,
      )
    })
})
