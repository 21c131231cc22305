import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { readChecksum, readChecksumKind, writeChecksum } from './checksum-field.ts'
import { countOf, readHeaders, readTexts, writeHeaders, writeTexts } from './known-headers.ts'
import type { ListedFields, ObjectEncryption, ObjectRecord, ObjectTag } from './object.ts'
import { NULL_VERSION_ID, ORDER_DIGITS, ORDERS_PER_MS, VERSION_RANDOM_BYTES } from './version-id-form.ts'

/**
 * The members of an object's record in few bytes (encodings of base/byte-writer.ts):
 *
 *     members        2 bytes   which of those below are there, and the form of some (MEMBER)
 *     order          8 bytes
 *     owner          5 bytes   the 12 digits as a number
 *     sizeBytes      uint
 *     lastModified   uint      where it is not the time that the order tells
 *     version        8 bytes   the random half of the version id; absent: `null`
 *     etag           16 bytes  the MD5; absent: empty
 *     parts of it    uint      behind the `-` of the ETag
 *     blob           text uint its id and bytes, where the body is one
 *     partCount      uint
 *     uploadId       text
 *     checksum       checksum-field.ts
 *     encryption     1 byte    ENCRYPTION; text: the sealed key, or the key's MD5; base64: salt
 *     headers, userMetadata    known-headers.ts
 *     tags           uint, then two texts each
 *     storageClass   text
 *     others         text      JSON: members without a form here, and those whose value does not fit it; they go before what the form says
 */
const MEMBER = {
  blob: 0x1,
  parts: 0x2,
  deleteMarker: 0x4,
  version: 0x8,
  lastModified: 0x10,
  etag: 0x20,
  etagParts: 0x40,
  headers: 0x80,
  userMetadata: 0x100,
  tags: 0x200,
  checksum: 0x400,
  encryption: 0x800,
  storageClass: 0x1000,
  uploadId: 0x2000,
  partCount: 0x4000,
  others: 0x8000,
} as const

const ENCRYPTION = { ownKey: 0, sharedKey: 1, customerKey: 2 } as const

/** The members that have a form of their own here; all others go as JSON, those too that a later release may add. */
const FORMED_MEMBERS: Partial<Record<keyof ObjectRecord, true>> = {
  versionId: true,
  order: true,
  isDeleteMarker: true,
  lastModified: true,
  ownerAccountId: true,
  sizeBytes: true,
  etag: true,
  body: true,
  blob: true,
  partCount: true,
  uploadId: true,
  checksum: true,
  encryption: true,
  headers: true,
  userMetadata: true,
  tags: true,
  storageClass: true,
}

const ORDER = new RegExp(`^[0-9a-f]{${ORDER_DIGITS}}$`)
const OWNER = /^[0-9]{12}$/
const OWNER_DIGITS = 12
const VERSION_ID = new RegExp(`^[0-9a-f]{${ORDER_DIGITS + VERSION_RANDOM_BYTES * 2}}$`)
const ETAG = /^[0-9a-f]{32}(?:-(?:0|[1-9][0-9]{0,8}))?$/
const ETAG_DIGITS = 32
const MD5_BYTES = 16

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Others = Partial<Mutable<ObjectRecord>>

/** One for all: writing a record is over before the next one begins. */
const writer = new ByteWriter()

/** The members of a record, until the next call. */
export function writeObjectFields(record: ObjectRecord): ByteWriter {
  writer.clear()
  const writing = new Writing(record)
  writing.run()
  return writer
}

class Writing {
  readonly #record: ObjectRecord
  /** As it is written: other members follow from it. */
  readonly #order: string
  #members = 0
  #others: Others | null = null

  constructor(record: ObjectRecord) {
    this.#record = record
    this.#order = ORDER.test(record.order) ? record.order : '0'.repeat(ORDER_DIGITS)
  }

