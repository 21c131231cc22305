import type { SeededRandom } from '../seeded-random.ts'
import type { Draft, WireRequest } from './draft.ts'

/** Values that have been trouble somewhere, written with one character for each byte. */
const NASTY: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '0',
  '1',
  '00',
  '+1',
  '1e400',
  '0x10',
  '9'.repeat(30),
  '2147483648',
  '9007199254740993',
  '-9223372036854775809',
  '1.5',
  '%',
  '%00',
  '%zz',
  '%ff',
  '%C3',
  '%2e%2e%2f',
  '..',
  '../../etc/passwd',
  '\xe9',
  '\xc3\xa9',
  '\xf0\x9f\x98\x80',
  '\xed\xa0\x80',
  '\xff\xfe',
  'a'.repeat(300),
  'b'.repeat(2_100),
  '*',
  '*'.repeat(60),
  '?',
  '"',
  "'",
  '<',
  '&',
  '&amp;',
  '&#0;',
  '&#xD800;',
  ']]>',
  ',',
  ';',
  '=',
  '==',
  ':',
  '/',
  '//',
  '\\',
  '|',
  '{}',
  '[]',
  '{"a":1}',
  '${filename}',
  '$key',
  'Tue, 99 Foo 2026 99:99:99 GMT',
  '9999999999999',
  '275760-09-13T00:00:01Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-13-45T99:99:99Z',
  '0000-00-00',
  '-271821-04-19T23:59:59Z',
  'bytes=0-',
  'bytes=-0',
  'bytes=-1',
  'bytes=5-1',
  'bytes=0-0,2-3',
  'bytes=99999999999999999999-',
  'bytes=',
  'W/"x"',
  '"',
  '"a", "b"',
  'AES256',
  'aws:kms',
  'STANDARD',
  'AAAA',
  '====',
  'AAAAAAAAAAAAAAAAAAAAAA==',
  'us-east-1',
  'arn:aws:s3:::x',
  'emailAddress="a@b"',
  'uri="x"',
  'id=x',
  'public-read-write',
  'COMPLIANCE',
  'chunked',
  'identity',
  'CRC32',
  'SHA256',
  'CRC64NVME',
  'COMPOSITE',
  'FULL_OBJECT',
  'null%00',
  '\t',
  '\x0b',
  'a=b&a=b',
  'a=b&'.repeat(60),
  'text/html',
  'multipart/form-data',
  '127.0.0.1:1',
]

/** Names of headers and arguments to add where nobody expects them. */
const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'host',
  'content-type',
  'content-length',
  'transfer-encoding',
  'expect',
  'range',
  'x-amz-date',
  'authorization',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-copy-source',
  'x-amz-acl',
  'x-amz-tagging',
  'x-amz-meta-__proto__',
  'x-amz-meta-',
  'x-amz-checksum-crc32',
  'x-amz-checksum-type',
  'x-amz-mp-object-size',
  'x-amz-target',
  'if-match',
  'if-none-match',
  'x-amz-bypass-governance-retention',
  'x-amz-expected-bucket-owner',
  'origin',
  'access-control-request-method',
  'content-encoding',
  'content-md5',
  'versionId',
  'uploadId',
  'partNumber',
  'uploads',
  'acl',
  'tagging',
  'policy',
  'delete',
  'versions',
  'list-type',
  'max-keys',
  'prefix',
  'marker',
  'encoding-type',
  'continuation-token',
  'attributes',
  'response-content-disposition',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Expires',
  'Signature',
  'AWSAccessKeyId',
  'Expires',
  'select',
  'torrent',
  'restore',
  'Action',
  'connection',
  'upgrade',
  'te',
]

const METHODS = [
  'GET',
  'PUT',
  'POST',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'M-SEARCH',
]

type Change = (draft: Draft, random: SeededRandom) => void

const nasty = (random: SeededRandom): string => random.oneOf(NASTY)
const encoded = (text: string): string =>
  text.startsWith('%') ? text : text.replace(/[^A-Za-z0-9._~*/-]/g, percent)
const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

function change(list: [string, string][], random: SeededRandom, encode: (text: string) => string): void {
  const at = random.below(list.length + 1)
  const here = list[at]
  switch (random.below(6)) {
    case 0:
      return void list.splice(at, 1)
    case 1:
      return here && void list.splice(at, 0, [...here])
    case 2:
      return void list.splice(at, 0, [random.oneOf(NAMES), encode(nasty(random))])
    case 3:
      return here && void list.splice(at, 0, [here[0], encode(nasty(random))])
    default:
      if (here) here[1] = random.below(4) === 0 ? here[1] + encode(nasty(random)) : encode(nasty(random))
  }
}

