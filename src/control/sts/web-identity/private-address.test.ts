import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isPrivateAddress } from './private-address.ts'

it('tells addresses of the Internet from all others, whichever way they are written', () => {
  for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])
    assert.equal(isPrivateAddress(address), false, address)
  for (const address of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.168.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'fe80::1', 'fe80::1%eth0'],
    ...['fc00::1', 'fd12:3456::1', 'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::7f00:1'],
    ...['', 'localhost', '127.1', '1'],
  ])
    assert.equal(isPrivateAddress(address), true, address)
})
