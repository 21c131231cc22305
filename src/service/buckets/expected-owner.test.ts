import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { checkExpectedOwner } from './expected-owner.ts'

const context = memoryContext()
const { account } = await createAccount(context, 'owner')
const { account: other } = await createAccount(context, 'other')
const check = (expected: string | readonly string[] | undefined) =>
  checkExpectedOwner(context, { accountId: account.accountId }, expected)

describe('the owner that a request expects of a bucket', () => {
  for (const [what, expected] of [
    ['nobody', undefined],
    ['its account', account.accountId],
    ['its account, by the canonical id', account.canonicalUserId],
  ] as const)
    it(`may be ${what}`, async () => {
      await check(expected)
    })

  for (const [what, expected] of [
    ['another account', other.accountId],
    ['another account, by the canonical id', other.canonicalUserId],
    ['what has the length of a canonical id', 'x'.repeat(64)],
    ['two at once', [account.accountId, account.accountId]],
  ] as const)
    it(`is not ${what}`, () => assert.rejects(check(expected), { kind: 'AccessDenied' }))

  for (const expected of ['', '0', '00000000000', '0000000000000', 'x'.repeat(63)])
    it(`is an account: "${expected}" is none`, () =>
      assert.rejects(check(expected), { kind: 'InvalidExpectedOwner', fields: { expected } }))
})
