import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as byNode from './sha-256.ts'
import * as byScript from './sha-256-script.ts'

describe('sha256 in script', () => {
  it("gives Node's digest of messages of each length around the ends of blocks, in either form", () => {
    for (let length = 0; length <= 260; length++) {
      const message = Buffer.from(Array.from({ length }, (_, at) => (at * 151 + length) & 0xff))
      for (const encoding of ['hex', 'binary'] as const)
        assert.equal(byScript.sha256(message, encoding), byNode.sha256(message, encoding), `${length} bytes`)
    }
  })

  it('gives the published digests', () => {
    const digest = (text: string): string => byScript.sha256(Buffer.from(text), 'hex')
    assert.equal(digest(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    assert.equal(digest('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    assert.equal(
      digest('a'.repeat(1_000_000)),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    )
  })

  it('reads a message that is a part of a larger buffer', () => {
    const whole = Buffer.from('....message....')
    assert.equal(byScript.sha256(whole.subarray(4, 11), 'hex'), byNode.sha256(Buffer.from('message'), 'hex'))
  })
})
