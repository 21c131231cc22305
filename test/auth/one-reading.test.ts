import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { canonicalRequest } from '../../src/auth/canonical-request.ts'
import { MalformedRequest } from '../../src/auth/malformed-request.ts'
import { parseRequestHead, type RequestHead } from '../../src/auth/request-head.ts'
import { version2StringToSign } from '../../src/auth/version-2-authentication.ts'
import { parseAddress } from '../../src/s3/request/address.ts'
import { version2Resources } from '../../src/s3/request/version-2-resources.ts'
import { S3Error } from '../../src/s3/s3-error.ts'
import { requestHead } from '../harness/request-head.ts'
import { SeededRandom } from '../seeded-random.ts'

const ROUNDS = 20_000
const SOURCES = join(import.meta.dirname, '../../src')
/** What looks at a request as it came, and decides nothing: a line of an access log, what a response or refusal looks like. */
const SHOW_RAW: readonly string[] = [
  'access-log/logged-accesses.ts',
  'response/explain-refusal.ts',
  'cors/cors-of-refusal.ts',
  'sts/write-response.ts',
]

interface RawRequest {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
}

const PATHS = ['/b/k', '/b', '/', '/b/k%2Fx', '/b/a b', '/b//k', '/b/./k', '/b/%zz', '/b/k+x', '/b/%C3%A9']
const ARGUMENTS = [
  ...[
    'tagging',
    'uploadId=1',
    'uploadId=2',
    'prefix=a%2Fb',
    'prefix=',
    'prefix',
    '',
    '=x',
    'a=1',
    'a=2',
    'e=+',
  ],
  ...[
    'x-amz-meta-a=1',
    'X-Amz-Meta-A=2',
    'x-amz-acl=private',
    'X-Amz-Algorithm=x',
    'X-Amz-Signature=y',
    'é=%E9',
  ],
  ...['x-amz-checksum-crc32=AAAAAA%3D%3D', 'X-Amz-Date=1', 'x-amz-date=2', 'AWSAccessKeyId=a', 'Signature=b'],
]
const HEADERS: readonly (readonly [string, string])[] = [
  ...(['h', 'i', 'b  x'] as const).map((value) => ['Host', value] as const),
  ...(['private', 'public-read', 'a  b'] as const).map((value) => ['x-amz-acl', value] as const),
  ...(['1', '2', '1,2', '1, 2'] as const).map((value) => ['X-Amz-Meta-A', value] as const),
  ...(['id="1"', 'id="2"', 'id="1",id="2"'] as const).map((value) => ['x-amz-grant-read', value] as const),
  ...(['b/k', 'b/k  k', 'b/k\tk'] as const).map((value) => ['x-amz-copy-source', value] as const),
  ['Range', 'bytes=0-1'],
  ['content-type', 'text/plain'],
  ['constructor', 'c'],
  ['__proto__', 'p'],
]

const some = <T>(random: SeededRandom, choices: readonly T[], countMax: number): T[] =>
  Array.from({ length: random.below(countMax + 1) }, () => random.oneOf(choices))

function randomRequest(random: SeededRandom): RawRequest {
  const query = some(random, ARGUMENTS, 4).join('&')
  return {
    method: random.oneOf(['GET', 'PUT']),
    url: `${random.oneOf(['', '', '', 'http://h'])}${random.oneOf(PATHS)}${query === '' ? '' : `?${query}`}`,
    rawHeaders: ['Host', 'h', ...some(random, HEADERS, 4).flat()].slice(random.below(8) === 0 ? 2 : 0),
  }
}

/** The same request, or nearly: told in other words, or with something put in, left out or moved. */
function changed(random: SeededRandom, request: RawRequest): RawRequest {
  const mark = request.url.indexOf('?')
  const path = mark < 0 ? request.url : request.url.slice(0, mark)
  const pieces = mark < 0 ? [] : request.url.slice(mark + 1).split('&')
  const pairs = pairsOf(request.rawHeaders)
  const at = random.below(pieces.length + 1)
  switch (random.below(9)) {
    case 0:
      pieces.splice(at, 0, ...Array.from({ length: random.below(300) }, () => ''))
      break
    case 1:
      pieces.reverse()
      break
    case 2:
      pieces.splice(at, 0, random.oneOf(ARGUMENTS))
      break
    case 3:
      pieces.splice(at, 1)
      break
    case 4:
      return { ...request, url: recoded(random, request.url) }
    case 5:
      return { ...request, rawHeaders: pairs.toReversed().flat() }
    case 6:
      return { ...request, rawHeaders: [...request.rawHeaders, ...random.oneOf(HEADERS)] }
    case 7:
      return { ...request, rawHeaders: pairs.flatMap(([name, value]) => [name.toUpperCase(), value]) }
    default:
      return { ...request, rawHeaders: pairs.flatMap(([name, value]) => splitList(name, value)) }
  }
  return { ...request, url: pieces.length === 0 ? path : `${path}?${pieces.join('&')}` }
}

