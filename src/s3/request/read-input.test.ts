import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { REFUSED_HEADERS, refusedHeadersOf } from '../../model/s3/refused-headers.ts'
import type { Shape } from '../../model/shape.ts'
import { S3Error } from '../s3-error.ts'
import type { AnyOperationHandler } from '../operation-handler.ts'
import { S3_OPERATIONS } from '../operations/index.ts'
import { requestHead } from '../../../test/harness/request-head.ts'
import { parseAddress } from './address.ts'
import { OperationTable } from './detect-operation.ts'
import { InputReader } from './read-input.ts'
import { UNSUPPORTED_MARKERS } from './s3-names.ts'

/** What the official SDK says that an operation of S3 takes besides its address and body. */
interface SdkOperation {
  readonly name: string
  readonly method: string
  /** Path and query. */
  readonly uri: string
  /** In lower case. */
  readonly headers: readonly string[]
  readonly arguments: readonly string[]
}

const SDK_OPERATIONS = Object.values(sdk).flatMap((value) => sdkOperation(value) ?? [])

/** Headers that an operation of the SDK has and that are passed over, and why that takes nothing away. */
const HARMLESS: ReadonlyMap<string, string> = new Map([
  ['content-length', 'frames the body'],
  ['x-amz-bucket-object-lock-token', 'lets a bucket have a lock that it may have anyway'],
  ['x-amz-expected-bucket-owner', 'is held against the bucket in every request'],
  ['x-amz-mfa', 'proves what no bucket asks for'],
  ['x-amz-object-annotation-directive', 'is about annotations, which no object has'],
  ['x-amz-optional-object-attributes', 'asks a listing for more than it has'],
  ['x-amz-request-payer', 'consents to costs that no bucket has'],
  ['x-amz-sdk-checksum-algorithm', 'names the algorithm of a checksum header'],
  ['x-amz-server-side-encryption-bucket-key-enabled', 'saves requests to a key service that is not there'],
  ['x-amz-skip-destination-validation', 'spares a check that is not made'],
  ['x-amz-storage-class', 'of part copies is that of the upload'],
  ['x-amz-transition-default-minimum-object-size', 'is about transitions, which are refused'],
])

