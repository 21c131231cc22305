import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UploadRecord } from '../../service/records/upload.ts'
import { givenByUpload, givenHeaders, withoutGiven } from './given-headers.ts'

describe('the headers that an upload gives its object', () => {
  const given = {
    'x-amz-acl': 'private',
    'x-amz-grant-read': 'id=x',
    'x-amz-tagging': 'a=b',
    'x-amz-object-lock-mode': 'GOVERNANCE',
    'x-amz-server-side-encryption': 'AES256',
    'x-amz-server-side-encryption-customer-algorithm': 'AES256',
    'x-amz-storage-class': 'STANDARD',
    'x-amz-website-redirect-location': '/',
  }
  const others = {
    host: 'a',
    'x-amz-acl-x': 'x',
    'x-amz-tagging-directive': 'COPY',
    'x-amz-server-side-encryption-customer-key': 'secret',
    'x-amz-meta-x-amz-acl': 'x',
    'x-amz-date': 'now',
  }
  it('are those of its rights, its tags, its locks and how it is kept', () => {
    assert.deepEqual(givenHeaders({ ...given, ...others }), given)
    assert.equal(givenHeaders(others), undefined)
    assert.equal(givenHeaders({ 'x-amz-acl': ['a', 'b'] }), undefined)
    assert.deepEqual(withoutGiven({ ...given, ...others }), others)
  })

  it('need rights of their own where they say more than how it is kept', () => {
    const of = (record: object) => givenByUpload(record as UploadRecord)
    const nothing = { givesAcl: false, isTagged: false, isRetained: false, isHeld: false }
    assert.deepEqual(of({}), nothing)
    assert.deepEqual(of({ tags: [], givenHeaders: { 'x-amz-storage-class': 'STANDARD' } }), nothing)
    assert.deepEqual(of({ givenHeaders: { 'x-amz-acl': 'private' } }), { ...nothing, givesAcl: true })
    assert.deepEqual(of({ givenHeaders: { 'x-amz-grant-read': 'x' } }), { ...nothing, givesAcl: true })
    assert.deepEqual(of({ tags: [{ key: 'a', value: '' }] }), { ...nothing, isTagged: true })
    assert.deepEqual(of({ retention: { mode: 'GOVERNANCE' } }), { ...nothing, isRetained: true })
    assert.deepEqual(of({ legalHold: false }), { ...nothing, isHeld: true })
  })
})
