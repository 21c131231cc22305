import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedRequest } from './malformed-request.ts'
import { readHeaders } from './request-headers.ts'

const isRefused =
  (name: string) =>
  (error: unknown): boolean =>
    error instanceof MalformedRequest && error.part === 'header' && error.partName === name

/** Every header with one value that HTTP defines for requests and that server, proxy or signature act on. */
const ONE_VALUE = [
  'Authorization',
  'Content-Length',
  'Content-MD5',
  'Content-Range',
  'Content-Type',
  'Date',
  'Expires',
  'Host',
  'If-Modified-Since',
  'If-Range',
  'If-Unmodified-Since',
  'Origin',
  'Range',
  'Referer',
  'Transfer-Encoding',
  // Of Amazon's, all that are no lists.
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-server-side-encryption-customer-key',
  'x-amz-tagging',
  'x-amz-of-a-day-to-come',
]

const SEVERAL_VALUES = [
  'Accept',
  'Cache-Control',
  'If-Match',
  'If-None-Match',
  'X-Forwarded-For',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-meta-a',
  'x-amz-object-attributes',
  'x-amz-optional-object-attributes',
  'x-amz-user-agent',
]

describe('the headers of a request', () => {
  for (const name of ONE_VALUE)
    it(`${name} may come once, and is refused when it comes twice, in any case of letters`, () => {
      assert.deepEqual({ ...readHeaders([name, 'a']) }, { [name.toLowerCase()]: 'a' })
      for (const again of [name, name.toLowerCase(), name.toUpperCase()])
        for (const value of ['a', 'b', ''])
          assert.throws(() => readHeaders([name, 'a', again, value]), isRefused(name.toLowerCase()))
      assert.throws(() => readHeaders([name, '', name, 'a']), isRefused(name.toLowerCase()))
    })

  for (const name of SEVERAL_VALUES)
    it(`${name} may come several times, and has its values in their order, joined as they are signed`, () => {
      const headers = readHeaders([name, 'b', 'Host', 'h', name.toUpperCase(), 'a', name, ''])
      assert.equal(headers[name.toLowerCase()], 'b,a,')
      assert.equal(headers.host, 'h')
    })

  for (const name of [
    'host',
    'x-amz-acl',
    'x-amz-copy-source',
    'x-amz-grant-read',
    'x-amz-object-attributes',
  ])
    it(`${name} holds no blanks that a signature does not see`, () => {
      assert.equal(readHeaders([name, 'a b c'])[name], 'a b c')
      for (const value of ['a  b', 'a\tb', '  ', '\t'])
        assert.throws(() => readHeaders([name, value]), isRefused(name))
    })

  for (const name of ['x-amz-meta-a', 'x-amz-user-agent', 'content-disposition', 'range', 'x-other'])
    it(`${name} may hold any blanks`, () => assert.equal(readHeaders([name, 'a  b\tc'])[name], 'a  b\tc'))
})