/** Each character of a target encoded or not, as it comes; no more than that, since a changed meaning would be another request. */
function recoded(random: SeededRandom, url: string): string {
  return url.replace(/[a-z+ ]/g, (character) =>
    random.below(3) > 0 ? character : `%${character.charCodeAt(0).toString(16)}`,
  )
}

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []))

const splitList = (name: string, value: string): string[] =>
  value.split(',').flatMap((item) => [name, item.trim()])

/** Behind a URL that version 2 signs. */
const VERSION_2_ARGUMENTS = [
  ...['acl', 'versionId=1', 'versionId=1%26acl', 'versionId=1%26a=2', 'uploadId=1', 'prefix=a', 'prefix=b'],
  ...['response-content-type=a', 'response-content-type=a%26versionId%3D1', 'response-content-type=%C3%A9'],
  ...['response-content-type=a+b', 'retention', 'attributes', 'a=1', 'content-type=text%2Fplain'],
  ...['Content-Type=text%2Fhtml', 'content-md5=m', 'content-type=a%0Ab', 'x-amz-acl=private', 'X-Amz-Acl=b'],
  ...['x-amz-acl=+private', 'x-amz-meta-a=1', 'x-amz-meta-a=1%0Ax-amz-meta-b:2', 'x-amz-meta-b=2'],
  ...['x-amz-checksum-crc32=AAAAAA%3D%3D', 'x-amz-sdk-checksum-algorithm=CRC32', 'Expires=2', 'Signature=t'],
]
const VERSION_2_HEADERS: readonly (readonly [string, string])[] = [
  ...(['private', 'public-read'] as const).map((value) => ['x-amz-acl', value] as const),
  ...(['text/plain', 'text/html'] as const).map((value) => ['Content-Type', value] as const),
  ...(['1', '2', '1,2'] as const).map((value) => ['X-Amz-Meta-A', value] as const),
  ['X-Amz-Meta-B', '2'],
  ['Content-MD5', 'm'],
  ['x-amz-checksum-crc32', 'AAAAAA=='],
  ['x-amz-sdk-checksum-algorithm', 'CRC32'],
  ['Range', 'bytes=0-1'],
]
const VERSION_2_PATHS: readonly (readonly [host: string, path: string])[] = [
  ['h', '/b/k'],
  ['h', '/b'],
  ['h', '/b/'],
  ['h', '/b//k'],
  ['h', '/'],
  ['b.h', '/k'],
  ['b.h', '/'],
  ['B.h', '/k'],
  ['k.h', '/b'],
]

function randomVersion2Request(random: SeededRandom): RawRequest {
  const signature = ['AWSAccessKeyId=a', 'Signature=s', 'Expires=1']
  const [host, path] = random.oneOf(VERSION_2_PATHS)
  return {
    method: random.oneOf(['GET', 'PUT']),
    url: `${path}?${[...signature, ...some(random, VERSION_2_ARGUMENTS, 3)].join('&')}`,
    rawHeaders: ['Host', host, ...some(random, VERSION_2_HEADERS, 2).flat()],
  }
}

/** A request that says the same, or nearly, by what version 2 tells apart: something put in, left out, or moved between header and query. */
function changedVersion2(random: SeededRandom, request: RawRequest): RawRequest {
  const pairs = pairsOf(request.rawHeaders)
  const [host, path] = random.oneOf(VERSION_2_PATHS)
  const [, query = ''] = request.url.split('?', 2)
  switch (random.below(5)) {
    case 0:
      return { ...request, url: `${request.url}&${random.oneOf(VERSION_2_ARGUMENTS)}` }
    case 3:
      return { ...request, url: request.url.replace('%26', '&') }
    case 1: {
      const moved = pairs.at(-1)
      if (moved === undefined || pairs.length === 1) return request
      const url = `${request.url}&${moved[0]}=${encodeURIComponent(moved[1])}`
      return { ...request, url, rawHeaders: pairs.slice(0, -1).flat() }
    }
    case 2:
      return {
        ...request,
        url: `${path}?${query}`,
        rawHeaders: ['Host', host, ...pairs.slice(1).flat()],
      }
    default:
      return changed(random, request)
  }
}

