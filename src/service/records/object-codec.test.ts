import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { encodeCompactRecord, encodeRecord, hasAllFields } from '../../base/record.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { decodeListed, decodeObject, encodeObject, isEarlierForm } from './object-codec.ts'
import type { ObjectChecksum, ObjectEncryption, ObjectRecord } from './object.ts'

const PLAIN: ObjectRecord = {
  versionId: 'null',
  order: '0006ba1694472000',
  lastModified: 1_893_456_000_000,
  ownerAccountId: '123456789012',
  sizeBytes: 4_096,
  etag: 'aed563ecafb4bcc5654c597a421547b2',
  body: 'inline',
  checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'AAECAwQFBgc=' },
  headers: { 'content-type': 'application/octet-stream' },
  userMetadata: {},
}
const TAIL = Buffer.from('the body')
const ROUNDS = 3_000

const random = new SeededRandom()
const maybe = (): boolean => random.below(3) === 0
const hex = (digits: number): string => random.bytes(digits / 2).toString('hex')
const base64 = (bytes: number): string => random.bytes(bytes).toString('base64')
/** Texts of all kinds, those too that have no place in such a record. */
const text = (): string =>
  random.oneOf([
    () => '',
    () => hex(2 + 2 * random.below(20)),
    () => 'ä𐍈\0"\\'.repeat(random.below(20)),
    () => '\ud800 alone',
    () => '__proto__',
    () => 'x'.repeat(random.below(3_000)),
    () => String.fromCharCode(random.below(0xd7ff)),
  ])()
const number = (): number =>
  random.oneOf([0, 1, 127, 128, 65_536, 1_893_456_000_000, Number.MAX_SAFE_INTEGER, -1, 0.5, 2 ** 60])
const texts = (): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: random.below(6) }, () => [
      random.oneOf([text(), 'content-type', 'cache-control', 'expires', 'mtime']),
      random.oneOf([text(), 'text/plain', 'binary/octet-stream']),
    ]),
  )

function someChecksum(): ObjectChecksum {
  const algorithm = random.oneOf(['CRC32', 'CRC64NVME', 'SHA256', 'MD5', 'XXHASH128'] as const)
  if (maybe()) return { algorithm, type: 'FULL_OBJECT', value: text() }
  if (maybe()) return { algorithm, type: 'FULL_OBJECT', value: base64(8) }
  return {
    algorithm,
    type: 'COMPOSITE',
    value: `${base64(4)}-${random.oneOf(['1', '10000', '', '01', '-1'])}`,
  }
}

const someEncryption = (): ObjectEncryption =>
  random.oneOf<() => ObjectEncryption>([
    () => ({ type: 'SSE-C', keyMd5: base64(16), salt: base64(16) }),
    () => ({ type: 'SSE-S3', sealedKey: text(), salt: random.oneOf([base64(16), text()]) }),
    () => ({ type: 'SSE-S3', sealedKey: text(), isKeyShared: true, salt: base64(16) }),
  ])()

function someRecord(): ObjectRecord {
  const order = random.oneOf([hex(16), PLAIN.order, '0'.repeat(16), 'FFFFFFFFFFFFFFFF', '12', text()])
  const md5 = hex(32)
  return {
    order,
    versionId: random.oneOf(['null', order + hex(16), hex(32), text()]),
    lastModified: random.oneOf([PLAIN.lastModified, number()]),
    ownerAccountId: random.oneOf(['123456789012', '000000000001', '999999999999', text()]),
    sizeBytes: number(),
    etag: random.oneOf(['', md5, `${md5}-3`, `${md5}-03`, `${md5}-`, md5.toUpperCase(), text()]),
    body: random.oneOf(['inline', 'blob', 'parts'] as const),
    headers: texts(),
    userMetadata: texts(),
    ...(maybe() && { isDeleteMarker: true as const }),
    ...(maybe() && { blob: { id: text(), sizeBytes: number() } }),
    ...(maybe() && { partCount: number() }),
    ...(maybe() && { uploadId: text() }),
    ...(maybe() && { checksum: someChecksum() }),
    ...(maybe() && { encryption: someEncryption() }),
    ...(maybe() && {
      tags: Array.from({ length: random.below(11) }, () => ({ key: text(), value: text() })),
    }),
    ...(maybe() && { storageClass: text() }),
    ...(maybe() && { websiteRedirectLocation: text() }),
    ...(maybe() && { retention: { mode: 'GOVERNANCE' as const, retainUntil: number() } }),
    ...(maybe() && { legalHold: maybe() }),
    ...(maybe() && { isHeldByKey: true as const }),
    ...(maybe() && {
      acl: {
        ownerAccountId: text(),
        grants: [{ grantee: { type: 'account' as const, accountId: text() }, permission: 'READ' as const }],
      },
    }),
  }
}

