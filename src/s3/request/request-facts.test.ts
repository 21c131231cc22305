import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { parseRequestHead } from '../../auth/request-head.ts'
import type { UploadRecord } from '../../service/records/upload.ts'
import type { GivenFacts } from '../../service/authorization/request-facts.ts'
import type { SignatureFacts } from '../authenticate.ts'
import { parseAddress } from './address.ts'
import { factsOfCompletion, factsOfContinuation, requestFacts } from './request-facts.ts'

const client = { address: '203.0.113.9', isSecure: true }

function read(headers: Readonly<Record<string, string>>, target = '/mine/key') {
  const rawHeaders = Object.entries({ host: 'localhost', ...headers }).flat()
  return parseRequestHead({ method: 'PUT', url: target, rawHeaders })
}

function factsOf(headers: Readonly<Record<string, string>>, signature: SignatureFacts = {}, target?: string) {
  const head = read(headers, target)
  const exchange = { client, receivedAt: 7, request: { socket: new Socket() } } as never
  return requestFacts({
    exchange,
    address: parseAddress(head, null),
    sent: head.headers,
    headers: head.headers,
    signature,
  })
}

const upload = (more: Partial<UploadRecord>) => more as UploadRecord

describe('the facts of a request', () => {
  it('tell who sends it and how it is signed', () => {
    const facts = factsOf({ 'user-agent': 'agent', referer: 'page' }, { signatureAgeMs: 3 })
    const { tlsVersion, ...sender } = facts.sender
    assert.equal(tlsVersion?.(), null)
    assert.deepEqual(sender, {
      sourceIp: '203.0.113.9',
      isSecure: true,
      now: 7,
      userAgent: 'agent',
      referer: 'page',
      signatureAgeMs: 3,
    })
  })

  it('have no tags of a header that is no list of them, and refuse nothing', () => {
    for (const text of ['=value', 'aws:reserved=1', '%zz', 'twice=1&twice=2'])
      assert.deepEqual(factsOf({ 'x-amz-tagging': text }).requestTags, [], text)
    assert.deepEqual(factsOf({ 'x-amz-tagging': 'key=value' }).requestTags, [{ key: 'key', value: 'value' }])
  })

  it('tell an ACL that makes something public, by its name or by a grant to a group that is', () => {
    const group = (name: string) => `uri="http://acs.amazonaws.com/groups/${name}"`
    const everyone = group('global/AllUsers')
    const given: readonly (readonly [header: string, text: string, isPublic: boolean])[] = [
      ...['public-read', 'public-read-write', 'authenticated-read'].map(
        (name) => ['x-amz-acl', name, true] as const,
      ),
      ...['private', 'log-delivery-write', 'bucket-owner-read', 'none-such'].map(
        (name) => ['x-amz-acl', name, false] as const,
      ),
      ...['full-control', 'read', 'read-acp', 'write', 'write-acp'].map(
        (permission) => [`x-amz-grant-${permission}`, everyone, true] as const,
      ),
      ['x-amz-grant-read', `id="x", ${group('global/AuthenticatedUsers')}`, true],
      ['x-amz-grant-read', `nonsense, ${everyone}`, true],
      ['x-amz-grant-read', group('s3/LogDelivery'), false],
      ['x-amz-grant-read', group('global/AllUsersButOne'), false],
      ['x-amz-grant-read', 'id="http://acs.amazonaws.com/groups/global/AllUsers"', false],
    ]
    for (const [header, text, isPublic] of given)
      assert.equal(factsOf({ [header]: text }).givesPublicAcl, isPublic, `${header}: ${text}`)
    assert.equal(factsOf({}).givesPublicAcl, false)
  })

  it('have no tags of a copy but where it replaces those of its source', () => {
    const tagsOf = (headers: Readonly<Record<string, string>>) =>
      factsOf({ 'x-amz-tagging': 'key=value', 'x-amz-copy-source': '/mine/other', ...headers }).requestTags
    assert.equal(tagsOf({}), undefined)
    assert.equal(tagsOf({ 'x-amz-tagging-directive': 'COPY' }), undefined)
    assert.deepEqual(tagsOf({ 'x-amz-tagging-directive': 'REPLACE' }), [{ key: 'key', value: 'value' }])
  })

  const headers: readonly (readonly [header: string, member: keyof GivenFacts])[] = [
    ['x-amz-acl', 'cannedAcl'],
    ['x-amz-grant-full-control', 'grantFullControl'],
    ['x-amz-grant-read', 'grantRead'],
    ['x-amz-grant-read-acp', 'grantReadAcp'],
    ['x-amz-grant-write', 'grantWrite'],
    ['x-amz-grant-write-acp', 'grantWriteAcp'],
    ['x-amz-metadata-directive', 'metadataDirective'],
    ['x-amz-server-side-encryption', 'encryption'],
    ['x-amz-server-side-encryption-aws-kms-key-id', 'encryptionKeyId'],
    ['x-amz-server-side-encryption-customer-algorithm', 'customerAlgorithm'],
    ['x-amz-storage-class', 'storageClass'],
    ['x-amz-website-redirect-location', 'websiteRedirectLocation'],
  ]
  for (const [header, member] of headers)
    it(`have what ${header} gives as ${member}, and nothing without it`, () => {
      assert.equal(factsOf({ [header]: 'given' }).given[member], 'given')
      assert.equal(factsOf({}).given[member], undefined)
    })

  it('have what a listing asks for, and the version', () => {
    const target = '/mine/key?prefix=p&delimiter=d&max-keys=5&versionId=v'
    const { listing, versionId } = factsOf({}, {}, target)
    assert.deepEqual(
      { listing, versionId },
      {
        listing: { prefix: 'p', delimiter: 'd', maxKeys: '5' },
        versionId: 'v',
      },
    )
    assert.equal(factsOf({}).versionId, null)
  })

  it('have the instant of a retention, in whichever form the header has it', () => {
    const of = (text: string) => factsOf({ 'x-amz-object-lock-retain-until-date': text }).lock.retainUntil
    assert.equal(of('2030-01-02T00:00:00Z'), '2030-01-02T00:00:00Z')
    assert.equal(of('Wed, 02 Jan 2030 00:00:00 GMT'), '2030-01-02T00:00:00.000Z')
    assert.equal(of('soon'), 'soon')
  })

  it('say of a presigned URL without a hash that it does not cover the body', () => {
    const presigned = { authenticationType: 'REST-QUERY-STRING' } as const
    const hash = 'ab'.repeat(32)
    assert.equal(factsOf({}, presigned).payloadHash, 'UNSIGNED-PAYLOAD')
    assert.equal(factsOf({ 'x-amz-content-sha256': '' }, presigned).payloadHash, 'UNSIGNED-PAYLOAD')
    assert.equal(factsOf({ 'x-amz-content-sha256': hash }, presigned).payloadHash, hash)
    assert.equal(factsOf({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }).payloadHash, 'UNSIGNED-PAYLOAD')
    assert.equal(factsOf({}).payloadHash, null)
  })
})

describe('the facts of a request that goes on with an upload', () => {
  const givenHeaders = { 'x-amz-acl': 'public-read', 'x-amz-object-lock-mode': 'GOVERNANCE' }

  it('are those that it was begun with, whatever the request says', () => {
    const { headers } = read({ 'x-amz-acl': 'private', 'x-amz-storage-class': 'STANDARD_IA' })
    const { given, lock, requestTags } = factsOfContinuation(headers, upload({ givenHeaders }))
    assert.equal(given.cannedAcl, 'public-read')
    assert.equal(given.storageClass, undefined)
    assert.equal(lock.mode, 'GOVERNANCE')
    assert.deepEqual(requestTags, [])
  })

  it('make public what the upload gives to all, when it is completed', () => {
    const { headers } = read({})
    const completed = (of: Partial<UploadRecord>) => factsOfCompletion(factsOf({}), headers, upload(of))
    assert.equal(completed({ givenHeaders }).givesPublicAcl, true)
    assert.equal(completed({}).givesPublicAcl, false)
  })
})
