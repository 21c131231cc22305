import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientError } from '../errors.ts'
import { proxyFor } from './proxy.ts'
import { parseRequestUrl } from './request-url.ts'

describe('The URL of a request', () => {
  const cases: readonly (readonly [typed: string, text: string, absolute: string, host: string])[] = [
    ['http://a.example', 'http://a.example/', 'http://a.example/', 'a.example'],
    ['HTTP://A.example:80', 'http://A.example:80/', 'http://a.example:80/', 'a.example'],
    ['http://a.example:080/x?y', 'http://a.example:080/x?y', 'http://a.example:80/x?y', 'a.example'],
    ['http://a.example:8080?y', 'http://a.example:8080/?y', 'http://a.example:8080/?y', 'a.example:8080'],
    ['http://a.example:/', 'http://a.example:/', 'http://a.example/', 'a.example'],
    ['https://[::1]:443', 'https://[::1]:443/', 'https://[::1]:443/', '[::1]'],
  ]
  for (const [typed, text, absolute, host] of cases)
    it(`${typed} is shown as ${text}, asked of a proxy as ${absolute}, and sent with the host ${host}`, () => {
      const parsed = parseRequestUrl(typed)
      assert.deepEqual([parsed.text, parsed.absolute, parsed.url.host], [text, absolute, host])
    })

  for (const [typed, problem] of [
    ['http://a.example:65536', 'Port out of range 0-65535'],
    ['http://a.example:x', "Port could not be cast to integer value as 'x'"],
    ['http://a.example:-1', "Port could not be cast to integer value as '-1'"],
  ] as const)
    it(`${typed} is refused`, () => {
      assert.throws(() => parseRequestUrl(typed), new ClientError(problem))
    })
})

describe('The URL of a proxy', () => {
  it('is refused without its password being shown', () => {
    assert.throws(
      () => proxyFor(new URL('http://a.example'), { http: 'http://me:secret@127.0.0.1:x' }),
      new ClientError(
        'An HTTP Client raised an unhandled exception: Failed to parse: http://***:***@127.0.0.1:x',
      ),
    )
  })
})
