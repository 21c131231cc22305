import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OWNER, account, keyOf, lightsailBucket } from '../../../../test/authorization-world.ts'
import { requestFacts } from '../../../../test/request-facts.ts'
import type { S3Action } from '../../../model/s3/action.ts'
import { ANONYMOUS } from '../../principal.ts'
import type { AccessQuestion } from '../question.ts'
import type { RequestFacts } from '../request-facts.ts'
import { CONDITION_KEYS, openKeys } from './condition-keys.ts'
import { DecisionMemory } from './decision-memory.ts'

const NOW = Date.UTC(2030, 0, 2, 3, 4, 5, 678)

/** A request that says of all that a policy may ask for something else. */
const FULL: RequestFacts = {
  sender: {
    ...{ sourceIp: '203.0.113.9', isSecure: true, now: NOW, userAgent: 'tool/1', referer: 'https://a/' },
    ...{ authenticationType: 'REST-QUERY-STRING', signatureAgeMs: 1_234, tlsVersion: () => '1.3' },
  },
  given: {
    ...{ cannedAcl: 'g-acl', grantFullControl: 'g-full', grantRead: 'g-read', grantReadAcp: 'g-read-acp' },
    ...{ grantWrite: 'g-write', grantWriteAcp: 'g-write-acp', metadataDirective: 'g-directive' },
    ...{ encryption: 'g-encryption', encryptionKeyId: 'g-key', customerAlgorithm: 'g-customer' },
    ...{ storageClass: 'g-class', websiteRedirectLocation: 'g-redirect' },
  },
  listing: { prefix: 'l-prefix', delimiter: 'l-delimiter', maxKeys: 'l-max' },
  ...{ versionId: 'v-1', ifMatch: '"e1"', ifNoneMatch: '*', payloadHash: 'p-hash', createsObject: true },
  lock: { mode: 'k-mode', retainUntil: 'k-until', legalHold: 'k-hold' },
  requestTags: [
    { key: 'team', value: 'r-web' },
    { key: 'Team', value: 'r-other' },
  ],
  copySource: () => 'c-source',
}

const question = (
  request: Partial<RequestFacts> = {},
  more: Partial<AccessQuestion> = {},
): AccessQuestion => ({
  ...{ principal: account(OWNER), action: 's3:PutObject', bucket: lightsailBucket, objectKey: 'key' },
  ...{ request: { ...FULL, ...request }, memory: new DecisionMemory() },
  ...more,
})

function valuesOf(key: string, asked = question(), tagKey: string | null = null) {
  const { read } = CONDITION_KEYS.get(key) ?? {}
  assert.ok(read, key)
  return read(asked, tagKey)
}

/** What each key has for that request. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'aws:currenttime': ['2030-01-02T03:04:05.678Z'],
  'aws:epochtime': ['1893553445'],
  'aws:principalaccount': [OWNER],
  'aws:principalarn': [`arn:aws:iam::${OWNER}:root`],
  'aws:principalisawsservice': ['false'],
  'aws:principaltype': ['Account'],
  'aws:referer': ['https://a/'],
  'aws:requestedregion': ['us-east-1'],
  'aws:resourceaccount': [OWNER],
  'aws:securetransport': ['true'],
  'aws:sourceip': ['203.0.113.9'],
  'aws:useragent': ['tool/1'],
  'aws:userid': [OWNER],
  'aws:viaawsservice': ['false'],
  's3:authtype': ['REST-QUERY-STRING'],
  's3:delimiter': ['l-delimiter'],
  's3:if-match': ['"e1"'],
  's3:if-none-match': ['*'],
  's3:max-keys': ['l-max'],
  's3:object-lock-legal-hold': ['k-hold'],
  's3:object-lock-mode': ['k-mode'],
  's3:object-lock-retain-until-date': ['k-until'],
  's3:objectcreationoperation': ['true'],
  's3:prefix': ['l-prefix'],
  's3:requestobjecttagkeys': ['team', 'Team'],
  's3:resourceaccount': [OWNER],
  's3:signatureage': ['1234'],
  's3:signatureversion': ['AWS4-HMAC-SHA256'],
  's3:tlsversion': ['1.3'],
  's3:versionid': ['v-1'],
  's3:x-amz-acl': ['g-acl'],
  's3:x-amz-content-sha256': ['p-hash'],
  's3:x-amz-copy-source': ['c-source'],
  's3:x-amz-grant-full-control': ['g-full'],
  's3:x-amz-grant-read': ['g-read'],
  's3:x-amz-grant-read-acp': ['g-read-acp'],
  's3:x-amz-grant-write': ['g-write'],
  's3:x-amz-grant-write-acp': ['g-write-acp'],
  's3:x-amz-metadata-directive': ['g-directive'],
  's3:x-amz-server-side-encryption': ['g-encryption'],
  's3:x-amz-server-side-encryption-aws-kms-key-id': ['g-key'],
  's3:x-amz-server-side-encryption-customer-algorithm': ['g-customer'],
  's3:x-amz-storage-class': ['g-class'],
  's3:x-amz-website-redirect-location': ['g-redirect'],
}

/** What no request to this server has. */
const NEVER = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:multifactorauthage',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  's3:accesspointnetworkorigin',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]

