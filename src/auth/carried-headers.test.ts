import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCarried, withCarriedHeaders, type PresignedBy } from './carried-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import { parseRequestHead } from './request-head.ts'
import { SIGNATURE_ARGUMENTS, TOKEN_ARGUMENT } from './signature-arguments.ts'

const VERSIONS: Readonly<Record<PresignedBy, string>> = {
  'version-4': '/b/k?X-Amz-Algorithm=a&X-Amz-Signature=s',
  'version-2': '/b/k?AWSAccessKeyId=a&Signature=s&Expires=1',
}

const headOf = (url: string, ...rawHeaders: readonly string[]) => parseRequestHead({ url, rawHeaders })
const carriedIn = (version: PresignedBy, more: string) => ({
  ...headOf(`${VERSIONS[version]}&${more}`).carried,
})

describe('an argument of a presigned URL', () => {
  const CARRIED: readonly (readonly [name: string, by4: boolean, by2: boolean])[] = [
    ['x-amz-acl', true, true],
    ['x-amz-meta-a', true, true],
    ['x-amz-checksum-crc32', true, true],
    ['content-type', false, true],
    ['content-md5', false, true],
    ['if-match', true, false],
    ['if-none-match', true, false],
    ['content-disposition', false, false],
    ['date', false, false],
    ['versionid', false, false],
    ['x-amzn-a', false, false],
  ]
  for (const [name, by4, by2] of CARRIED)
    it(`called ${name} stands for a header by version 4: ${by4}, by version 2: ${by2}`, () => {
      assert.equal(isCarried(name, 'version-4'), by4)
      assert.equal(isCarried(name, 'version-2'), by2)
      assert.equal(carriedIn('version-4', `${name}=v`)[name], by4 ? 'v' : undefined)
      assert.equal(carriedIn('version-2', `${name}=v`)[name], by2 ? 'v' : undefined)
    })

  for (const version of ['version-4', 'version-2'] as const) {
    it(`by ${version} gives its header the bytes of its text, without the blanks around it`, () => {
      const texts: readonly (readonly [written: string, value: string])[] = [
        ['a%20b', 'a b'],
        ['%20%09a%20b%09%20', 'a b'],
        ['a%09b', 'a\tb'],
        ['%C3%A9', 'Ã©'],
        ['~', '~'],
        ['%20', ''],
      ]
      for (const [written, value] of texts)
        assert.equal(carriedIn(version, `x-amz-meta-a=${written}`)['x-amz-meta-a'], value, written)
    })

    it(`by ${version} is refused when no header can hold its text, or has its name`, () => {
      const codes = [0, 10, 13, 27, 31, 127]
      const more = codes.map((code) => `x-amz-meta-a=a%${code.toString(16).padStart(2, '0')}b`)
      for (const each of [...more, 'x-amz-meta-a%20b=c', 'x-amz-meta-%C3%A9=c', 'x-amz-meta-a%3A=c'])
        assert.throws(() => carriedIn(version, each), MalformedRequest, each)
    })

    it(`by ${version} is refused when its header comes twice, in any case of letters`, () => {
      for (const more of ['x-amz-acl=a&x-amz-acl=a', 'x-amz-acl=a&X-Amz-Acl=a', 'X-AMZ-ACL=a&x-amz-acl=b'])
        assert.throws(() => carriedIn(version, more), MalformedRequest, more)
    })
  }

  it('that belongs to a signature of version 4 is no header, and is written in one way alone', () => {
    for (const name of [...SIGNATURE_ARGUMENTS, TOKEN_ARGUMENT]) {
      const more = `${name}=a`
      if (!VERSIONS['version-4'].includes(name))
        assert.equal(carriedIn('version-4', more)[name.toLowerCase()], undefined)
      assert.throws(() => carriedIn('version-4', more.toLowerCase()), MalformedRequest, name)
    }
  })
})

describe('a header that is carried and sent', () => {
  const both = (name: string, carried: string, sent: string, version: PresignedBy) => {
    const headers = withCarriedHeaders({ [name]: sent }, { [name]: carried }, version)
    return headers[name]
  }
  for (const version of ['version-4', 'version-2'] as const) {
    it(`by ${version} must say the same, unless it is HTTP's own: then what is sent counts`, () => {
      assert.equal(both('x-amz-acl', 'private', 'private', version), 'private')
      assert.throws(() => both('x-amz-acl', 'private', 'public-read', version), MalformedRequest)
      assert.equal(both('content-type', 'a', 'b', version), 'b')
      assert.equal(both('content-md5', 'a', 'b', version), 'b')
    })
  }

  it('is a checksum: by version 4 what is sent counts, by version 2 it stands wherever it is', () => {
    for (const name of ['x-amz-checksum-crc32', 'x-amz-checksum-sha256', 'x-amz-sdk-checksum-algorithm']) {
      assert.equal(both(name, 'a', 'b', 'version-4'), 'b')
      assert.equal(withCarriedHeaders({}, { [name]: 'a' }, 'version-4')[name], undefined)
    }
    assert.equal(
      withCarriedHeaders({}, { 'x-amz-checksum-crc32': 'a' }, 'version-2')['x-amz-checksum-crc32'],
      'a',
    )
    assert.throws(() => both('x-amz-checksum-crc32', 'a', 'b', 'version-2'), MalformedRequest)
    for (const [sent, carried] of [
      [{ 'x-amz-sdk-checksum-algorithm': 'a' }, {}],
      [{}, { 'x-amz-sdk-checksum-algorithm': 'a' }],
    ] as const)
      assert.deepEqual({ ...withCarriedHeaders(sent, carried, 'version-2') }, {})
  })

  it('is a word about checksums, not one of a body, and counts like any other', () => {
    for (const name of ['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']) {
      assert.equal(withCarriedHeaders({}, { [name]: 'a' }, 'version-4')[name], 'a')
      assert.throws(() => both(name, 'a', 'b', 'version-4'), MalformedRequest)
    }
  })

  it('leaves what was sent alone, and the headers that are read as they came', () => {
    const sent = { host: 'h' }
    assert.deepEqual(
      { ...withCarriedHeaders(sent, { 'x-amz-acl': 'private' }, 'version-4') },
      { host: 'h', 'x-amz-acl': 'private' },
    )
    assert.deepEqual(sent, { host: 'h' })
  })
})
