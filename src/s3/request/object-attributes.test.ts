import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'
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
  const refused: readonly (readonly [input: Input, code: string])[] = [
    [{ WebsiteRedirectLocation: 'a' }, 'InvalidRedirectLocation'],
    [{ WebsiteRedirectLocation: 'ftp://a' }, 'InvalidRedirectLocation'],
    [{ WebsiteRedirectLocation: `/${'a'.repeat(2048)}` }, 'InvalidRedirectLocation'],
    [{ ObjectLockMode: 'COMPLIANCE' }, 'InvalidArgument'],
    [{ ObjectLockRetainUntilDate: 1 }, 'InvalidArgument'],
    [{ ServerSideEncryption: 'aws:kms' }, 'NotImplemented'],
  ]
  for (const [input, code] of refused)
    it(`are refused as ${code}: ${JSON.stringify(input).slice(0, 80)}`, () =>
      assert.throws(
        () => read(input),
        (error) => error instanceof S3Error && error.code === code,
      ))

  it('have a redirect of up to 2,048 characters', () => {
    const location = `/${'a'.repeat(2047)}`
    assert.equal(read({ WebsiteRedirectLocation: location }).websiteRedirectLocation, location)
    assert.throws(() => read({ WebsiteRedirectLocation: `${location}a` }), /cannot exceed 2,048 characters/)
    assert.throws(
      () => read({ WebsiteRedirectLocation: 'a' }),
      (error: Error) => !/2,048/.test(error.message),
    )
  })

  it('have 2,048 bytes of metadata at most, names and values together', () => {
    const of = (bytes: number) => read({ Metadata: { name: 'ä'.repeat(10), b: 'x'.repeat(bytes - 25) } })
    assert.equal(Object.keys(of(2048).userMetadata).length, 2)
    assert.throws(
      () => of(2049),
      (error) => {
        assert.ok(error instanceof S3Error)
        assert.equal(error.code, 'MetadataTooLarge')
        assert.deepEqual(error.details, { size: 2049, maxSizeAllowed: 2048 })
        return true
      },
    )
  })

  it('have a customer’s key, and then no encryption by the server', () => {
    const { encryption } = read(customer)
    assert.equal(encryption?.type, 'SSE-C')
    assert.throws(
      () => read({ ...customer, ServerSideEncryption: 'AES256' }),
      (error) =>
        error instanceof S3Error && error.code === 'InvalidArgument' && /incompatible/.test(error.message),
    )
  })
})