/** What only somebody of a kind has. */
const OF_SOME = ['aws:multifactorauthpresent', 'aws:username']

const TAG_KEYS = ['aws:principaltag', 'aws:resourcetag', 's3:existingobjecttag', 's3:requestobjecttag']

describe('a condition key', () => {
  it('is one of these', () => {
    assert.deepEqual(
      [...CONDITION_KEYS.keys()].sort(),
      [...Object.keys(VALUES), ...NEVER, ...OF_SOME, ...TAG_KEYS].sort(),
    )
    const ofTags = [...CONDITION_KEYS].filter(([, { namesTag }]) => namesTag === true)
    assert.deepEqual(ofTags.map(([key]) => key).sort(), TAG_KEYS)
    const ofNone = [...CONDITION_KEYS].filter(([, { isNever }]) => isNever === true)
    assert.deepEqual(
      ofNone.map(([key]) => key).sort(),
      [...NEVER, 'aws:principaltag', 'aws:resourcetag'].sort(),
    )
  })

  for (const [key, values] of Object.entries(VALUES))
    it(`${key} is ${values.join(' and ')} of a request that has all`, () =>
      assert.deepEqual(valuesOf(key), values))

  for (const key of NEVER) it(`${key} is nothing of any request`, () => assert.deepEqual(valuesOf(key), []))

  const ALWAYS = new Set([
    ...['aws:currenttime', 'aws:epochtime', 'aws:securetransport', 'aws:sourceip', 'aws:principaltype'],
    ...['aws:principalisawsservice', 'aws:viaawsservice', 'aws:requestedregion'],
    ...['aws:resourceaccount', 's3:resourceaccount'],
  ])
  it('is nothing of an anonymous request that says nothing, but for its time, where it comes from and what bucket it is about', () => {
    const plain = question(requestFacts(), { principal: ANONYMOUS })
    const bare = { ...plain, request: requestFacts() }
    for (const key of Object.keys(VALUES))
      assert.deepEqual(valuesOf(key, bare)?.length, ALWAYS.has(key) ? 1 : 0, key)
    assert.deepEqual(valuesOf('aws:securetransport', bare), ['false'])
  })

  it('says who asks, as it is told of itself', () => {
    const principal = keyOf({ rights: ['read'] })
    assert.deepEqual(valuesOf('aws:principalarn', question({}, { principal })), [
      `arn:aws:iam::${OWNER}:user/keys/app`,
    ])
    assert.match(String(valuesOf('aws:userid', question({}, { principal }))), /^AIDA/)
  })

  it('says of what kind who asks is, what its user is called, and of temporary credentials that no code was given', () => {
    const of = (principal: AccessQuestion['principal']) =>
      ['aws:principaltype', 'aws:username', 'aws:multifactorauthpresent'].map((key) =>
        valuesOf(key, question({}, { principal })),
      )
    const ofAccount = { accountId: OWNER, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }
    const bucketKey = { type: 'bucket-key', ...ofAccount, bucketName: 'mine', bucketId: 'b' } as const
    const resource = { type: 'resource', ...ofAccount, resourceName: 'web', region: 'us-east-1' } as const
    assert.deepEqual(of(account(OWNER)), [['Account'], [], []])
    assert.deepEqual(of(keyOf({ rights: ['read'] })), [['User'], ['app'], []])
    assert.deepEqual(of(bucketKey), [['User'], ['mine'], []])
    assert.deepEqual(of(resource), [['AssumedRole'], [], ['false']])
    assert.deepEqual(of(ANONYMOUS), [['Anonymous'], [], []])
  })

  it('of a bucket is nothing where a request is about none', () => {
    for (const key of ['aws:resourceaccount', 's3:resourceaccount', 'aws:requestedregion'])
      assert.deepEqual(valuesOf(key, question({}, { bucket: null })), [], key)
  })

  it('says by which version of signatures a request is signed', () => {
    const sender = { ...FULL.sender, signatureVersion: 'AWS' as const }
    assert.deepEqual(valuesOf('s3:signatureversion', question({ sender })), ['AWS'])
  })

  const DELETIONS: readonly S3Action[] = ['s3:DeleteObject', 's3:DeleteObjectVersion']
  it('of If-Match names what is there: * names nothing, but in a deletion', () => {
    const of = (ifMatch: string, action: S3Action) =>
      valuesOf('s3:if-match', question({ ifMatch }, { action }))
    for (const text of ['*', '"*"', ' * ', '"e1", *']) assert.deepEqual(of(text, 's3:PutObject'), [], text)
    assert.deepEqual(of('"e1", "e2"', 's3:PutObject'), ['"e1", "e2"'])
    for (const action of DELETIONS) {
      for (const text of ['*', '"*"', ' * ']) assert.deepEqual(of(text, action), ['*'], text)
      assert.deepEqual(of('"e1", *', action), ['"e1", *'])
      assert.deepEqual(of('"e1"', action), ['"e1"'])
    }
  })

  it('of If-None-Match is * or nothing', () => {
    const of = (ifNoneMatch: string) => valuesOf('s3:if-none-match', question({ ifNoneMatch }))
    assert.deepEqual([of('*'), of(' * '), of('"e1"'), of('"*"')], [['*'], ['*'], [], []])
  })

  it('of a tag is the value of that tag, in its own case of letters', () => {
    assert.deepEqual(valuesOf('s3:requestobjecttag', question(), 'team'), ['r-web'])
    assert.deepEqual(valuesOf('s3:requestobjecttag', question(), 'Team'), ['r-other'])
    assert.deepEqual(valuesOf('s3:requestobjecttag', question(), 'TEAM'), [])
    const object = { ownerAccountId: OWNER, tags: [{ key: 'team', value: 'o-web' }] }
    assert.deepEqual(valuesOf('s3:existingobjecttag', question({}, { object }), 'team'), ['o-web'])
    assert.deepEqual(valuesOf('s3:existingobjecttag', question({}, { object }), 'Team'), [])
    assert.deepEqual(valuesOf('s3:existingobjecttag', question({}, { object: null }), 'team'), [])
    assert.equal(valuesOf('s3:existingobjecttag', question(), 'team'), null)
    const untagged = { ...question(), request: requestFacts() }
    assert.deepEqual(valuesOf('s3:requestobjecttagkeys', untagged), [])
  })

  it('of tags and locks is unknown as long as the document that has them was not read', () => {
    const waiting = question({ awaitsDocument: true })
    const unknown = [...Object.keys(VALUES), ...NEVER, ...TAG_KEYS].filter(
      (key) => key !== 's3:existingobjecttag' && valuesOf(key, waiting, 'team') === null,
    )
    assert.deepEqual(unknown.sort(), [
      's3:object-lock-legal-hold',
      's3:object-lock-mode',
      's3:object-lock-retain-until-date',
      's3:requestobjecttag',
      's3:requestobjecttagkeys',
    ])
  })
})