describe('reading the input of an S3 operation', () => {
  it('uses each header that the SDK has for it, or refuses it, or passes it over for a reason', () => {
    const asked = []
    for (const { operation } of S3_OPERATIONS) {
      const known = SDK_OPERATIONS.find(({ name }) => name === operation.name)
      assert(known, operation.name)
      for (const header of known.headers)
        if (!isBound(operation, header) && !HARMLESS.has(header) && operation.http?.method !== 'GET') {
          asked.push(`${operation.name} ${header}`)
          assert.throws(
            () => new InputReader(operation).read(requestOf(operation, { [header]: 'x' })),
            isRefused,
            `${operation.name} passes ${header} over`,
          )
        }
    }
    assert(asked.includes('PutObject x-amz-write-offset-bytes'))
  })

  it('takes each query argument that the SDK has for it', () => {
    for (const { operation } of S3_OPERATIONS) {
      const known = SDK_OPERATIONS.find(({ name }) => name === operation.name)
      const own = Object.values(operation.input.members).flatMap(({ location }) =>
        location?.in === 'query' ? [location.name] : [],
      )
      assert.deepEqual(own.toSorted(), known?.arguments.toSorted(), operation.name)
    }
  })

  it('passes over, where an operation reads, whatever it does not use', () => {
    const everything = Object.fromEntries(
      [...SDK_OPERATIONS.flatMap(({ headers }) => headers), 'content-range', 'x-amz-te'].map((name) => [
        name,
        'x',
      ]),
    )
    for (const { operation } of S3_OPERATIONS) {
      if (operation.http?.method !== 'GET' && operation.http?.method !== 'HEAD') continue
      const unused = Object.entries(everything).filter(([name]) => !isBound(operation, name))
      const plain = new InputReader(operation).read(requestOf(operation, {}))
      const read = new InputReader(operation).read(requestOf(operation, Object.fromEntries(unused)))
      assert.deepEqual(read, plain, operation.name)
    }
  })

  it('refuses, where an operation writes, what the model names and nothing else', () => {
    const names = new Set([
      ...SDK_OPERATIONS.flatMap(({ headers }) => headers),
      ...Object.values(REFUSED_HEADERS).flatMap((groups) => groups.flatMap((group) => group.names)),
    ])
    for (const { operation } of S3_OPERATIONS) {
      assert(operation.http)
      const refusedHere = refusedHeadersOf(operation.http)
      for (const name of names) {
        if (isBound(operation, name)) continue
        const read = () => new InputReader(operation).read(requestOf(operation, { [name]: 'x' }))
        if (refusedHere.has(name)) assert.throws(read, isRefused, `${operation.name} passes ${name} over`)
        else assert.doesNotThrow(read, `${operation.name} refuses ${name}`)
      }
    }
  })

  it('knows a marker of each operation of S3 that is not offered', () => {
    const names = new Set(S3_OPERATIONS.map(({ operation }) => operation.name))
    const others = SDK_OPERATIONS.filter(({ name }) => !names.has(name))
    // Two at addresses that are no bucket's. The other's marker is that of buckets, of which objects have none (the next test).
    const elsewhere = ['ListDirectoryBuckets', 'UpdateObjectEncryption', 'WriteGetObjectResponse']
    const unmarked = others.filter(({ uri }) => {
      const { searchParams } = new URL(uri.replace('{Bucket}', 'b').replace('{Key+}', 'k'), 'http://host')
      return ![...searchParams.keys()].some((name) => UNSUPPORTED_MARKERS.has(name))
    })
    assert.deepEqual(unmarked.map(({ name }) => name).toSorted(), elsewhere)
  })

  it('refuses a marker that buckets have and objects do not', () => {
    const address = parseAddress(requestHead({ url: '/bucket/key?encryption' }), null)
    assert.throws(() => new OperationTable(S3_OPERATIONS).find('PUT', address, {}), refused('NotImplemented'))
  })

  const single: readonly [what: string, header: Readonly<Record<string, string>>, code: string | null][] = [
    ['a grant that objects do not have', { 'x-amz-grant-write': 'id="x"' }, 'NotImplemented'],
    [
      'a key of a key service alone',
      { 'x-amz-server-side-encryption-aws-kms-key-id': 'k' },
      'InvalidArgument',
    ],
    [
      'a key of a key service',
      { 'x-amz-server-side-encryption-aws-kms-key-id': 'k', 'x-amz-server-side-encryption': 'aws:kms' },
      'NotImplemented',
    ],
    ['encryption that S3 does not know', { 'x-amz-server-side-encryption': 'rot13' }, 'InvalidArgument'],
    [
      'the announcement of a checksum that is none',
      { 'x-amz-sdk-checksum-algorithm': 'MD4' },
      'InvalidRequest',
    ],
    ['a checksum that is none', { 'x-amz-checksum-md4': 'AAAA' }, null],
    ['a condition that writes do not have', { 'if-unmodified-since': 'now' }, 'NotImplemented'],
    ['a piece of a body', { 'content-range': 'bytes 0-1/9' }, 'NotImplemented'],
    ['what is about copies, without one', { 'x-amz-metadata-directive': 'REPLACE' }, null],
    ['what S3 does not know', { 'x-amz-horse': 'brown', 'x-other': 'y' }, null],
  ]
  for (const [what, headers, code] of single)
    it(`${code === null ? 'passes over' : 'refuses'} ${what} at PutObject`, () => {
      const read = () =>
        new InputReader(sdkModel('PutObject')).read(requestOf(sdkModel('PutObject'), headers))
      if (code === null) assert.deepEqual(read(), { Bucket: 'bucket', Key: 'key' })
      else assert.throws(read, refused(code))
    })

  it('refuses a version and a part that an operation cannot be about, and passes over what is not S3’s', () => {
    const reader = new InputReader(sdkModel('PutObject'))
    const read = (query: string) =>
      reader.read({ address: parseAddress(requestHead({ url: `/bucket/key?${query}` }), null), headers: {} })
    assert.throws(() => read('versionId=null'), refused('InvalidArgument'))
    assert.throws(() => read('partNumber=1'), refused('InvalidArgument'))
    assert.deepEqual(read('x-id=PutObject&utm_source=mail'), { Bucket: 'bucket', Key: 'key' })
  })

  it('passes over encryption where nothing is stored, and versions and parts where nothing is written', () => {
    const tagging = sdkModel('PutObjectTagging')
    const headers = { 'x-amz-server-side-encryption': 'AES256' }
    assert.doesNotThrow(() => new InputReader(tagging).read(requestOf(tagging, headers)))
    const address = parseAddress(requestHead({ url: '/bucket?versionId=1&partNumber=x' }), null)
    assert.deepEqual(new InputReader(sdkModel('ListObjects')).read({ address, headers: {} }), {
      Bucket: 'bucket',
      Key: undefined,
    })
  })

  it('takes the words of checksums in any case, others as they are spelled', () => {
    const read = (name: string, headers: Record<string, string>) =>
      new InputReader(sdkModel(name)).read(requestOf(sdkModel(name), headers))
    assert.equal(read('HeadObject', { 'x-amz-checksum-mode': 'enabled' }).ChecksumMode, 'ENABLED')
    const begun = { 'x-amz-checksum-algorithm': 'crc64nvme', 'x-amz-checksum-type': 'full_object' }
    const { ChecksumAlgorithm, ChecksumType } = read('CreateMultipartUpload', begun)
    assert.deepEqual([ChecksumAlgorithm, ChecksumType], ['CRC64NVME', 'FULL_OBJECT'])
    for (const [name, value] of [
      ['x-amz-acl', 'Private'],
      ['x-amz-metadata-directive', 'replace'],
      ['x-amz-object-lock-mode', 'governance'],
      ['x-amz-server-side-encryption', 'aes256'],
    ] as const)
      assert.throws(() => read('CopyObject', { [name]: value }), refused('InvalidArgument'), name)
  })
})

