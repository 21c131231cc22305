import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { canonicalUserKey } from '../keyspace.ts'
import { createAccount } from './create-account.ts'
import { deleteAccount } from './delete-account.ts'
import { findAccountIds } from './find-accounts.ts'

const make = async (context: ReturnType<typeof memoryContext>, name: string) =>
  (await createAccount(context, name)).account

describe('findAccountIds', () => {
  it('finds accounts by canonical id, and leaves out ids that no account has', async () => {
    const context = memoryContext()
    const [one, two] = [await make(context, 'one'), await make(context, 'two')]
    const found = await findAccountIds(context, [
      one.canonicalUserId,
      'ab'.repeat(32),
      two.canonicalUserId,
      'x',
    ])
    assert.deepEqual(
      [...found],
      [
        [one.canonicalUserId, one.accountId],
        [two.canonicalUserId, two.accountId],
      ],
    )
  })

  it('finds accounts that were made before there was an index', async () => {
    const context = memoryContext()
    const accounts = []
    for (let number = 0; number < 120; number++) accounts.push(await make(context, `account ${number}`))
    await context.metadata.commit({
      deletes: accounts.map(({ canonicalUserId }) => canonicalUserKey(canonicalUserId)),
    })
    const found = await findAccountIds(
      context,
      accounts.map(({ canonicalUserId }) => canonicalUserId),
    )
    assert.equal(found.size, accounts.length)
    for (const { accountId, canonicalUserId } of accounts) assert.equal(found.get(canonicalUserId), accountId)
  })

  it('does not find an account that was deleted', async () => {
    const context = memoryContext()
    const { accountId, canonicalUserId } = await make(context, 'one')
    await deleteAccount(context, accountId)
    assert.equal((await findAccountIds(context, [canonicalUserId])).size, 0)
  })
})
