import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, it } from 'node:test'
import { parsePayloadHash } from '../../auth/payload-hash.ts'
import { S3Error } from '../s3-error.ts'
import { hasBody, parseFraming, type Framing } from './framing.ts'

const framing = (headers: IncomingHttpHeaders, payload: string | null = null): Framing =>
  parseFraming(headers, payload === null ? null : parsePayloadHash(payload))

const refused = (headers: IncomingHttpHeaders, payload: string | null = null): S3Error => {
  try {
    framing(headers, payload)
  } catch (error) {
    assert.ok(error instanceof S3Error)
    return error
  }
  return assert.fail('it was not refused')
}

const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

describe('the framing of a body', () => {
  it('is none where the bytes are the body, as long as it says', () => {
    for (const payload of [null, 'UNSIGNED-PAYLOAD', 'a'.repeat(64)])
      assert.deepEqual(framing({ 'content-length': '5' }, payload), { type: 'plain', sizeBytes: 5 })
    assert.deepEqual(framing({ 'content-length': '0' }), { type: 'plain', sizeBytes: 0 })
    assert.deepEqual(framing({ 'transfer-encoding': 'chunked' }), { type: 'plain', sizeBytes: null })
  })

  it('of an unknown length is refused', () => {
    assert.equal(refused({}).code, 'MissingContentLength')
  })

  it('of a length that is no number is refused with it', () => {
    for (const text of ['', '-1', '1.5', '0x5', ' 5', '9007199254740993']) {
      const { code, details } = refused({ 'content-length': text })
      assert.equal(code, 'InvalidArgument', text)
      assert.deepEqual(details, { argumentName: 'content-length', argumentValue: text })
    }
    assert.deepEqual(framing({ 'content-length': '9007199254740991' }), {
      type: 'plain',
      sizeBytes: 9_007_199_254_740_991,
    })
  })

  it('in chunks is as long as its bytes without their framing, with what comes behind', () => {
    const length = { 'x-amz-decoded-content-length': '7', 'content-length': '99' }
    const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' }
    const chunked = { type: 'aws-chunked', sizeBytes: 7 }
    assert.deepEqual(framing(length, SIGNED), { ...chunked, isSigned: true, trailerNames: [] })
    assert.deepEqual(framing(length, UNSIGNED), { ...chunked, isSigned: false, trailerNames: [] })
    const trailerNames = ['x-amz-checksum-crc32']
    assert.deepEqual(framing({ ...length, ...trailer }, UNSIGNED), {
      ...chunked,
      isSigned: false,
      trailerNames,
    })
    assert.deepEqual(framing({ ...length, ...trailer }, `${SIGNED}-TRAILER`), {
      ...{ ...chunked, isSigned: true, trailerNames },
    })
    assert.deepEqual(framing(length, `${SIGNED}-TRAILER`), { ...chunked, isSigned: true, trailerNames: [] })
  })

  it('in chunks without a trailer announces none', () => {
    const { code, message } = refused(
      { 'x-amz-decoded-content-length': '7', 'x-amz-trailer': 'x-amz-checksum-crc32' },
      SIGNED,
    )
    assert.equal(code, 'InvalidRequest')
    assert.equal(message, `x-amz-trailer does not go with x-amz-content-sha256 ${SIGNED}`)
  })

  it('in chunks needs its length, as a number', () => {
    const missing = refused({ 'content-length': '99' }, SIGNED)
    assert.equal(missing.code, 'MissingContentLength')
    for (const text of ['x', '-1', '']) {
      const { code, message } = refused({ 'x-amz-decoded-content-length': text }, SIGNED)
      assert.equal(code, 'MissingContentLength')
      assert.match(message, /^x-amz-decoded-content-length must be/)
      assert.notEqual(message, missing.message)
    }
  })
})

describe('whether a request has a body', () => {
  it('is told by its length or its coding', () => {
    for (const [headers, answer] of [
      [{}, false],
      [{ 'content-length': '0' }, false],
      [{ 'content-length': '1' }, true],
      [{ 'transfer-encoding': 'chunked' }, true],
      [{ 'transfer-encoding': 'chunked', 'content-length': '0' }, true],
    ] as const)
      assert.equal(hasBody(headers), answer, JSON.stringify(headers))
  })
})