  run(): void {
    const record = this.#record
    writer.uint16(0)
    this.#writeOrder()
    this.#owner()
    if (isCount(record.sizeBytes)) writer.uint(record.sizeBytes)
    else {
      writer.uint(0)
      this.#other('sizeBytes')
    }
    this.#lastModified()
    this.#version()
    this.#etag()
    this.#body()
    if (record.isDeleteMarker === true) this.#members |= MEMBER.deleteMarker
    this.#optional('partCount', MEMBER.partCount, (count) => {
      if (!isCount(count)) return false
      writer.uint(count)
      return true
    })
    this.#optional('uploadId', MEMBER.uploadId, (id) => writer.text(id))
    this.#optional('checksum', MEMBER.checksum, (checksum) => writeChecksum(writer, checksum))
    this.#optional('encryption', MEMBER.encryption, writeEncryption)
    if (isFilled(record.headers))
      this.#optional('headers', MEMBER.headers, (headers) => writeHeaders(writer, headers))
    if (isFilled(record.userMetadata))
      this.#optional('userMetadata', MEMBER.userMetadata, (texts) => writeTexts(writer, texts))
    this.#optional('tags', MEMBER.tags, writeTags)
    this.#optional('storageClass', MEMBER.storageClass, (text) => writer.text(text))
    for (const member of Object.keys(record) as (keyof ObjectRecord)[])
      if (!FORMED_MEMBERS[member] && record[member] !== undefined) this.#other(member)
    if (this.#others) {
      this.#members |= MEMBER.others
      // JSON writes what UTF-8 cannot hold with escapes.
      writer.text(JSON.stringify(this.#others))
    }
    writer.setUint16(this.#members, 0)
  }

  /** The member goes as JSON. */
  #other(member: keyof ObjectRecord): void {
    this.#others = { ...this.#others, [member]: this.#record[member] }
  }

  #optional<M extends keyof ObjectRecord>(
    member: M,
    bit: number,
    write: (value: NonNullable<ObjectRecord[M]>) => boolean,
  ): void {
    const value = this.#record[member]
    if (value === undefined) return
    const start = writer.length
    if (write(value)) {
      this.#members |= bit
      return
    }
    writer.length = start
    this.#other(member)
  }

  #writeOrder(): void {
    if (this.#order !== this.#record.order) this.#other('order')
    writer.hex(this.#order)
  }

  #owner(): void {
    const { ownerAccountId } = this.#record
    const isUsual = OWNER.test(ownerAccountId)
    const number = isUsual ? Number(ownerAccountId) : 0
    writer.byte(Math.floor(number / 2 ** 32))
    writer.uint32(number % 2 ** 32)
    if (!isUsual) this.#other('ownerAccountId')
  }

  #lastModified(): void {
    const { lastModified } = this.#record
    if (lastModified === timeOf(this.#order)) return
    if (!isCount(lastModified)) {
      this.#other('lastModified')
      return
    }
    this.#members |= MEMBER.lastModified
    writer.uint(lastModified)
  }

  #version(): void {
    const { versionId } = this.#record
    if (versionId === NULL_VERSION_ID) return
    if (!VERSION_ID.test(versionId) || !versionId.startsWith(this.#order)) {
      this.#other('versionId')
      return
    }
    this.#members |= MEMBER.version
    writer.hex(versionId.slice(ORDER_DIGITS))
  }

  #etag(): void {
    const { etag } = this.#record
    if (etag === '') return
    if (!ETAG.test(etag)) {
      this.#other('etag')
      return
    }
    this.#members |= MEMBER.etag
    const isPlain = etag.length === ETAG_DIGITS
    writer.hex(isPlain ? etag : etag.slice(0, ETAG_DIGITS))
    if (isPlain) return
    this.#members |= MEMBER.etagParts
    writer.uint(Number(etag.slice(ETAG_DIGITS + 1)))
  }

  #body(): void {
    const { body, blob } = this.#record
    if (body === 'blob' && blob) this.#optional('blob', MEMBER.blob, writeBlob)
    else if (blob) this.#other('blob')
    if (body === 'parts') this.#members |= MEMBER.parts
    else if (body === 'blob' && !(this.#members & MEMBER.blob)) this.#other('body')
  }
}

/** What {@link writeObjectFields} wrote. Throws RangeError for anything else. */
export function readObjectFields(bytes: Buffer, start: number, end: number): ObjectRecord {
  const reader = new ByteReader(bytes, start, end)
  const members = reader.uint16()
  const has = (bit: number): boolean => (members & bit) !== 0
  const order = reader.hex(ORDER_DIGITS / 2)
  const owner = reader.byte() * 2 ** 32 + reader.uint32()
  const sizeBytes = reader.uint()
  const lastModified = has(MEMBER.lastModified) ? reader.uint() : timeOf(order)
  const versionId = has(MEMBER.version) ? order + reader.hex(VERSION_RANDOM_BYTES) : NULL_VERSION_ID
  let etag = has(MEMBER.etag) ? reader.hex(MD5_BYTES) : ''
  if (has(MEMBER.etagParts)) etag = `${etag}-${reader.uint()}`
  const record: Mutable<ObjectRecord> = {
    versionId,
    order,
    lastModified,
    ownerAccountId: accountIdOf(owner),
    sizeBytes,
    etag,
    body: has(MEMBER.parts) ? 'parts' : has(MEMBER.blob) ? 'blob' : 'inline',
    headers: {},
    userMetadata: {},
  }
  if (has(MEMBER.deleteMarker)) record.isDeleteMarker = true
  if (has(MEMBER.blob)) record.blob = { id: reader.text(), sizeBytes: reader.uint() }
  if (has(MEMBER.partCount)) record.partCount = reader.uint()
  if (has(MEMBER.uploadId)) record.uploadId = reader.text()
  if (has(MEMBER.checksum)) record.checksum = readChecksum(reader)
  if (has(MEMBER.encryption)) record.encryption = readEncryption(reader)
  if (has(MEMBER.headers)) record.headers = readHeaders(reader)
  if (has(MEMBER.userMetadata)) record.userMetadata = readTexts(reader)
  if (has(MEMBER.tags)) record.tags = readTags(reader)
  if (has(MEMBER.storageClass)) record.storageClass = reader.text()
  if (has(MEMBER.others)) Object.assign(record, readOthers(reader.text()))
  if (!reader.isAtEnd)
    throw new RangeError(`${reader.left} bytes are left behind the members of an object record`)
  return record
}

