import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fingerprint, readAccessParameters, readBucketParameters } from './parameters.ts'
import { StatusError } from './status.ts'

const refused = (act: () => unknown, pattern: RegExp): void =>
  assert.throws(act, (error) => {
    assert.ok(error instanceof StatusError)
    assert.equal(error.status, 'INVALID_ARGUMENT')
    assert.match(error.message, pattern)
    return true
  })

describe('the parameters of a BucketClass', () => {
  it('have a value for each that is absent', () => {
    assert.deepEqual(readBucketParameters({}), {
      bundleId: 'small_1_0',
      versioning: false,
      tags: [],
      region: undefined,
      forceDelete: false,
    })
  })

  it('are read with their spaces and equals signs', () => {
    const { tags } = readBucketParameters({ tags: ' team = data , query=a=b,empty=' })
    assert.deepEqual(tags, [
      { key: 'team ', value: ' data' },
      { key: 'query', value: 'a=b' },
      { key: 'empty', value: '' },
    ])
  })

  it('are known again by what they mean, in whatever order and however much is left out', () => {
    const asked = (parameters: Record<string, string>): string =>
      fingerprint(readBucketParameters(parameters))
    assert.equal(asked({}), asked({ versioning: 'disabled', bundle: 'small_1_0', forceDelete: 'false' }))
    assert.equal(asked({ bundle: 'x', versioning: 'enabled' }), asked({ versioning: 'enabled', bundle: 'x' }))
    assert.notEqual(asked({}), asked({ versioning: 'enabled' }))
    assert.notEqual(asked({}), asked({ region: 'eu-west-1' }))
    // Kept in tags of buckets and keys that are there: another digest would make all of them strangers.
    assert.equal(asked({}), 'd692920ee71195c05f64f3807b96da5d')
  })

  it('are refused by name', () => {
    refused(() => readBucketParameters({ __proto__x: '1' }), /got "__proto__x"/)
    refused(() => readBucketParameters({ tags: 'a=1,,b=2' }), /^parameters.tags: expected a list/)
    refused(() => readBucketParameters({ tags: '=1' }), /^parameters.tags: expected KEY=VALUE/)
    refused(() => readBucketParameters({ region: '' }), /^parameters.region: /)
  })
})

describe('the parameters of a BucketAccessClass', () => {
  it('are lists and times', () => {
    assert.deepEqual(readAccessParameters({ rights: 'read,list', prefixes: 'a b/, c/', expiresIn: '2w' }), {
      rights: ['read', 'list'],
      prefixes: ['a b/', 'c/'],
      sourceNetworks: undefined,
      expiresInSeconds: 1_209_600,
    })
  })

  it('are refused by name', () => {
    for (const expiresIn of ['', '0d', '-1d', '1.5d', '1y', '90', 'd', '9999999999d'])
      refused(() => readAccessParameters({ expiresIn }), /^parameters.expiresIn: /)
    refused(() => readAccessParameters({ rights: 'read list' }), /^parameters.rights: /)
    refused(() => readAccessParameters({ policy: '{}' }), /got "policy"/)
  })
})
