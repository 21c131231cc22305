import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { letsOthersIn } from './acls.ts'

const Owner = { ID: 'me' }
const to = (Grantee: object): Parameters<typeof letsOthersIn>[0] => ({
  Owner,
  Grants: [{ Permission: 'READ', Grantee: { Type: 'CanonicalUser', ...Grantee } }],
})

describe('an ACL', () => {
  it('lets others in where it names a group, an address or another account', () => {
    for (const grantee of [
      { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
      { EmailAddress: 'a@example.com' },
      { ID: 'another' },
    ])
      assert.ok(letsOthersIn(to(grantee)), JSON.stringify(grantee))
  })

  it('does not where it names the owner, nobody, or nothing', () => {
    for (const grantee of [{ ID: 'me' }, {}, { ID: '', URI: '' }])
      assert.ok(!letsOthersIn(to(grantee)), JSON.stringify(grantee))
    assert.ok(!letsOthersIn({ Owner }))
  })
})
