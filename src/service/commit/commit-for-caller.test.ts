import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { CredentialState } from '../admission.ts'
import { createKey } from '../application-keys/create-key.ts'
import { updateKey, type KeyChange } from '../application-keys/update-key.ts'
import { lookUpAccess } from '../credentials/look-up-access.ts'
import { createRole } from '../roles/create-role.ts'
import { updateRole } from '../roles/update-role.ts'
import { assumeRole } from '../sessions/assume-role.ts'
import { commitForCaller } from './commit-for-caller.ts'

const ROW = Buffer.from('changed by the caller')

async function setUp() {
  const context = memoryContext()
  const { accountId } = (await createAccount(context, 'callers')).account
  const caller = { accountId, region: 'us-east-1' }
  const { key } = await createKey(context, caller, { name: 'whole', rights: ['full'] })
  await createRole(context, caller, { name: 'whole', rights: ['full'] })
  const { credential } = await lookUpAccess(context, key.accessKeyId, null)
  assert.ok(credential)
  const { credentials } = await assumeRole(context, credential, {
    roleArn: `arn:aws:iam::${accountId}:role/whole`,
    sessionName: 'job',
    address: '127.0.0.1',
  })
  const taken = await lookUpAccess(context, credentials.accessKeyId, null, credentials.sessionToken)
  assert.ok(taken.credential)
  const change = (to: Omit<KeyChange, 'name'>) => updateKey(context, caller, { name: 'whole', ...to })
  /** A change that is asked for with a key which `meanwhile` changes before the commit. */
  const changeWhile = async (credential: CredentialState, meanwhile: () => Promise<unknown>) => {
    let attempts = 0
    await commitForCaller(context, { credential }, 'a test', async () => {
      if (attempts++ === 0) await meanwhile()
      return { change: { sets: [{ key: ROW, value: Buffer.from('x') }] }, result: undefined }
    })
    return attempts
  }
  return { context, caller, changeWhile, change, key: credential.state, session: taken.credential.state }
}

describe('a change that a caller asked for', () => {
  it('is made in a further attempt when its key was given what changes nothing here', async () => {
    const { changeWhile, change, key } = await setUp()
    assert.equal(await changeWhile(key, () => change({ description: 'renamed' })), 2)
  })

  it('is not made when its key was switched off or lost its rights meanwhile, a session’s key or role, too', async () => {
    const stopped = { kind: 'AccessKeyStopped' }
    const denied = { kind: 'AccessDenied' }
    for (const of of ['key', 'session'] as const) {
      const off = await setUp()
      await assert.rejects(
        off.changeWhile(off[of], () => off.change({ status: 'Inactive' })),
        stopped,
      )
      const less = await setUp()
      await assert.rejects(
        less.changeWhile(less[of], () => less.change({ rights: ['read'] })),
        denied,
      )
      for (const { context } of [off, less]) assert.deepEqual(await context.metadata.getMany([ROW]), [null])
    }
    for (const [meanwhile, refusal] of [
      [{ status: 'Inactive' }, stopped],
      [{ endsSessions: true }, stopped],
      [{ rights: ['read'] }, denied],
    ] as const) {
      const { context, caller, changeWhile, session } = await setUp()
      await assert.rejects(
        changeWhile(session, () => updateRole(context, caller, { name: 'whole', ...meanwhile })),
        refusal,
      )
    }
  })
})
