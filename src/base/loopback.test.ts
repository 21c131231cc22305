import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts'

/** Texts, and whether each is this machine as an address and as a host. */
const TEXTS: readonly (readonly [text: string, isAddress: boolean, isHost: boolean])[] = [
  ['127.0.0.1', true, true],
  ['127.255.0.9', true, true],
  ['::1', true, true],
  ['0:0:0:0:0:0:0:1', true, true],
  ['::ffff:127.0.0.1', true, true],
  ['::FFFF:7f00:1', true, true],
  ['[::1]', false, true],
  ['[::ffff:7f00:1]', false, true],
  ['localhost', false, true],
  ['LOCALHOST', false, true],
  ['s3.localhost', false, true],
  ['a.b.localhost', false, true],
  ['', false, false],
  ['.localhost', false, false],
  ['mylocalhost', false, false],
  ['localhost.example.com', false, false],
  ['127.example.com', false, false],
  ['127.0.0.1.example.com', false, false],
  ['a127.0.0.1.b', false, false],
  ['127.0.1', false, false],
  ['0.0.0.0', false, false],
  ['128.0.0.1', false, false],
  ['1127.0.0.1', false, false],
  ['10.0.0.1', false, false],
  ['::', false, false],
  ['::2', false, false],
  ['[::2]', false, false],
  ['::ffff:128.0.0.1', false, false],
  ['[127.0.0.1', false, false],
  ['/run/postgresql', false, false],
]

describe('this machine', () => {
  for (const [text, isAddress, isHost] of TEXTS)
    it(`${isHost ? 'is' : 'is not'} the host ${JSON.stringify(text)}, ${isAddress ? 'an' : 'no'} address of it`, () => {
      assert.equal(isLoopbackAddress(text), isAddress)
      assert.equal(isLoopbackHost(text), isHost)
    })
})
