import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { displayProxy, proxyAuthorization, proxyFor, proxySettingsOf, type ProxySettings } from './proxy.ts'
import { parseRequestUrl } from './request-url.ts'

describe('the proxies of an environment', () => {
  it('are those of the names in lower case before the others', () => {
    const upper = { HTTP_PROXY: 'a', HTTPS_PROXY: 'b', NO_PROXY: 'c' }
    const lower = { http_proxy: 'd', https_proxy: 'e', no_proxy: 'f' }
    assert.deepEqual(proxySettingsOf(upper), { http: 'a', https: 'b', noProxy: 'c' })
    assert.deepEqual(proxySettingsOf({ ...upper, ...lower }), { http: 'd', https: 'e', noProxy: 'f' })
    assert.deepEqual(proxySettingsOf({}), { http: undefined, https: undefined, noProxy: undefined })
  })

  it('are not a header of the request that a CGI program answers', () => {
    const environment = { REQUEST_METHOD: 'GET', HTTP_PROXY: 'http://evil', HTTPS_PROXY: 'b' }
    assert.deepEqual(proxySettingsOf(environment), { http: undefined, https: 'b', noProxy: undefined })
    assert.equal(proxySettingsOf({ ...environment, http_proxy: 'd' }).http, 'd')
  })
})

describe('the proxy of a URL', () => {
  const shown = (url: string, settings: ProxySettings): string | undefined =>
    proxyFor(new URL(url), settings)?.text

  it('is that of its scheme', () => {
    const settings = { http: 'http://plain:1', https: 'http://secure:2' }
    assert.equal(shown('http://a.example', settings), 'http://plain:1')
    assert.equal(shown('https://a.example', settings), 'http://secure:2')
    assert.equal(shown('https://a.example', { http: 'http://plain:1' }), undefined)
    assert.equal(shown('http://a.example', { http: '', https: 'http://secure:2' }), undefined)
  })

  it('is an HTTP proxy where nothing else is said', () => {
    for (const [typed, text] of [
      ['proxy:8080', 'http://proxy:8080'],
      ['//proxy:8080', 'http://proxy:8080'],
      ['HTTPS://proxy', 'HTTPS://proxy'],
      ['http://proxy', 'http://proxy'],
    ] as const)
      assert.equal(shown('http://a.example', { http: typed }), text)
    assert.equal(proxyFor(new URL('http://a.example'), { http: 'proxy:8080' })?.url.host, 'proxy:8080')
  })

  const bypasses: readonly (readonly [noProxy: string, url: string, isBypassed: boolean])[] = [
    ['*', 'http://a.example', true],
    [' * ', 'http://a.example', true],
    ['*,b', 'http://a.example', false],
    ['', 'http://a.example', false],
    [' , ', 'http://a.example', false],
    ['a.example', 'http://a.example', true],
    ['A.Example', 'http://a.example', true],
    ['example', 'http://a.example', true],
    ['.example', 'http://a.example', true],
    ['..example', 'http://a.example', true],
    ['xample', 'http://a.example', false],
    ['b.a.example', 'http://a.example', false],
    ['other, a.example ', 'http://a.example', true],
    ['a.example:81', 'http://a.example:81', true],
    ['a.example:81', 'http://a.example', false],
    ['a.example', 'http://a.example:81', true],
    ['::1', 'http://[::1]:9400', true],
    ['[::1]:9400', 'http://[::1]:9400', true],
    ['::2', 'http://[::1]:9400', false],
  ]
  for (const [noProxy, url, isBypassed] of bypasses)
    it(`is ${isBypassed ? 'none' : 'there'} for ${url} where NO_PROXY is ${JSON.stringify(noProxy)}`, () =>
      assert.equal(shown(url, { http: 'http://proxy', noProxy }), isBypassed ? undefined : 'http://proxy'))
})

describe('who asks a proxy', () => {
  it('is named by the user and password of its URL, and shown without them', () => {
    const proxy = parseRequestUrl('http://me:p%40ss@proxy:8080')
    assert.equal(proxyAuthorization(proxy.url), `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
    assert.equal(displayProxy(proxy), 'http://***:***@proxy:8080/')
  })

  it('is nobody without a user', () => {
    assert.equal(proxyAuthorization(new URL('http://proxy:8080')), undefined)
    assert.equal(displayProxy(parseRequestUrl('http://proxy:8080/a@b')), 'http://proxy:8080/a@b')
  })
})
