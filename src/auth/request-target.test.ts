import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedRequest } from './malformed-request.ts'
import { parseTarget } from './request-target.ts'

describe('a request target', () => {
  const READ: readonly (readonly [url: string, path: string, authority: string | null, marker?: string])[] = [
    ['/', '/', null],
    ['/b/k', '/b/k', null],
    ['/b/../k//', '/b/../k//', null],
    ['/b?acl', '/b', null, 'acl'],
    ['/b?acl?', '/b', null, 'acl?'],
    ['/?', '/', null],
    ['http://h:9000/b/k?acl', '/b/k', 'h:9000', 'acl'],
    ['HTTPS://h/b', '/b', 'h'],
    ['http://h', '/', 'h'],
    ['http://h?acl', '/', 'h', 'acl'],
  ]
  for (const [url, path, authority, marker] of READ)
    it(`${url} is the path ${path}${authority === null ? '' : ` of ${authority}`}`, () => {
      const target = parseTarget(url)
      assert.deepEqual([target.path, target.rawPath, target.authority], [path, path, authority])
      assert.deepEqual([...target.query.values.keys()], marker === undefined ? [] : [marker])
    })

  for (const url of ['', '*', 'b/k', 'ftp://h/b', '/%', '/%zz', '/b?%zz', '/b?a&&b', '/b?&a', '/b?a&'])
    it(`${JSON.stringify(url)} cannot be read`, () => assert.throws(() => parseTarget(url), MalformedRequest))
})

describe('the arguments of a request', () => {
  const canonical = (query: string, omitted: string | null = null): string =>
    parseTarget(`/?${query}`).query.canonical(omitted)

  it('are signed in the order of their names, and of their values where names are equal', () => {
    assert.equal(canonical('b=1&a=2'), 'a=2&b=1')
    assert.equal(canonical('a=3&a=1&a=2'), 'a=1&a=2&a=3')
    assert.equal(canonical('a=1&a=1&A=1'), 'A=1&a=1&a=1')
    assert.equal(canonical('b&a=x%2fy'), 'a=x%2Fy&b=')
    assert.equal(canonical('b=1&c=3&a=2', 'c'), 'a=2&b=1')
    assert.equal(canonical('a=1&c=3&b=2', 'c'), 'a=1&b=2')
  })

  it('may be 256 and no more', () => {
    const query = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}`).join('&')
    assert.equal(parseTarget(`/?${query(256)}`).query.values.size, 256)
    assert.throws(() => parseTarget(`/?${query(257)}`), MalformedRequest)
  })
})
