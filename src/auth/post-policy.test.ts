import { DAY_MS } from '../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { AuthenticationFailure } from './authentication-failure.ts'
import { parsePostFormAuthentication, verifyPostForm } from './post-form-authentication.ts'
import { parsePostPolicy } from './parse-post-policy.ts'
import { evaluatePostPolicy } from './post-policy.ts'
import { deriveSigningKey } from './signing-key.ts'
import { SigningKeyCache } from './signing-key-cache.ts'

const NOW = Date.UTC(2026, 0, 1)
const EXPIRATION = '2026-01-01T01:00:00Z'
const encode = (document: unknown) => Buffer.from(JSON.stringify(document)).toString('base64')
const failsWith = (reason: string) => (error: unknown) =>
  error instanceof AuthenticationFailure && error.reason === reason

const CONDITIONS: readonly unknown[] = [
  { bUcKeT: 'photos' },
  ['StArTs-WiTh', '$KeY', 'foo'],
  { acl: 'private' },
  ['starts-with', '$Content-Type', 'text/plain'],
  ['content-length-range', 0, 1024],
]
const FIELDS = { key: 'foo.txt', acl: 'private', 'content-type': 'text/plain' }

const evaluate = (
  conditions: readonly unknown[],
  fields: Readonly<Record<string, string>> = FIELDS,
  bucketName = 'photos',
  nowMs = NOW,
) =>
  evaluatePostPolicy({
    policy: parsePostPolicy(encode({ expiration: EXPIRATION, conditions })),
    fields: new Map(Object.entries(fields)),
    bucketName,
    nowMs,
  })

