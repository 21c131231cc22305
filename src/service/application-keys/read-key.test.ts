import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { ServiceContext } from '../context.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { readKey } from './read-key.ts'
import { rotateKey } from './rotate-key.ts'

async function setUp() {
  const context = memoryContext()
  const { accountId } = (await createAccount(context, 'readers')).account
  const caller = { accountId, region: 'us-east-1' }
  await createKey(context, caller, { name: 'app', rights: ['read'] })
  /** Another server's view of the store, where something happens after its first reading. */
  const whileReading = (meanwhile: () => Promise<unknown>): ServiceContext => {
    let readings = 0
    const { metadata } = context
    const getMany: typeof metadata.getMany = async (keys) => {
      const entries = await metadata.getMany(keys)
      if (readings++ === 0) await meanwhile()
      return entries
    }
    const slow = new Proxy(metadata, {
      get: (target, name) => {
        const member: unknown = name === 'getMany' ? getMany : Reflect.get(target, name)
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
    return { ...context, metadata: slow }
  }
  return { context, caller, whileReading }
}

describe('the reading of an application key by its name', () => {
  it('finds one whose id was replaced by other servers meanwhile', async () => {
    const { context, caller, whileReading } = await setUp()
    let accessKeyId = ''
    const slow = whileReading(async () => {
      // The first rotation lets the old id go on, the second one takes it away.
      for (let count = 0; count < 2; count++)
        accessKeyId = (await rotateKey(context, caller, 'app', { retireInSeconds: 0 })).key.accessKeyId
    })
    assert.equal((await readKey(slow, caller.accountId, 'app')).record.accessKeyId, accessKeyId)
  })

  it('finds none that was deleted meanwhile', async () => {
    const { context, caller, whileReading } = await setUp()
    const slow = whileReading(() => deleteKey(context, caller, 'app'))
    await assert.rejects(readKey(slow, caller.accountId, 'app'), { kind: 'NoSuchApplicationKey' })
  })
})
