import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { lifecycleRule, shownRule } from './lifecycle-rules.ts'

type Given = Parameters<typeof lifecycleRule>[0]

const DATE = Date.UTC(2030, 0, 1)
const rule = (more: object): Given => ({ ID: 'id', Status: 'Enabled', ...more })

/** As it is sent: what is not there is not written. */
const written = (value: object): unknown => JSON.parse(JSON.stringify(value))

describe('a lifecycle rule', () => {
  const FILTER = { Filter: { Prefix: 'a/' } }
  /** What is given, and what is stored of it besides id and status. */
  const table: readonly (readonly [given: object, stored: object])[] = [
    [{ Filter: {} }, {}],
    [FILTER, { prefix: 'a/' }],
    [{ Filter: { Prefix: '' } }, { prefix: '' }],
    [{ Prefix: 'a/' }, { prefix: 'a/', hasTopLevelPrefix: true }],
    [{ Prefix: '' }, { prefix: '', hasTopLevelPrefix: true }],
    [{ Filter: { Tag: { Key: 'a', Value: 'b' } } }, { tags: [{ key: 'a', value: 'b' }] }],
    [{ Filter: { ObjectSizeGreaterThan: 0 } }, { sizeGreaterThanBytes: 0 }],
    [{ Filter: { ObjectSizeLessThan: 9 } }, { sizeLessThanBytes: 9 }],
    [
      {
        Filter: {
          And: {
            ...{ Prefix: 'a/', ObjectSizeGreaterThan: 1, ObjectSizeLessThan: 9 },
            Tags: [
              { Key: 'a', Value: 'b' },
              { Key: 'c', Value: '' },
            ],
          },
        },
      },
      {
        ...{ prefix: 'a/', sizeGreaterThanBytes: 1, sizeLessThanBytes: 9 },
        tags: [
          { key: 'a', value: 'b' },
          { key: 'c', value: '' },
        ],
      },
    ],
    [{ Filter: { And: { Prefix: 'a/', ObjectSizeLessThan: 9 } } }, { prefix: 'a/', sizeLessThanBytes: 9 }],
    [
      {
        Filter: {
          And: {
            Tags: [
              { Key: 'a', Value: 'b' },
              { Key: 'c', Value: 'd' },
            ],
          },
        },
      },
      {
        tags: [
          { key: 'a', value: 'b' },
          { key: 'c', value: 'd' },
        ],
      },
    ],
    [
      { ...FILTER, Expiration: { Days: 3 } },
      { prefix: 'a/', expiration: { days: 3 } },
    ],
    [
      { ...FILTER, Expiration: { Date: DATE } },
      { prefix: 'a/', expiration: { date: DATE } },
    ],
    [
      { ...FILTER, Expiration: { ExpiredObjectDeleteMarker: false } },
      { prefix: 'a/', expiration: { expiredObjectDeleteMarker: false } },
    ],
    [
      { ...FILTER, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
      { prefix: 'a/', noncurrentVersionExpiration: { noncurrentDays: 3 } },
    ],
    [
      { ...FILTER, NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 0 } },
      { prefix: 'a/', noncurrentVersionExpiration: { noncurrentDays: 3, newerNoncurrentVersions: 0 } },
    ],
    [
      { ...FILTER, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } },
      { prefix: 'a/', abortIncompleteMultipartUpload: { daysAfterInitiation: 0 } },
    ],
    [
      {
        ...{ ...FILTER, Expiration: { Days: 3 }, NoncurrentVersionExpiration: { NoncurrentDays: 4 } },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 5 },
      },
      {
        ...{ prefix: 'a/', expiration: { days: 3 }, noncurrentVersionExpiration: { noncurrentDays: 4 } },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 5 },
      },
    ],
  ]
  for (const [more, stored] of table)
    it(`is stored and shown as it was given: ${JSON.stringify(more)}`, () => {
      for (const Status of ['Enabled', 'Disabled'] as const) {
        const given = rule({ ...more, Status })
        const kept = lifecycleRule(given)
        assert.deepEqual(kept, { id: 'id', status: Status, ...stored })
        assert.deepEqual(written(shownRule(kept)), written(given))
      }
    })

  it('has an id in any case, each its own', () => {
    for (const ID of ['', undefined]) {
      const [one, other] = [lifecycleRule(rule({ ...FILTER, ID })), lifecycleRule(rule({ ...FILTER, ID }))]
      assert.match(one.id, /^[0-9a-f-]{36}$/)
      assert.notEqual(one.id, other.id)
    }
  })

  const refused: readonly (readonly [given: object, code: string, message?: RegExp])[] = [
    [{}, 'MalformedXML', /either a Filter or the older Prefix/],
    [{ ...FILTER, Prefix: '' }, 'MalformedXML', /either a Filter or the older Prefix/],
    [{ ...FILTER, AbortIncompleteMultipartUpload: {} }, 'MalformedXML', /needs DaysAfterInitiation/],
    [{ Filter: { Prefix: '', ObjectSizeLessThan: 0 } }, 'MalformedXML', /one condition, or several in And/],
    [
      { Filter: { Tag: { Key: 'a', Value: '' }, ObjectSizeGreaterThan: 0 } },
      'MalformedXML',
      /several in And/,
    ],
    [{ Filter: { And: {}, Prefix: 'a' } }, 'MalformedXML', /several in And/],
    [{ ...FILTER, Transitions: [] }, 'NotImplemented', /one storage class/],
    [{ ...FILTER, NoncurrentVersionTransitions: [] }, 'NotImplemented', /one storage class/],
    [{ ...FILTER, Transitions: [{ Date: DATE }] }, 'NotImplemented', /one storage class/],
  ]
  for (const [more, code, message = /./] of refused)
    it(`is refused: ${JSON.stringify(more)}`, () =>
      assert.throws(
        () => lifecycleRule(rule(more)),
        (error) => error instanceof S3Error && error.code === code && message.test(error.message),
      ))

  it('with a transition at a time that is no midnight is refused for that', () =>
    assert.throws(
      () => lifecycleRule(rule({ ...FILTER, Transitions: [{}, { Date: DATE + 1 }] })),
      (error) => !(error instanceof S3Error && error.code === 'NotImplemented'),
    ))
})
