import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isAddress } from './is-address.ts'

describe('an address that is typed', () => {
  it('is one of IPv4 or IPv6, whole, and no network', () => {
    for (const text of ['10.0.3.7', '::1', '2001:db8::7', '::ffff:10.0.0.1']) assert(isAddress(text), text)
    for (const text of [
      '',
      '10.0.3',
      '10.0.3.256',
      '10.0.0.0/8',
      'home',
      '2001:db8::/32',
      ':',
      '1:2',
      '[::1]',
    ])
      assert(!isAddress(text), text)
  })
})
