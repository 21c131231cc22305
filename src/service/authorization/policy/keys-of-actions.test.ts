import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CONDITION_KEYS } from './condition-keys.ts'
import { ACTIONS_OF_KEY, belongsToOneOf } from './keys-of-actions.ts'

/**
 * The keys that may stand beside every action. One that requests for some action never have belongs in `ACTIONS_OF_KEY` instead: beside such an action a
 * bare negation of it would always hold.
 */
const BESIDE_EVERY_ACTION = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:currenttime',
  'aws:epochtime',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltag',
  'aws:principaltype',
  'aws:referer',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:resourcetag',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:useragent',
  'aws:userid',
  'aws:username',
  'aws:viaawsservice',
  'aws:vpcsourceip',
  's3:accesspointnetworkorigin',
  's3:authtype',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:existingobjecttag',
  's3:resourceaccount',
  's3:signatureage',
  's3:signatureversion',
  's3:tlsversion',
  's3:x-amz-content-sha256',
  's3:x-amz-server-side-encryption-customer-algorithm',
]

describe('a condition key', () => {
  it('belongs to some actions, or is one of those that may stand beside every action', () => {
    assert.deepEqual(
      [...CONDITION_KEYS.keys()].filter((key) => !ACTIONS_OF_KEY.has(key)).sort(),
      BESIDE_EVERY_ACTION,
    )
    for (const key of BESIDE_EVERY_ACTION)
      assert.equal(
        belongsToOneOf(key, () => false),
        true,
        key,
      )
  })

  it('that belongs to some actions belongs to no other', () => {
    for (const [key, actions] of ACTIONS_OF_KEY) {
      assert.ok(CONDITION_KEYS.has(key), key)
      const names = new Set(actions.map((action) => action.toLowerCase()))
      assert.equal(
        belongsToOneOf(key, (name) => names.has(name)),
        true,
        key,
      )
      assert.equal(
        belongsToOneOf(key, (name) => !names.has(name)),
        false,
        key,
      )
    }
  })
})