interface Reading {
  /** What a signature over all headers covers. */
  readonly signed: string
  /** All that a later stage can see. */
  readonly seen: unknown
}

/** Null: the request is refused. */
function read(request: RawRequest): Reading | null {
  try {
    const head = parseRequestHead(request)
    const { target, bucketName, objectKey, query } = parseAddress(head, 'h')
    return {
      signed: signedText(head),
      seen: {
        method: head.method,
        address: [target, bucketName, objectKey],
        arguments: [...query].toSorted(([left], [right]) => (left < right ? -1 : 1)),
        headers: { ...head.headers },
      },
    }
  } catch (error) {
    if (error instanceof MalformedRequest || error instanceof S3Error) return null
    throw error
  }
}

/** Null: the request is refused, or not signed by version 2. */
function readVersion2(request: RawRequest): Reading | null {
  try {
    const head = parseRequestHead(request)
    if (head.version2 === null) return null
    const address = parseAddress(head, 'h')
    const { target, bucketName, objectKey, query } = address
    const isSigned = (name: string): boolean => name.startsWith('x-amz-') || name.startsWith('content-')
    return {
      signed: version2StringToSign(head, version2Resources(address).at(-1) ?? ''),
      seen: {
        method: head.method,
        address: [target, bucketName, objectKey],
        arguments: [...query].toSorted(([left], [right]) => (left < right ? -1 : 1)),
        headers: Object.fromEntries(Object.entries(head.headers).filter(([name]) => isSigned(name))),
      },
    }
  } catch (error) {
    if (error instanceof MalformedRequest || error instanceof S3Error) return null
    throw error
  }
}

function signedText(head: RequestHead): string {
  const names = Object.keys(head.headers).toSorted()
  return canonicalRequest({
    head,
    pathRule: 'single',
    signedHeaders: names.join(';'),
    payloadHash: '',
    // The signature may be wrong, but not missing: with it, the way in which a request is signed would change.
    omitsSignature: false,
  })
}

type Make = (random: SeededRandom) => RawRequest
type Change = (random: SeededRandom, request: RawRequest) => RawRequest

const WAYS: readonly [
  how: string,
  make: Make,
  change: Change,
  readAs: (request: RawRequest) => Reading | null,
][] = [
  ['by version 4', randomRequest, changed, read],
  ['by version 2', randomVersion2Request, changedVersion2, readVersion2],
]

