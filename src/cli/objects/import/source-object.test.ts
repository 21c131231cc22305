import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ObjectFacts } from './described-object.ts'
import { partCountOf, vouchedBy } from './source-object.ts'
import type { Attempts } from './source-object.ts'
import { DamagedBody, EtagOfOtherBytes } from './transfer-errors.ts'

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e'
const OTHER = '00000000000000000000000000000000'
const fresh = (): Attempts => ({ otherMd5: undefined, hasOtherEtag: false })

function vouch(
  etag: string,
  {
    attempts = fresh(),
    facts = {},
    isChecksumRight,
    takesUnverified = false,
  }: {
    readonly attempts?: Attempts
    readonly facts?: ObjectFacts
    readonly isChecksumRight?: boolean
    readonly takesUnverified?: boolean
  } = {},
): 'etag' | 'checksum' | 'size' {
  return vouchedBy({ etag, md5: MD5, facts, isChecksumRight }, attempts, takesUnverified)
}

describe('what was read', () => {
  it('is right when it has the MD5 that the ETag says, or the checksum', () => {
    assert.equal(vouch(MD5), 'etag')
    assert.equal(vouch(MD5.toUpperCase()), 'etag')
    assert.equal(vouch('an-etag-of-its-own', { isChecksumRight: true }), 'checksum')
    assert.equal(vouch(OTHER, { isChecksumRight: true }), 'checksum')
  })

  it('is read again when it has another checksum, whatever its MD5', () => {
    assert.throws(() => vouch(MD5, { isChecksumRight: false }), DamagedBody)
  })

  it('is read again when it has another MD5, and refused when it has the same other one twice', () => {
    const attempts = fresh()
    assert.throws(() => vouch(OTHER, { attempts }), DamagedBody)
    assert.throws(() => vouch(OTHER, { attempts }), EtagOfOtherBytes)
    assert.equal(attempts.hasOtherEtag, false)
  })

  it('is taken by its size where that is wanted, or where an ETag cannot be an MD5', () => {
    const attempts = fresh()
    assert.throws(() => vouch(OTHER, { attempts, takesUnverified: true }), DamagedBody)
    assert.equal(vouch(OTHER, { attempts, takesUnverified: true }), 'size')
    assert.equal(attempts.hasOtherEtag, true)
    assert.equal(vouch('an-etag-of-its-own'), 'size')
    assert.equal(vouch(OTHER, { facts: { ServerSideEncryption: 'aws:kms' } }), 'size')
    assert.equal(vouch(OTHER, { facts: { SSECustomerAlgorithm: 'AES256' } }), 'size')
  })
})

describe('an ETag', () => {
  it('tells of how many parts an object is', () => {
    assert.deepEqual([MD5, `${MD5}-1`, `${MD5}-10000`, 'a-1'].map(partCountOf), [0, 1, 10_000, 0])
  })
})
