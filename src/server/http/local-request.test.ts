import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'
import { isFromThisMachine, isHostOfThisMachine } from './local-request.ts'

const requestWith = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage

describe('a request of this machine', () => {
  it('comes from loopback, and not through a proxy', () => {
    assert.ok(isFromThisMachine(requestWith({ host: 'localhost' }), '127.0.0.1'))
    assert.ok(isFromThisMachine(requestWith({}), '::1'))
    assert.ok(isFromThisMachine(requestWith({}), '::ffff:127.0.0.1'))
    for (const address of ['192.0.2.1', '127.example.com', 'localhost'])
      assert.ok(!isFromThisMachine(requestWith({}), address), address)
    for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'])
      assert.ok(!isFromThisMachine(requestWith({ [name]: '192.0.2.1' }), '127.0.0.1'), name)
  })

  it('names an address, or a name that is no other site’s', () => {
    for (const host of [
      '127.0.0.1:9400',
      '[::1]:9400',
      '::1',
      'localhost',
      'LOCALHOST:1',
      'lugsail:9400',
      'a.localhost:80',
      '',
    ])
      assert.ok(isHostOfThisMachine(requestWith({ host })), host)
    for (const host of [
      'example.com',
      'example.com:9400',
      '127.0.0.1.example.com',
      'localhost.example.com:1',
    ])
      assert.ok(!isHostOfThisMachine(requestWith({ host })), host)
  })
})
