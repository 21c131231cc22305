import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from './create-account.ts'
import { listAccountPage, listAccounts } from './read-accounts.ts'

describe('a page of accounts', () => {
  it('has a hundred of them by id, and tells the next page where there is one', async () => {
    const context = memoryContext()
    assert.deepEqual(await listAccountPage(context), { accounts: [] })
    for (let number = 0; number < 100; number++) await createAccount(context, `account ${number}`)
    assert.equal((await listAccountPage(context)).nextPageToken, undefined)
    await createAccount(context, 'one more')
    const all = await listAccounts(context)
    const first = await listAccountPage(context, '')
    assert.deepEqual(first, { accounts: all.slice(0, 100), nextPageToken: all[99]?.accountId })
    assert.deepEqual(await listAccountPage(context, first.nextPageToken), { accounts: all.slice(100) })
  })

  it('begins nowhere but behind an account', async () => {
    for (const token of ['1', 'one more', '1234567890123'])
      await assert.rejects(listAccountPage(memoryContext(), token), { kind: 'InvalidPageToken' })
  })
})