/** Members behind which those may be that a listing tells. */
const SELDOM_LISTED = MEMBER.storageClass | MEMBER.others

/** What a listing tells, of what {@link writeObjectFields} wrote, without reading more than that. Throws RangeError for what it cannot read. */
export function readListedFields(bytes: Buffer, start: number, end: number): ListedFields {
  const reader = new ByteReader(bytes, start, end)
  const members = reader.uint16()
  if (members & SELDOM_LISTED) return readObjectFields(bytes, start, end)
  const orderNumber = reader.uint32() * 2 ** 32 + reader.uint32()
  const owner = reader.byte() * 2 ** 32 + reader.uint32()
  const sizeBytes = reader.uint()
  const lastModified = members & MEMBER.lastModified ? reader.uint() : timeOfNumber(orderNumber)
  if (members & MEMBER.version) reader.skip(VERSION_RANDOM_BYTES)
  let etag = members & MEMBER.etag ? reader.hex(MD5_BYTES) : ''
  if (members & MEMBER.etagParts) etag = `${etag}-${reader.uint()}`
  let checksum: ListedFields['checksum']
  if (members & MEMBER.checksum) {
    if (members & MEMBER.blob) {
      reader.skipSized()
      reader.uint()
    }
    if (members & MEMBER.partCount) reader.uint()
    if (members & MEMBER.uploadId) reader.skipSized()
    checksum = readChecksumKind(reader)
  }
  return { lastModified, ownerAccountId: accountIdOf(owner), sizeBytes, etag, checksum }
}

let lastOwner = { number: 0, accountId: '0'.repeat(OWNER_DIGITS) }

/** The account of a number; the last one is kept, since the records of a bucket have the same as a rule. */
function accountIdOf(number: number): string {
  if (lastOwner.number !== number)
    lastOwner = { number, accountId: String(number).padStart(OWNER_DIGITS, '0') }
  return lastOwner.accountId
}

/** The time in an order that was made of one. */
const timeOf = (order: string): number => timeOfNumber(Number.parseInt(order, 16))
const timeOfNumber = (order: number): number =>
  order <= Number.MAX_SAFE_INTEGER && order % ORDERS_PER_MS === 0 ? order / ORDERS_PER_MS : 0

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)

function isFilled(texts: Readonly<Record<string, string>>): boolean {
  for (const _name in texts) return true
  return false
}

function writeBlob({ id, sizeBytes }: NonNullable<ObjectRecord['blob']>): boolean {
  if (!isCount(sizeBytes) || !writer.text(id)) return false
  writer.uint(sizeBytes)
  return true
}

function writeEncryption(encryption: ObjectEncryption): boolean {
  if (encryption.type === 'SSE-C') {
    writer.byte(ENCRYPTION.customerKey)
    return writer.text(encryption.keyMd5) && writer.base64(encryption.salt)
  }
  writer.byte(encryption.isKeyShared ? ENCRYPTION.sharedKey : ENCRYPTION.ownKey)
  return writer.text(encryption.sealedKey) && writer.base64(encryption.salt)
}

function readEncryption(reader: ByteReader): ObjectEncryption {
  const code = reader.byte()
  const key = reader.text()
  const salt = reader.base64()
  if (code === ENCRYPTION.customerKey) return { type: 'SSE-C', keyMd5: key, salt }
  if (code === ENCRYPTION.sharedKey) return { type: 'SSE-S3', sealedKey: key, isKeyShared: true, salt }
  if (code === ENCRYPTION.ownKey) return { type: 'SSE-S3', sealedKey: key, salt }
  throw new RangeError(`there is no encryption of code ${code}`)
}

function writeTags(tags: readonly ObjectTag[]): boolean {
  writer.uint(tags.length)
  return tags.every(({ key, value }) => writer.text(key) && writer.text(value))
}

function readTags(reader: ByteReader): ObjectTag[] {
  const tags: ObjectTag[] = []
  for (let left = countOf(reader, 2); left > 0; left--)
    tags.push({ key: reader.text(), value: reader.text() })
  return tags
}

/** Members as JSON. Throws RangeError for what is no such text. */
function readOthers(json: string): Others {
  try {
    const others: unknown = JSON.parse(json)
    if (typeof others === 'object' && others !== null) return others
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new RangeError('members of an object record are not the JSON that they should be')
}