type Operation = AnyOperationHandler['operation']

function sdkModel(name: string): Operation {
  const found = S3_OPERATIONS.find(({ operation }) => operation.name === name)
  assert(found, name)
  return found.operation
}

/** A request of the operation with all that it cannot do without, and these headers. */
function requestOf({ http, input }: Operation, headers: Readonly<Record<string, string>>) {
  const own: Record<string, string> = {}
  const query: string[] = []
  for (const { location, isRequired, shape } of Object.values(input.members)) {
    if (!isRequired) continue
    if (location?.in === 'header') own[location.name] = valueOf(shape)
    if (location?.in === 'query') query.push(`${location.name}=1`)
  }
  const path = http?.target === 'service' ? '/' : http?.target === 'bucket' ? '/bucket' : '/bucket/key'
  return {
    address: parseAddress(requestHead({ url: `${path}?${query.join('&')}` }), null),
    headers: { ...own, ...headers },
  }
}

const valueOf = (shape: Shape): string =>
  shape.type === 'list' ? valueOf(shape.member) : (shape.type === 'string' && shape.values?.[0]) || '1'

function isBound({ input }: Operation, header: string): boolean {
  return Object.values(input.members).some(
    ({ location }) =>
      (location?.in === 'header' && location.name === header) ||
      (location?.in === 'headers' && header.startsWith(location.prefix)),
  )
}

/** Encryption has an error of its own. */
const isRefused = (error: unknown) => refused('NotImplemented')(error) || refused('InvalidArgument')(error)

const refused = (code: string) => (error: unknown) => error instanceof S3Error && error.code === code

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Reads the SDK's own description: [9, namespace, name, traits, input, output] of an operation, [3, …, names, members] of a structure. */
function sdkOperation(value: unknown): SdkOperation | null {
  const [kind, , name, traits, input] = listOf(value)
  if (kind !== 9) return null
  const http = typeof traits === 'object' && traits && 'http' in traits ? listOf(traits.http) : []
  // A schema that others refer to before it is made stands behind a function without parameters.
  const structure = listOf(typeof input === 'function' ? (input as () => unknown)() : input)
  const bindings = listOf(structure[5]).map((member) => listOf(member)[1])
  const named = (trait: string) =>
    bindings.flatMap((binding) =>
      typeof binding === 'object' && binding && trait in binding ? [String(Reflect.get(binding, trait))] : [],
    )
  assert(typeof name === 'string' && http.length === 3, `${String(name)} is described otherwise than before`)
  return {
    name,
    method: String(http[0]),
    uri: String(http[1]),
    headers: [...named('httpHeader'), ...named('httpPrefixHeaders')].map((header) => header.toLowerCase()),
    arguments: named('httpQuery'),
  }
}
