import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../../test/harness/request-head.ts'
import { s3CodeOf } from '../../../test/harness/s3-code-of.ts'
import { parseAddress } from './address.ts'

const DOMAIN = 'objects.example.test'

function parts(target: string, host = 'localhost:9400', domain: string | null = DOMAIN) {
  const {
    target: kind,
    bucketName,
    objectKey,
  } = parseAddress(requestHead({ url: target, headers: { host } }), domain)
  return [kind, bucketName, objectKey]
}

describe('parseAddress', () => {
  it('finds bucket and key in the path', () => {
    assert.deepEqual(parts('/'), ['service', null, null])
    assert.deepEqual(parts('/?x-id=ListBuckets'), ['service', null, null])
    assert.deepEqual(parts('/photos'), ['bucket', 'photos', null])
    assert.deepEqual(parts('/photos/?acl'), ['bucket', 'photos', null])
    assert.deepEqual(parts('/photos/a/b.txt'), ['object', 'photos', 'a/b.txt'])
    assert.deepEqual(parts('/photos//a/'), ['object', 'photos', '/a/'])
  })

  it('decodes keys once, and leaves a plus sign alone', () => {
    assert.deepEqual(parts('/photos/a%20b+c%2Fd%25'), ['object', 'photos', 'a b+c/d%'])
    assert.deepEqual(parts('/photos/caf%C3%A9'), ['object', 'photos', 'café'])
    assert.deepEqual(parts(`/photos/${Buffer.from('café').toString('latin1')}`), ['object', 'photos', 'café'])
  })

  it('finds the bucket in a host under the domain', () => {
    assert.deepEqual(parts('/a/b', `photos.${DOMAIN}:9400`), ['object', 'photos', 'a/b'])
    assert.deepEqual(parts('/', `photos.s3.eu-west-1.${DOMAIN}`), ['bucket', 'photos', null])
    assert.deepEqual(parts('/?acl', `my.photos.s3.eu-west-1.${DOMAIN}`), ['bucket', 'my.photos', null])
    assert.deepEqual(parts('/', `my.photos.${DOMAIN}`), ['bucket', 'my.photos', null])
  })

  it('takes the domain itself and its regional name as path style', () => {
    assert.deepEqual(parts('/photos/a', DOMAIN), ['object', 'photos', 'a'])
    assert.deepEqual(parts('/photos/a', `s3.eu-west-1.${DOMAIN}`), ['object', 'photos', 'a'])
    assert.deepEqual(parts('/photos/a', `evil${DOMAIN}`), ['object', 'photos', 'a'])
    assert.deepEqual(parts('/photos/a', `photos.${DOMAIN}`, null), ['object', 'photos', 'a'])
  })

  it('reads the absolute form that proxies send', () => {
    assert.deepEqual(parts('http://localhost:9400/photos/a?acl'), ['object', 'photos', 'a'])
  })

  for (const [what, target, code] of [
    ['a key that is not UTF-8', '/photos/%ff', 'InvalidURI'],
    ['a key of 1025 bytes', `/photos/${'k'.repeat(1025)}`, 'KeyTooLongError'],
    ['a key of 1026 bytes in 342 characters', `/photos/${'%E2%82%AC'.repeat(342)}`, 'KeyTooLongError'],
    ['an empty bucket name before a key', '//key', 'InvalidBucketName'],
  ] as const)
    it(`refuses ${what} with ${code}`, () => {
      assert.throws(
        () => parts(target),
        (error) => s3CodeOf(error) === code,
      )
    })

  it('takes a key of exactly 1024 bytes', () => {
    assert.equal(parts(`/photos/${'k'.repeat(1024)}`)[2]?.length, 1024)
  })
})
