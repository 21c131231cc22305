import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AuthenticationFailure } from './authentication-failure.ts'
import { EMPTY_SHA256, isLowerHex, parsePayloadHash } from './payload-hash.ts'

describe('lower-case hexadecimal digits', () => {
  it('are 0 to 9 and a to f, and no other character of ASCII', () => {
    const digits = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter(isLowerHex)
    assert.equal(digits.join(''), '0123456789abcdef')
    for (const text of ['0g', 'g0', '0A', '0é']) assert.equal(isLowerHex(text), false, text)
    assert.equal(isLowerHex('0123456789abcdef'), true)
  })
})

describe('what a request says of its body', () => {
  it('is a digest, or one of the words for bodies that have none', () => {
    assert.deepEqual(parsePayloadHash(EMPTY_SHA256), { kind: 'digest', text: EMPTY_SHA256 })
    const words = [
      'UNSIGNED-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    ]
    const kinds = words.map((text) => {
      const payload = parsePayloadHash(text)
      return `${payload.kind} ${payload.kind === 'signed-chunks' ? payload.hasTrailer : ''}`.trim()
    })
    assert.deepEqual(kinds, ['unsigned', 'signed-chunks false', 'signed-chunks true', 'unsigned-chunks'])
  })

  it('is refused where it is neither, with the first 128 characters of it', () => {
    const wrong = [
      '',
      'unsigned-payload',
      EMPTY_SHA256.slice(1),
      `${EMPTY_SHA256}0`,
      EMPTY_SHA256.toUpperCase(),
      'x'.repeat(200),
    ]
    for (const text of wrong)
      assert.throws(
        () => parsePayloadHash(text),
        (error) => {
          assert(error instanceof AuthenticationFailure)
          assert.equal(error.reason, 'payload-hash-malformed')
          assert.deepEqual(error.details, {
            argumentName: 'x-amz-content-sha256',
            argumentValue: text.slice(0, 128),
          })
          return true
        },
      )
  })
})