const CHANGES: readonly Change[] = [
  (draft, random) => change(draft.query, random, encoded),
  (draft, random) => change(draft.query, random, encoded),
  (draft, random) => change(draft.headers, random, (text) => text.replace(/[\r\n\0]/g, '')),
  (draft, random) => change(draft.headers, random, (text) => text.replace(/[\r\n\0]/g, '')),
  (draft, random) => void (draft.method = random.oneOf(METHODS)),
  (draft, random) => {
    const parts = draft.path.split('/')
    parts.splice(random.below(parts.length + 1), random.below(2), encoded(nasty(random)))
    draft.path = `/${parts.join('/')}`.replace(random.below(3) === 0 ? /^$/ : /^\/\//, '/')
  },
  (draft, random) => void (draft.body = changeBody(draft.body, random)),
  (draft, random) => void (draft.body = changeBody(draft.body, random)),
  (draft, random) =>
    void (draft.payload = random.oneOf(['hashed', 'unsigned', 'chunked', 'chunked-trailer'])),
  (draft, random) => void (draft.signs = random.oneOf(['header', 'query', 'none'])),
  (draft, random) => void (draft.service = random.oneOf(['s3', 'lightsail', 'sts'])),
]

/** Changes a draft in up to four ways; it is signed afterwards, so that what is wrong with it reaches whoever reads it. */
export function mutateDraft(draft: Draft, random: SeededRandom): void {
  for (let changes = random.below(4); changes >= 0; changes--) random.oneOf(CHANGES)(draft, random)
}

function changeBody(body: Buffer, random: SeededRandom): Buffer {
  const text = body.toString('latin1')
  if (text.startsWith('{') && random.below(3) > 0) return Buffer.from(changeJson(text, random), 'latin1')
  if (text.startsWith('<') && random.below(4) > 0) return Buffer.from(changeXml(text, random), 'latin1')
  return changeBytes(body, random)
}

/** Puts another value in the place of one somewhere in the document. */
function changeJson(text: string, random: SeededRandom): string {
  const value = random.oneOf([
    'null',
    'true',
    '-1',
    '1e999',
    '1.5',
    '99999999999999999999999',
    '""',
    '[]',
    '{}',
    '[[[[1]]]]',
    '{"__proto__":{"a":1}}',
    '"\\ud800"',
    '"\\u0000"',
    `"${'x'.repeat(300)}"`,
    '['.repeat(200) + ']'.repeat(200),
    `[${'1,'.repeat(300)}1]`,
    '"é"',
    '{"constructor":1}',
    '""""',
    '\xff',
  ])
  const places = [...text.matchAll(/"[^"]*"(?!:)|\d+|true|false|\[[^[\]]*\]|\{[^{}]*\}/g)]
  const place = places[random.below(places.length)]
  if (!place || random.below(6) === 0) return text.replace('{', `{"${random.oneOf(NAMES)}":${value},`)
  return text.slice(0, place.index) + value + text.slice(place.index + place[0].length)
}

function changeXml(text: string, random: SeededRandom): string {
  const elements = [...text.matchAll(/<([A-Za-z]+)[^<>]*>([^<>]*)<\/\1>/g)]
  const element = elements[random.below(elements.length)]
  if (!element) return text
  const before = text.slice(0, element.index)
  const after = text.slice(element.index + element[0].length)
  const [whole, name = ''] = element
  switch (random.below(9)) {
    case 0:
      return before + after
    case 1:
      return before + whole.repeat(1 + random.below(60)) + after
    case 2:
      return `${before}<${name}>${whole}</${name}>${after}`
    case 3:
      return `${before}<${random.oneOf(NAMES).replace(/^[^a-zA-Z_]/, '')} a="b">${nasty(random)}</x>${after}`
    case 4:
      return `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "${'x'.repeat(50)}">]>${before}<${name}>&e;&e;</${name}>${after}`
    case 5:
      return before + '<a>'.repeat(300) + '</a>'.repeat(300) + after
    case 6:
      return `${before}<${name}><![CDATA[${nasty(random)}]]><!-- c --></${name}>${after}`
    default:
      return `${before}<${name}>${nasty(random).replace(/[<&]/g, '')}</${name}>${after}`
  }
}

/** Flips, drops, repeats and adds bytes. */
function changeBytes(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.below(bytes.length + 1)
  const length = random.below(random.below(2) === 0 ? 3 : 40)
  const [start, middle, rest] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + length),
    bytes.subarray(at + length),
  ]
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([start, rest])
    case 1:
      return Buffer.concat([start, middle, middle, rest])
    case 2:
      return Buffer.concat([start, random.bytes(1 + random.below(4)), middle, rest])
    case 3:
      return Buffer.concat([start, Buffer.from(nasty(random), 'latin1'), middle, rest])
    default: {
      const changed = Buffer.from(bytes)
      if (changed.length > 0) changed[at % changed.length] = random.below(256)
      return changed
    }
  }
}

/** A request whose bytes are changed after it was signed: its head, its body with the frames of its chunks, or both. */
export function mutateWire(request: WireRequest, random: SeededRandom): WireRequest {
  const which = random.below(3)
  return {
    method: request.method,
    head: which === 1 ? request.head : changeBytes(request.head, random),
    body: which === 0 ? request.body : changeBytes(request.body, random),
  }
}
