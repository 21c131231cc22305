import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { roleFaultsOf, roleInputOf, type RoleDraft } from './role-draft.ts'

const draft: RoleDraft = {
  name: 'deploy',
  access: 'read',
  mayDelete: true,
  buckets: ['site'],
  prefixes: '',
  networks: '',
  end: 'never',
  day: '',
  sessionSeconds: 3_600,
  hasTrust: false,
  issuer: '',
  audience: '',
  subjects: '',
}
const trusted = {
  hasTrust: true,
  issuer: 'https://issuer.example.org',
  audience: 'lugsail',
  subjects: ' repo:acme/* \n\n',
}

describe('a role as it is typed', () => {
  it('is trusted to nobody elsewhere unless that is chosen', () => {
    assert.deepEqual(roleInputOf({ ...draft, ...trusted, hasTrust: false }), {
      name: 'deploy',
      rights: ['read', 'list'],
      buckets: ['site'],
      sessionSecondsMax: 3_600,
    })
    assert.deepEqual(roleInputOf({ ...draft, ...trusted }).trusts, [
      { issuer: 'https://issuer.example.org', audiences: ['lugsail'], subjects: ['repo:acme/*'] },
    ])
  })

  it('says whose tokens count, where any do', () => {
    assert.deepEqual(roleFaultsOf({ ...draft, hasTrust: true }, 0), {
      issuer: true,
      audience: true,
      subjects: true,
    })
    assert.deepEqual(roleFaultsOf({ ...draft, ...trusted }, 0), {})
    assert.deepEqual(roleFaultsOf(draft, 0), {})
  })

  it('has a name as IAM knows them', () => {
    assert.deepEqual(roleFaultsOf({ ...draft, name: 'a+b=c,d' }, 0), {})
    assert.deepEqual(roleFaultsOf({ ...draft, name: 'a b' }, 0), { name: true })
  })
})