describe('a form’s policy', () => {
  it('allows a form that meets every condition, whatever the case of names and operators', () => {
    evaluate(CONDITIONS)
  })

  it('leaves alone the fields of the signature, ignored ones and checksums', () => {
    evaluate(CONDITIONS, {
      ...FIELDS,
      policy: 'x',
      signature: 'x',
      awsaccesskeyid: 'x',
      'x-ignore-foo': 'x',
      'x-amz-checksum-sha256': 'x',
    })
  })

  it('starts-with holds for each of several content types', () => {
    const conditions = [...CONDITIONS.slice(0, 3), ['starts-with', '$Content-Type', 'image/']]
    evaluate(conditions, { ...FIELDS, 'content-type': 'image/png, image/jpeg' })
    assert.throws(
      () => evaluate(conditions, { ...FIELDS, 'content-type': 'image/png, text/html' }),
      failsWith('policy-refused'),
    )
  })

  const REFUSED: readonly (readonly [title: string, run: () => void])[] = [
    ['that is expired', () => evaluate(CONDITIONS, FIELDS, 'photos', Date.parse(EXPIRATION))],
    ['for another bucket', () => evaluate(CONDITIONS, { ...FIELDS, bucket: 'photos' }, 'other')],
    ['whose policy does not name the bucket', () => evaluate(CONDITIONS.slice(1))],
    ['with a field that no condition covers', () => evaluate(CONDITIONS, { ...FIELDS, tagging: '' })],
    ['with a condition whose field has no $', () => evaluate([...CONDITIONS, ['eq', 'acl', FIELDS.acl]])],
    ['with another value', () => evaluate(CONDITIONS, { ...FIELDS, acl: 'public-read' })],
    [
      'without a field that must start with a text',
      () => evaluate([...CONDITIONS, ['starts-with', '$x-amz-meta-foo', 'bar']]),
    ],
    [
      'with a field that must be empty',
      () => evaluate([...CONDITIONS, ['eq', '$x-amz-meta-foo', '']], { ...FIELDS, 'x-amz-meta-foo': 'bar' }),
    ],
  ]
  for (const [title, run] of REFUSED) {
    it(`refuses a form ${title}`, () => assert.throws(run, failsWith('policy-refused')))
  }

  it('gives the size limits, the narrowest when there are several', () => {
    const conditions = [...CONDITIONS, ['content-length-range', 5, '2000']]
    const { sizeBytes } = parsePostPolicy(encode({ expiration: EXPIRATION, conditions }))
    assert.deepEqual(sizeBytes, { min: 5, max: 1024 })
  })

  it('reads an escaped dollar as a dollar, and an escaped backslash before one as a backslash', () => {
    const policy = (value: string) =>
      parsePostPolicy(
        Buffer.from(`{"expiration":"${EXPIRATION}","conditions":[{"key":"${value}"}]}`).toString('base64'),
      )
    assert.equal(policy('\\$foo').conditions[0]?.value, '$foo')
    assert.equal(policy('\\\\$foo').conditions[0]?.value, '\\$foo')
  })

  const MALFORMED: readonly (readonly [title: string, document: unknown])[] = [
    ['no expiration', { conditions: [] }],
    ['an expiration of another form', { expiration: '2026-01-01 01:00:00.5+00:00', conditions: [] }],
    ['an expiration that is no day', { expiration: '2026-13-01T01:00:00Z', conditions: [] }],
    ['EXPIRATION in capitals', { EXPIRATION, conditions: [] }],
    ['no conditions', { expiration: EXPIRATION }],
    ['CONDITIONS in capitals', { expiration: EXPIRATION, CONDITIONS: [] }],
    ['an empty condition', { expiration: EXPIRATION, conditions: [{}] }],
    ['a condition of two properties', { expiration: EXPIRATION, conditions: [{ a: 'b', c: 'd' }] }],
    ['a size range without a maximum', { expiration: EXPIRATION, conditions: [['content-length-range', 0]] }],
    ...[
      ['content-length-range', 0, 1, 2],
      ['content-length-range'],
      ['content-length-range', 0, 1.5],
      ['content-length-range', 0, 2 ** 53],
      ['content-length-range', '', 1],
      ['content-length-range', '12345678901234567', 1],
      ['content-length-range', ' 1', 2],
      ['content-length-range', null, 1],
      ['eq'],
      ['eq', '$key'],
      ['eq', '$key', 'a', 'b'],
      ['eq', 1, 'a'],
      ['eq', '$key', 1],
      ['starts-with', '$key', null],
      [],
      [1, '$key', 'a'],
      [null, '$key', 'a'],
      [{ toLowerCase: 'eq' }, '$key', 'a'],
      [['eq'], '$key', 'a'],
      { key: 1 },
      { key: null },
      'key',
      null,
    ].map(
      (condition) =>
        [
          `the condition ${JSON.stringify(condition)}`,
          { expiration: EXPIRATION, conditions: [condition] },
        ] as const,
    ),
    ['1,001 conditions', { expiration: EXPIRATION, conditions: Array(1_001).fill({ key: 'a' }) }],
    ['conditions that are no list', { expiration: EXPIRATION, conditions: { key: 'a' } }],
    ['an expiration that is no text', { expiration: 1, conditions: [] }],
    ['a list in place of a policy', [{ expiration: EXPIRATION, conditions: [] }]],
    ['nothing in place of a policy', null],
    ['a negative size', { expiration: EXPIRATION, conditions: [['content-length-range', -1, 0]] }],
    ['an unknown operator', { expiration: EXPIRATION, conditions: [['ends-with', '$key', 'a']] }],
    ['a member that no policy has', { expiration: EXPIRATION, conditions: [], extra: 'field' }],
    ['a text', 'policy'],
  ]
  for (const [title, document] of MALFORMED) {
    it(`is malformed with ${title}`, () => {
      assert.throws(() => parsePostPolicy(encode(document)), failsWith('policy-malformed'))
    })
  }

  it('has up to 1,000 conditions, sizes as numbers or as digits, and an expiration to the millisecond', () => {
    const parsed = (conditions: readonly unknown[], expiration = EXPIRATION) =>
      parsePostPolicy(encode({ expiration, conditions }))
    assert.equal(parsed(Array(1_000).fill({ key: 'a' })).conditions.length, 1_000)
    assert.equal(parsed([]).sizeBytes, null)
    for (const [min, max] of [
      [0, 0],
      [0, 2 ** 53 - 1],
      ['0000000000000007', '8'],
    ] as const)
      assert.deepEqual(parsed([['CONTENT-LENGTH-RANGE', min, max]]).sizeBytes, {
        min: Number(min),
        max: Number(max),
      })
    for (const [fraction, ms] of [
      ['', 0],
      ['.5', 500],
      ['.25', 250],
      ['.125', 125],
    ] as const)
      assert.equal(parsed([], `2026-01-01T01:00:00${fraction}Z`).expiresAt, Date.parse(EXPIRATION) + ms)
    assert.deepEqual(parsed([{ ACL: 'private' }, ['EQ', '$Acl', 'a'], ['eq', 'acl', 'a']]).conditions, [
      { operator: 'eq', field: 'acl', writtenField: '$ACL', value: 'private' },
      { operator: 'eq', field: 'acl', writtenField: '$Acl', value: 'a' },
      { operator: 'eq', field: null, writtenField: 'acl', value: 'a' },
    ])
  })

  it('is malformed when it is no JSON', () => {
    assert.throws(() => parsePostPolicy('!!'), failsWith('policy-malformed'))
  })
})

