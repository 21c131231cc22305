import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { Change, CommitOutcome, Key } from '../../storage/metadata-store.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createKey } from '../application-keys/create-key.ts'
import { deleteKey } from '../application-keys/delete-key.ts'
import { updateKey } from '../application-keys/update-key.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import type { Caller } from '../caller.ts'
import { createRole } from '../roles/create-role.ts'
import { deleteRole } from '../roles/delete-role.ts'
import { updateRole } from '../roles/update-role.ts'
import { assumeRole } from '../sessions/assume-role.ts'
import { getSessionToken } from '../sessions/get-session-token.ts'
import type { TemporaryCredentials } from '../sessions/session-tokens.ts'
import { lookUpAccess } from './look-up-access.ts'

/** Tells, as the embedded engine does, whether anything was committed. */
class MarkedStore extends MemoryMetadataStore {
  #mark = {}
  reads = 0

  stateMark(): object {
    return this.#mark
  }

  override getMany(keys: readonly Key[]) {
    this.reads++
    return super.getMany(keys)
  }

  override async commit(change: Change): Promise<CommitOutcome> {
    try {
      return await super.commit(change)
    } finally {
      this.#mark = {}
    }
  }
}

const BUCKET = 'photos'
const HOUR_MS = 3_600_000

describe('who asks, looked up once for each state of the store', () => {
  const clock = new ManualClock()
  const metadata = new MarkedStore()
  const context = memoryContext({ clock, metadata })
  let caller: Caller
  let count = 0
  let name = ''
  let accessKeyId = ''
  let sessions: readonly TemporaryCredentials[] = []

  beforeEach(async () => {
    name = `key-${++count}`
    const { account } = await createAccount(context, name)
    caller = { accountId: account.accountId, region: 'us-east-1' }
    if (count === 1) await createBucket(context, caller, { bucketName: BUCKET, bundleId: 'small_1_0' })
    const { key } = await createKey(context, caller, { name, rights: ['read'], expiresInSeconds: 7_200 })
    await createRole(context, caller, { name, rights: ['read'] })
    accessKeyId = key.accessKeyId
    const { credential } = await lookUpAccess(context, accessKeyId, null)
    assert.ok(credential)
    const roleArn = `arn:aws:iam::${caller.accountId}:role/${name}`
    const taken = await assumeRole(context, credential, {
      roleArn,
      sessionName: 'job',
      address: '127.0.0.1',
      seconds: 900,
    })
    sessions = [getSessionToken(context, credential, 3_600), taken.credentials]
    // Everything that is looked up below is kept by now.
    for (let round = 0; round < 3; round++) assert.deepEqual(await refusals(), [null, null, null])
  })

  const lookUp = (shown: Partial<TemporaryCredentials>) =>
    lookUpAccess(context, shown.accessKeyId ?? null, BUCKET, shown.sessionToken)
  /** Why the key, its session and its role's session are refused; null: they are not. */
  const refusals = async () =>
    await Promise.all(
      [{ accessKeyId }, ...sessions].map(async (shown) => (await lookUp(shown)).refusal?.why ?? null),
    )

  it('is the same until something is committed, and needs no read', async () => {
    const before = metadata.reads
    const [first, second] = [await lookUp(sessions[1] ?? {}), await lookUp(sessions[1] ?? {})]
    assert.ok(first.credential && first.bucket)
    assert.equal(second, first)
    assert.equal(metadata.reads, before)
  })

  for (const [what, act] of [
    ['a key that is switched off', () => updateKey(context, caller, { name, status: 'Inactive' })],
    ['a key that is deleted', () => deleteKey(context, caller, name)],
  ] as const)
    it(`is refused on the next request for ${what}, with all that came of it`, async () => {
      await act()
      const refused = await refusals()
      assert.ok(refused[0] !== null)
      assert.deepEqual(refused.slice(1), ['session-ended', 'session-ended'])
    })

  for (const [what, act] of [
    ['is switched off', () => updateRole(context, caller, { name, status: 'Inactive' })],
    ['has its sessions ended', () => updateRole(context, caller, { name, endsSessions: true })],
    ['is deleted', () => deleteRole(context, caller, name)],
  ] as const)
    it(`is refused on the next request for a session of a role that ${what}, and for no other`, async () => {
      await act()
      assert.deepEqual(await refusals(), [null, null, 'session-ended'])
    })

  it('is refused once its time is over, though nothing was committed since', async () => {
    clock.advance(HOUR_MS / 4)
    assert.deepEqual(await refusals(), [null, null, 'token-expired'])
    clock.advance((HOUR_MS * 3) / 4)
    assert.deepEqual(await refusals(), [null, 'token-expired', 'token-expired'])
    clock.advance(HOUR_MS)
    assert.equal((await refusals())[0], 'expired')
  })

  it('is nobody for another token of the id, whatever was looked up before', async () => {
    const [, role] = sessions
    const { refusal, credential } = await lookUp({ ...role, sessionToken: `${role?.sessionToken}x` })
    assert.deepEqual([refusal?.why, credential], ['token-invalid', null])
    const anonymous = await lookUp({})
    assert.equal(anonymous.credential, null)
    assert.ok(anonymous.bucket)
  })
})
