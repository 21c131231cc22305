import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { resolveGrants, type NamedGrant } from './resolve-grants.ts'

const context = memoryContext()
const { account } = await createAccount(context, 'owner')
const resolve = (...grantees: readonly NamedGrant['grantee'][]) =>
  resolveGrants(
    context,
    grantees.map((grantee) => ({ grantee, permission: 'READ' })),
  )

const group = { type: 'group', group: 'AllUsers' } as const
const known = { type: 'canonical-user', id: account.canonicalUserId } as const
const unknown = { type: 'canonical-user', id: 'f'.repeat(64) } as const
const email = { type: 'email' } as const

describe('the grants of an ACL', () => {
  it('go to groups and to accounts that there are', async () => {
    assert.deepEqual(await resolve(), [])
    const toAccount = { grantee: { type: 'account', accountId: account.accountId }, permission: 'READ' }
    assert.deepEqual(await resolve(group, known, known), [
      { grantee: group, permission: 'READ' },
      toAccount,
      toAccount,
    ])
  })

  const refused: readonly (readonly [
    what: string,
    grantees: readonly NamedGrant['grantee'][],
    kind: string,
    fields: object,
  ])[] = [
    ['to an account that there is not', [known, unknown], 'NoSuchGrantee', { canonicalUserId: unknown.id }],
    ['to what is no id', [{ ...unknown, id: 'x' }], 'NoSuchGrantee', { canonicalUserId: 'x' }],
    ['to an e-mail address', [email], 'GranteeByEmail', {}],
    ['of which the first is wrong', [email, unknown], 'GranteeByEmail', {}],
    ['a hundred and one', Array(101).fill(known), 'TooManyGrants', { countMax: 100 }],
    ['too many, whatever is wrong with them', Array(101).fill(email), 'TooManyGrants', { countMax: 100 }],
  ]
  for (const [what, grantees, kind, fields] of refused)
    it(`are not ${what}`, () => assert.rejects(resolve(...grantees), { kind, fields }))

  it('are a hundred at most', async () => {
    assert.equal((await resolve(...Array<typeof known>(100).fill(known))).length, 100)
  })
})