describe('a form’s signature', () => {
  const policy = encode({ expiration: EXPIRATION, conditions: CONDITIONS })
  const credential = { accessKeyId: 'AKIAEXAMPLE', secretVersion: 1, openSecret: () => 'secret' }
  const scope = { date: '20260101', region: 'us-east-1', service: 's3' }
  const signedAt = Date.UTC(2026, 0, 1)
  const verify = (fields: Readonly<Record<string, string>>, nowMs = signedAt) => {
    const authentication = parsePostFormAuthentication(new Map(Object.entries(fields)))
    assert.ok(authentication.type !== 'anonymous')
    verifyPostForm({ authentication, credential, keys: new SigningKeyCache(), nowMs })
  }
  const version2 = {
    policy,
    awsaccesskeyid: 'AKIAEXAMPLE',
    signature: createHmac('sha1', 'secret').update(policy).digest('base64'),
  }
  const version4 = {
    policy,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': 'AKIAEXAMPLE/20260101/us-east-1/s3/aws4_request',
    'x-amz-date': '20260101T000000Z',
    'x-amz-signature': deriveSigningKey('secret', scope).sign(policy),
  }

  it('of either version is taken when it is right, and refused when the policy is another', () => {
    for (const fields of [version2, version4]) {
      verify(fields)
      assert.throws(() => verify({ ...fields, policy: `${policy}=` }), failsWith('signature-mismatch'))
    }
  })

  it('that is missing makes the form anonymous only when there is no policy either', () => {
    assert.equal(parsePostFormAuthentication(new Map([['key', 'a']])).type, 'anonymous')
    const incomplete: readonly Readonly<Record<string, string>>[] = [
      { policy },
      { policy, awsaccesskeyid: 'A' },
      { policy, signature: 'x' },
      { signature: 'x' },
      { ...version4, 'x-amz-signature': '' },
    ]
    for (const fields of incomplete) assert.throws(() => verify(fields), failsWith('form-field-missing'))
  })

  it('of version 4 is good for a week from its date, as a presigned URL is at most, whatever its policy says', () => {
    verify(version4, signedAt + 7 * DAY_MS)
    assert.throws(() => verify(version4, signedAt + 7 * DAY_MS + 1), failsWith('request-expired'))
    assert.throws(() => verify(version4, signedAt - DAY_MS), failsWith('request-not-yet-valid'))
    verify(version2, signedAt + 8 * DAY_MS)
  })

  it('for a region that does not exist is refused', () => {
    const credential = version4['x-amz-credential'].replace('us-east-1', 'nowhere-1')
    assert.throws(() => verify({ ...version4, 'x-amz-credential': credential }), failsWith('region-wrong'))
  })

  it('with a date of another form is refused with the field and its beginning', () => {
    for (const date of ['2026-01-01T00:00:00Z', '20260101', 'x'.repeat(100)])
      assert.throws(
        () => verify({ ...version4, 'x-amz-date': date }),
        (error: unknown) => {
          assert.ok(error instanceof AuthenticationFailure)
          assert.equal(error.reason, 'form-field-malformed')
          assert.deepEqual(error.details, { argumentName: 'X-Amz-Date', argumentValue: date.slice(0, 64) })
          return true
        },
      )
  })

  it('refuses fields that contradict each other', () => {
    assert.throws(
      () => verify({ ...version4, 'x-amz-date': '20260102T000000Z' }),
      failsWith('date-scope-mismatch'),
    )
    assert.throws(
      () => verify({ ...version4, 'x-amz-credential': 'A/b/c' }),
      failsWith('form-field-malformed'),
    )
  })
})