/** All of its members have a form of their own. */
function someUsualRecord(): ObjectRecord {
  const order = random.oneOf([hex(16), PLAIN.order])
  return {
    order,
    versionId: random.oneOf(['null', order + hex(16)]),
    lastModified: random.oneOf([PLAIN.lastModified, random.below(2 ** 32)]),
    ownerAccountId: random.oneOf(['123456789012', '000000000001', '999999999999']),
    sizeBytes: random.below(2 ** 32),
    etag: random.oneOf(['', hex(32), `${hex(32)}-3`]),
    body: 'blob',
    headers: { 'content-type': 'text/plain' },
    userMetadata: { name: 'value' },
    ...(maybe() && { isDeleteMarker: true as const }),
    ...(maybe() && { blob: { id: hex(32), sizeBytes: random.below(2 ** 32) } }),
    ...(maybe() && { partCount: random.below(10_000) }),
    ...(maybe() && { uploadId: hex(40) }),
    ...(maybe() && {
      checksum: { algorithm: 'CRC32' as const, type: 'COMPOSITE' as const, value: `${base64(4)}-7` },
    }),
    ...(maybe() && {
      checksum: { algorithm: 'SHA256' as const, type: 'FULL_OBJECT' as const, value: base64(32) },
    }),
    ...(maybe() && { encryption: { type: 'SSE-C' as const, keyMd5: base64(16), salt: base64(16) } }),
    ...(maybe() && { tags: [{ key: 'a', value: 'b' }] }),
  }
}

describe('the compact form of object records', () => {
  it(`gives back any record and tail as they were (seed ${random.seed})`, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const record = someRecord()
      const tail = random.bytes(random.below(40))
      const encoded = encodeObject(record, tail)
      const decoded = decodeObject(encoded)
      assert.deepEqual(decoded.record, record)
      assert.deepEqual(Object.keys(decoded.record.userMetadata), Object.keys(record.userMetadata))
      assert.deepEqual(decoded.tail, tail)
      const fieldsEnd = encoded.length - tail.length
      assert.equal(hasAllFields(encoded.subarray(0, fieldsEnd)), true)
      assert.equal(hasAllFields(encoded.subarray(0, fieldsEnd - 1)), false)
    }
  })

  it(`tells listings of any record what a whole reading tells (seed ${random.seed})`, () => {
    for (let round = 0; round < ROUNDS; round++) {
      // Half of them without what makes a listing read all.
      const record = random.below(2) === 0 ? someRecord() : someUsualRecord()
      const encoded = maybe() ? encodeRecord(1, record, TAIL) : encodeObject(record, TAIL)
      const { lastModified, ownerAccountId, sizeBytes, etag, storageClass, checksum } =
        decodeObject(encoded).record
      const listed = decodeListed(encoded)
      assert.deepEqual(
        [listed.lastModified, listed.ownerAccountId, listed.sizeBytes, listed.etag, listed.storageClass],
        [lastModified, ownerAccountId, sizeBytes, etag, storageClass],
      )
      assert.deepEqual(
        [listed.checksum?.algorithm, listed.checksum?.type],
        [checksum?.algorithm, checksum?.type],
      )
    }
  })

  it('takes under 50 bytes for an ordinary object', () => {
    assert.ok(encodeObject(PLAIN).length < 50, String(encodeObject(PLAIN).length))
  })

  it('keeps members that a later release may have added', () => {
    const later = { ...PLAIN, laterMember: { of: ['any', 'kind'] } }
    assert.deepEqual(decodeObject(encodeObject(later, TAIL)).record, later)
  })

  it('reads records of earlier releases, and tells them apart', () => {
    const earlier = encodeRecord(1, PLAIN, TAIL)
    assert.deepEqual(decodeObject(earlier), { record: PLAIN, tail: TAIL })
    assert.equal(isEarlierForm(earlier), true)
    assert.equal(isEarlierForm(encodeObject(PLAIN, TAIL)), false)
  })

  it('refuses records of a later format, whichever form their fields have', () => {
    const writer = new ByteWriter()
    for (const later of [encodeRecord(3, PLAIN), encodeCompactRecord(3, writer)])
      assert.throws(
        () => decodeObject(later),
        /^RangeError: object record has format 3; this program reads up to 2/,
      )
  })

  it('throws RangeError for a record that lost its end within the fields', () => {
    const whole = encodeObject({
      ...PLAIN,
      userMetadata: { name: 'a value' },
      tags: [{ key: 'k', value: 'v' }],
    })
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => decodeObject(whole.subarray(0, length)), RangeError, `${length} bytes`)
  })

  it('gives a record or throws RangeError, whatever the bytes are', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = maybe() ? random.bytes(1 + random.below(300)) : encodeObject(someRecord(), TAIL)
      if (maybe()) bytes[0] = 0x82
      for (let flips = 1 + random.below(4); flips > 0; flips--) {
        const at = 1 + random.below(bytes.length)
        if (at < bytes.length) bytes[at] = random.below(256)
      }
      if (isEarlierForm(bytes)) continue
      try {
        const { tail } = decodeObject(bytes)
        assert.ok(tail.length < bytes.length)
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error))
      }
    }
  })

  it('sets nothing aside for counts that the bytes have no room for', () => {
    const writer = new ByteWriter()
    writer.uint16(0x200)
    writer.hex('00'.repeat(8 + 5 + 1))
    writer.uint(Number.MAX_SAFE_INTEGER)
    assert.throws(
      () => decodeObject(encodeCompactRecord(2, writer)),
      /items are told of, and 0 bytes are left/,
    )
  })
})
