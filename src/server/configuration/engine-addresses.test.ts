import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSharedByMachines, storeFolders } from '../engines.ts'
import { addressFormOf, BLOB_ADDRESSES, METADATA_ADDRESSES, schemeOf } from './engine-addresses.ts'

describe('the address of an engine', () => {
  it('is shown with the scheme that it is found by', () => {
    for (const [scheme, { shown, pattern }] of Object.entries({ ...METADATA_ADDRESSES, ...BLOB_ADDRESSES })) {
      assert.equal(schemeOf(shown), scheme)
      assert.match(shown, pattern)
    }
  })

  it('may call PostgreSQL by either of its schemes', () => {
    assert.equal(addressFormOf('postgresql://who@db/data'), METADATA_ADDRESSES.postgres)
    assert.equal(addressFormOf('mysql://who@db/data'), undefined)
  })

  it('tells what machines may share, and which folders are of this one', () => {
    const addresses = ['lmdb:/a', 'memory:', 'postgres://who@db/data', 'files:/b', 's3://bucket', 'no:/c']
    assert.deepEqual(addresses.filter(isSharedByMachines), ['postgres://who@db/data'])
    assert.deepEqual(storeFolders(...addresses), ['/a', '/b'])
  })
})
