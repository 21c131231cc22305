import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { S3Error } from '../s3-error.ts'
import { objectAttributes } from './object-attributes.ts'

type Input = Parameters<typeof objectAttributes>[1]
const read = (input: Input) => objectAttributes(DEFAULT_SERVICE_SETTINGS, input, undefined)
const PLAIN = { headers: { 'content-type': 'binary/octet-stream' }, userMetadata: {} }
const withHeaders = (headers: object) => ({ ...PLAIN, headers: { ...PLAIN.headers, ...headers } })

describe('the attributes of a new object', () => {
  const table: readonly (readonly [input: Input, attributes: object])[] = [
    [{}, PLAIN],
    [{ ContentType: '' }, PLAIN],
    [{ ContentType: 'a/b' }, withHeaders({ 'content-type': 'a/b' })],
    [{ CacheControl: '' }, withHeaders({ 'cache-control': '' })],
    [{ CacheControl: 'no-cache' }, withHeaders({ 'cache-control': 'no-cache' })],
    [{ ContentDisposition: 'inline' }, withHeaders({ 'content-disposition': 'inline' })],
    [{ ContentLanguage: 'en' }, withHeaders({ 'content-language': 'en' })],
    [{ Expires: 'never' }, withHeaders({ expires: 'never' })],
    [{ ContentEncoding: 'gzip' }, withHeaders({ 'content-encoding': 'gzip' })],
    [{ ContentEncoding: 'gzip, br' }, withHeaders({ 'content-encoding': 'gzip, br' })],
    // How the request's body is framed is no property of the object.
    [{ ContentEncoding: 'aws-chunked' }, PLAIN],
    [{ ContentEncoding: 'AWS-Chunked' }, PLAIN],
    [{ ContentEncoding: 'gzip, aws-chunked, br' }, withHeaders({ 'content-encoding': 'gzip,br' })],
    [{ ContentEncoding: '' }, PLAIN],
    [{ Metadata: { a: 'b' } }, { ...PLAIN, userMetadata: { a: 'b' } }],
    [
      { Tagging: 'a=b&c=' },
      {
        ...PLAIN,
        tags: [
          { key: 'a', value: 'b' },
          { key: 'c', value: '' },
        ],
      },
    ],
    [{ Tagging: '' }, PLAIN],
    [{ WebsiteRedirectLocation: '/a' }, { ...PLAIN, websiteRedirectLocation: '/a' }],
    [{ WebsiteRedirectLocation: 'http://a' }, { ...PLAIN, websiteRedirectLocation: 'http://a' }],
    [{ WebsiteRedirectLocation: 'https://a' }, { ...PLAIN, websiteRedirectLocation: 'https://a' }],
    [{ ObjectLockLegalHoldStatus: 'ON' }, { ...PLAIN, legalHold: true }],
    [{ ObjectLockLegalHoldStatus: 'OFF' }, { ...PLAIN, legalHold: false }],
    [
      { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: 0 },
      { ...PLAIN, retention: { mode: 'COMPLIANCE', retainUntil: 0 } },
    ],
    [{ ServerSideEncryption: 'AES256' }, { ...PLAIN, encryption: { type: 'SSE-S3' } }],
  ]
  for (const [input, attributes] of table)
    it(`are read from ${JSON.stringify(input)}`, () => assert.deepEqual(read(input), attributes))

  it('have the ACL that is given', () => {
    const acl = { ownerAccountId: '1', grants: [] }
    assert.deepEqual(objectAttributes(DEFAULT_SERVICE_SETTINGS, {}, acl), { ...PLAIN, acl })
  })

  const key = Buffer.alloc(32, 1)
  const customer: Input = {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: hash('md5', key, 'base64'),
  }
  /** What is wrong with an input, in the order in which it is told. */
  const faults: readonly (readonly [input: Input, refusal: string])[] = [
    [{ StorageClass: 'NONE' }, 'InvalidStorageClass'],
    [{ Tagging: '%' }, 'InvalidArgument'],
    [{ ObjectLockMode: 'COMPLIANCE' }, 'RetentionIncomplete'],
    [{ SSECustomerAlgorithm: 'AES512' }, 'InvalidEncryptionAlgorithmError'],
    [{ ...customer, ServerSideEncryption: 'aws:kms' }, 'TwoEncryptions'],
    [{ ServerSideEncryption: 'aws:kms' }, 'NotImplemented'],
    [{ Metadata: { a: 'x'.repeat(2048) } }, 'MetadataTooLarge'],
    [{ WebsiteRedirectLocation: 'a' }, 'InvalidRedirectLocation'],
  ]
  const isRefusal = (refusal: string) => (error: unknown) =>
    (isDomainError(error) ? error.kind : error instanceof S3Error && error.code) === refusal
  for (const [at, [input, refusal]] of faults.entries())
    it(`are refused as ${refusal}, whatever is wrong besides`, () => {
      assert.throws(() => read(input), isRefusal(refusal))
      for (const [other] of faults.slice(at + 1))
        assert.throws(() => read({ ...other, ...input }), isRefusal(refusal), JSON.stringify(other))
    })

  it('have a customer’s key, and then no encryption by the server', () => {
    assert.equal(read(customer).encryption?.type, 'SSE-C')
    assert.throws(() => read({ ...customer, ServerSideEncryption: 'AES256' }), isRefusal('TwoEncryptions'))
  })
})
