import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networks } from '../configuration/networks.ts'
import { ClientAddresses, plainAddress, shareOf } from './client-address.ts'

const setting = networks({ group: 'Listening', option: 'trusted-proxies', doc: '' })
const addresses = new ClientAddresses(setting.parse('10.0.0.0/8, 127.0.0.1,fd00::/8') ?? [])

describe('the address of a client', () => {
  const cases: readonly [peer: string, forwardedFor: string | undefined, client: string][] = [
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 10.9.9.9,10.0.0.7', '198.51.100.1'],
    ['10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['fd00::1', '[2001:db8::1]:443', '2001:db8::1'],
    ['10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['10.0.0.1', ',,,', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.2,'.repeat(10_000), '10.0.0.1'],
  ]
  for (const [peer, forwardedFor, client] of cases)
    it(`behind ${peer} that says ${String(forwardedFor).slice(0, 40)} is ${client}`, () => {
      assert.equal(addresses.of(peer, forwardedFor), client)
    })

  it('is what a connection says where no proxy is trusted', () => {
    assert.equal(new ClientAddresses([]).of('10.0.0.1', '198.51.100.1'), '10.0.0.1')
  })

  it('is written plainly when it is one of IPv4', () => {
    assert.equal(plainAddress('::ffff:192.0.2.1'), '192.0.2.1')
    assert.equal(plainAddress('::ffff:c000:201'), '::ffff:c000:201')
  })
})

it('of IPv6, all addresses of a network of 64 bits share', () => {
  assert.equal(shareOf('2001:db8::1'), '2001:db8:0:0::/64')
  assert.equal(shareOf('2001:0db8:0:0:1:2:3:4'), '2001:db8:0:0::/64')
  assert.equal(shareOf('::1'), '0:0:0:0::/64')
  assert.equal(shareOf('192.0.2.1'), '192.0.2.1')
})

describe('trusted proxies', () => {
  for (const text of [
    '',
    '10.0.0.0/33',
    'fd00::/129',
    'proxy.example',
    '10.0.0.0/8,,',
    '10.0.0.0/-1',
    '10.0.0/8',
  ])
    it(`are no ${JSON.stringify(text)}`, () => {
      assert.equal(setting.parse(text), undefined)
    })
})