describe('the condition keys that a question without a request leaves open', () => {
  /** Those that who asks for what, and when, tells. */
  const settled = [
    ...NEVER,
    ...['aws:currenttime', 'aws:epochtime', 'aws:principalaccount', 'aws:principalarn', 'aws:userid'],
    ...['s3:objectcreationoperation', 's3:prefix', 's3:versionid', 's3:resourceaccount'],
    ...['aws:principaltype', 'aws:username', 'aws:multifactorauthpresent', 'aws:principalisawsservice'],
    ...['aws:viaawsservice', 'aws:resourceaccount', 'aws:requestedregion', 'aws:principaltag'],
    'aws:resourcetag',
  ]
  const all = [...CONDITION_KEYS.keys()].filter((key) => !settled.includes(key))
  const OF_SIGNATURE = ['s3:authtype', 's3:signatureage', 's3:signatureversion']
  for (const isAddressKnown of [true, false])
    for (const isSigned of [true, false])
      it(`are all but those that it tells${isAddressKnown ? ', with the address,' : ''} of somebody ${isSigned ? 'with' : 'without'} a key`, () =>
        assert.deepEqual(
          [...openKeys({ isAddressKnown, isSigned })].sort(),
          all
            .filter((key) => !(isAddressKnown && key === 'aws:sourceip'))
            .filter((key) => isSigned || !OF_SIGNATURE.includes(key))
            .sort(),
        ))
})