describe('a request', () => {
  for (const [how, make, change, readAs] of WAYS)
    it(`signed ${how} is seen alike by every stage where its signed text is the same, however it is written`, (t) => {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      let alike = 0
      let refused = 0
      for (let round = 0; round < ROUNDS; round++) {
        const one = make(random)
        let other = one
        for (let count = 1 + random.below(3); count > 0; count--) other = change(random, other)
        const [left, right] = [readAs(one), readAs(other)]
        if (!left || !right) refused++
        else if (left.signed === right.signed) {
          if (JSON.stringify(one) !== JSON.stringify(other)) alike++
          assert.deepEqual(right.seen, left.seen, `seed ${random.seed}: ${JSON.stringify([one, other])}`)
        }
      }
      // Neither is the property empty, nor is everything refused.
      assert.ok(alike > ROUNDS / 50 && refused < ROUNDS * 0.9, `${alike} alike, ${refused} refused`)
    })

  it('is read by nobody but the one reader', () => {
    for (const folder of ['s3', 'control'])
      for (const file of readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts') || SHOW_RAW.includes(file)) continue
        const text = readFileSync(join(SOURCES, folder, file), 'utf8')
        assert.doesNotMatch(text, /request\.(headers|rawHeaders|headersDistinct)\b/, `${folder}/${file}`)
        // The target is shown, where it could not be read.
        assert.ok(
          file === 'handler.ts' || SHOW_RAW.includes(file) || !/request\.url\b/.test(text),
          `${folder}/${file}`,
        )
      }
  })

  const REFUSED: readonly (readonly [what: string, url: string, headers: readonly string[]])[] = [
    ['with an empty argument', '/b?acl&&prefix=a', []],
    ['with an empty argument in front', '/b?&acl', []],
    ['with an empty argument at the end', '/b?acl&', []],
    ['with 65 empty arguments', `/b?${'&'.repeat(65)}acl`, []],
    ['with more arguments than any operation has', `/b?${'a=1&'.repeat(256)}acl`, []],
    ['with a broken percent sign in its path', '/b/%zz', []],
    ['with a broken percent sign at the end of its path', '/b/%4', []],
    ['with a broken percent sign in its query', '/b?prefix=%z', []],
    ['with an argument that is not UTF-8', '/b?prefix=%ff', []],
    ['with two hosts', '/b', ['Host', 'h']],
    ['with two hosts in other letters', '/b', ['hOsT', 'h']],
    ['with another host in its target', 'http://other/b', []],
    ['with a scheme that is not the web’s', 'ftp://h/b', []],
    ['with two Authorization headers', '/b', ['Authorization', 'a', 'Authorization', 'a']],
    ['with two content types', '/b', ['Content-Type', 'a', 'Content-Type', 'b']],
    [
      'with two owners expected',
      '/b',
      ['x-amz-expected-bucket-owner', 'a', 'x-amz-expected-bucket-owner', 'b'],
    ],
    ['with blanks in a copy source that a signature does not see', '/b', ['x-amz-copy-source', 'b/k  k']],
    ['with a tab in one of Amazon’s headers', '/b', ['x-amz-acl', 'a\tb']],
  ]
  for (const [what, url, more] of REFUSED)
    it(`${what} is refused`, () =>
      assert.throws(() => parseRequestHead({ url, rawHeaders: ['Host', 'h', ...more] }), MalformedRequest))

  const PRESIGNED = '/b/k?X-Amz-Algorithm=a&X-Amz-Signature=s'
  const REFUSED_PRESIGNED: readonly (readonly [what: string, more: string])[] = [
    ['with an argument and a header that contradict each other', '&x-amz-acl=public-read'],
    ['with a header twice in its query, once in other letters', '&x-amz-meta-b=1&X-Amz-Meta-B=1'],
    ['with a header twice in its query', '&x-amz-meta-b=1&x-amz-meta-b=1'],
    ['with a part of its signature in other letters', '&x-amz-expires=7'],
    ['with a line end in an argument that stands for a header', '&x-amz-meta-b=a%0D%0Ab'],
    ['with an argument that stands for a header and has no name of one', '&x-amz-meta-b%20c=1'],
  ]
  for (const [what, more] of REFUSED_PRESIGNED)
    it(`that is presigned ${what} is refused`, () =>
      assert.throws(
        () => requestHead({ url: PRESIGNED + more, headers: { host: 'h', 'x-amz-acl': 'private' } }),
        MalformedRequest,
      ))

  it('has the headers that the query of its presigned URL carries, but for checksums', () => {
    const query =
      '&X-Amz-Acl=private&x-amz-meta-a=%C3%A9&x-amz-checksum-crc32=a&x-amz-sdk-checksum-algorithm=CRC32'
    const { headers, carried } = requestHead({ url: PRESIGNED + query, headers: { 'x-amz-acl': 'private' } })
    assert.deepEqual({ ...headers }, { 'x-amz-acl': 'private', 'x-amz-meta-a': 'Ã©' })
    assert.equal(carried?.['x-amz-checksum-crc32'], 'a')
    assert.deepEqual({ ...requestHead({ url: '/b/k?x-amz-acl=private' }).headers }, {})
  })

  it('has no header that was not sent, whatever it is called', () => {
    const { headers } = requestHead({ headers: { host: 'h' } })
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])
      assert.equal(headers[name], undefined)
  })

  it('keeps the values of a list that came item by item in their order', () => {
    const rawHeaders = ['X-Amz-Object-Attributes', 'ETag', 'x-amz-object-attributes', 'Checksum']
    const { headers } = parseRequestHead({ url: '/b/k?attributes', rawHeaders })
    assert.equal(headers['x-amz-object-attributes'], 'ETag,Checksum')
  })
})
