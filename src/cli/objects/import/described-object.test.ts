import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeObject, isDescribedAlike } from './described-object.ts'
import type { DescriptionOptions, ObjectFacts } from './described-object.ts'

const NOW = Date.parse('2030-01-01T00:00:00Z')
const PLAIN: DescriptionOptions = { tags: [], sourceEtag: undefined, hasLock: true, nowMs: NOW }

const describeWith = (facts: ObjectFacts, options: Partial<DescriptionOptions> = {}) =>
  describeObject(facts, { ...PLAIN, ...options })

describe('an object of another store', () => {
  it('keeps its headers as they are, without the framing that some stores take for an encoding', () => {
    const { headers } = describeWith({ ContentEncoding: 'gzip, aws-chunked', ExpiresString: 'tomorrow' })
    assert.equal(headers['content-encoding'], 'gzip')
    assert.equal(headers['expires'], 'tomorrow')
    assert.equal(describeWith({ ContentEncoding: 'aws-chunked' }).headers['content-encoding'], undefined)
  })

  it('keeps metadata beyond ASCII, raw bytes of UTF-8 and of Latin-1, as S3 would answer them', () => {
    const { description } = describeWith({ Metadata: { utf8: '\u00c3\u00a9', latin: '\u00e9', plain: 'e' } })
    assert.deepEqual(description.Metadata, {
      utf8: '=?UTF-8?B?w6k=?=',
      latin: '=?UTF-8?B?w6k=?=',
      plain: 'e',
    })
  })

  it('remembers the ETag that it cannot have', () => {
    const { description } = describeWith({ Metadata: { a: 'b' } }, { sourceEtag: 'abc-2' })
    assert.deepEqual(description.Metadata, { a: 'b', 'lugsail-source-etag': 'abc-2' })
  })

  it('has its tags but for those that are kept for others', () => {
    const { description, losses } = describeWith(
      {},
      {
        tags: [
          { Key: 'a b', Value: 'c&d' },
          { Key: 'aws:x', Value: 'y' },
        ],
      },
    )
    assert.equal(description.Tagging, 'a%20b=c%26d')
    assert.deepEqual(losses, ['tags whose keys begin with aws:'])
  })

  it('stays locked as long as it was, where the bucket can lock', () => {
    const until = new Date('2031-01-01T00:00:00Z')
    const facts = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
      ObjectLockLegalHoldStatus: 'ON',
    } as const
    assert.deepEqual(describeWith(facts).description, {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
      ObjectLockLegalHoldStatus: 'ON',
    })
    assert.deepEqual(describeWith(facts, { nowMs: until.getTime() }).description, {
      ObjectLockLegalHoldStatus: 'ON',
    })
    assert.deepEqual(describeWith(facts, { hasLock: false }), {
      ...describeWith({}),
      losses: ['its lock, since the bucket at the destination has none'],
    })
  })

  it('tells of what it loses', () => {
    assert.deepEqual(
      describeWith({ MissingMeta: 1, StorageClass: 'GLACIER_IR', ServerSideEncryption: 'aws:kms' }).losses,
      [
        'metadata that the source says it cannot send',
        'its storage class: all objects are STANDARD',
        'its encryption with a key service: it is encrypted by the server',
      ],
    )
  })
})

describe('what is said of two objects', () => {
  it('is the same whatever the order of it, and however bytes beyond ASCII are told', () => {
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]
    assert.ok(
      isDescribedAlike(
        { facts: { Metadata: { b: '2', a: '\u00c3\u00a9', 'lugsail-source-etag': 'x' } }, tags },
        { facts: { Metadata: { a: '=?UTF-8?B?w6k=?=', b: '2' } }, tags: tags.toReversed() },
      ),
    )
  })

  it('is another thing where a header or a tag is, but for tags that a store hides', () => {
    const tags = [{ Key: 'a', Value: '1' }]
    const [csv, html] = [{ ContentType: 'text/csv' }, { ContentType: 'text/html' }]
    assert.ok(!isDescribedAlike({ facts: csv, tags }, { facts: html, tags }))
    assert.ok(!isDescribedAlike({ facts: csv, tags }, { facts: csv, tags: [] }))
    assert.ok(isDescribedAlike({ facts: csv, tags }, { facts: csv, tags: null }))
    assert.ok(!isDescribedAlike({ facts: csv, tags: null }, { facts: html, tags: null }))
  })
})
