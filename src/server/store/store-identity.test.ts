import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import type { ServiceContext } from '../../service/context.ts'
import { recordCodec } from '../../service/records/codec.ts'
import { EnvelopeVault } from '../../service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../../service/secrets/master-keys.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { resealStore } from './reseal-store.ts'
import {
  checkMasterKey,
  COPY_MARK_KEY,
  createStoreIdentity,
  identityIn,
  identityWithAllSums,
  IDENTITY_KEY,
  noteAllSums,
  raiseStoreFormat,
  readStoreIdentity,
  refuseUnfinishedStore,
  RESTORE_MARK_KEY,
  type StoreIdentity,
} from './store-identity.ts'

describe('the identity of a store', () => {
  const newVault = (...keys: string[]) => new EnvelopeVault(parseMasterKeys(keys.join('\n'), 'the test'))
  const KEYS = [mintMasterKey(), mintMasterKey()] as const

  it('is made once, opens under its master key alone, and has all sums from the beginning', async () => {
    const metadata = new MemoryMetadataStore()
    assert.equal(await readStoreIdentity(metadata), null)
    const vault = newVault(KEYS[0])
    const [one, two] = await Promise.all([
      createStoreIdentity(metadata, vault),
      createStoreIdentity(metadata, vault),
    ])
    assert.deepEqual(one, two)
    assert.deepEqual([one.format, one.hasAllSums], [2, true])
    assert.deepEqual(await readStoreIdentity(metadata), one)
    checkMasterKey(one, vault)
    checkMasterKey(one, newVault(...KEYS))
    assert.throws(
      () => checkMasterKey(one, newVault(KEYS[1])),
      (error) => error instanceof ConfigurationError && /sealed under another master key/.test(error.message),
    )
  })

  it('is none while a restore or a copy is not finished', async () => {
    for (const [mark, word] of [
      [RESTORE_MARK_KEY, 'restore'],
      [COPY_MARK_KEY, 'copy'],
    ] as const) {
      const metadata = new MemoryMetadataStore()
      await refuseUnfinishedStore(metadata)
      await metadata.commit({ sets: [{ key: mark, value: Buffer.of(1) }] })
      await assert.rejects(refuseUnfinishedStore(metadata), new RegExp(`"lugsail store ${word}" was cut off`))
    }
  })

  it('is raised to this release’s format, and never lowered; of a store without one nothing is made', async () => {
    const context = memoryContext()
    const { metadata, vault } = context
    await assert.rejects(raiseStoreFormat(metadata), /has no identity/)
    await assert.rejects(noteAllSums(context), /has no identity/)
    const made = await createStoreIdentity(metadata, vault)
    const codec = recordCodec<StoreIdentity>('store identity', 1)
    const change = async (of: Partial<StoreIdentity>): Promise<void> => {
      const { format, storeId, masterKeyProbe } = made
      await metadata.commit({
        sets: [{ key: IDENTITY_KEY, value: codec.encode({ format, storeId, masterKeyProbe, ...of }) }],
      })
    }
    await change({ format: 1 })
    assert.equal((await readStoreIdentity(metadata))?.hasAllSums, undefined)
    await raiseStoreFormat(metadata)
    await noteAllSums(context)
    assert.deepEqual(await readStoreIdentity(metadata), made)
    const [before] = await metadata.getMany([IDENTITY_KEY])
    await raiseStoreFormat(metadata)
    await noteAllSums(context)
    assert.equal((await metadata.getMany([IDENTITY_KEY]))[0]?.version, before?.version)
    assert.deepEqual(identityIn(before?.value ?? Buffer.alloc(0)), made)
    assert.deepEqual(identityIn(identityWithAllSums(before?.value ?? Buffer.alloc(0))), made)
    await change({ format: 3 })
    await assert.rejects(readStoreIdentity(metadata), /format 3; this program reads up to 2/)
  })

  it('is sealed anew with all secrets, so that the older master key can be taken away', async () => {
    const base = memoryContext()
    const context: ServiceContext = { ...base, vault: newVault(KEYS[0]) }
    const identity = await createStoreIdentity(context.metadata, context.vault)
    await createAccount(context, 'default')
    const newer: ServiceContext = { ...context, vault: newVault(...KEYS) }
    let records = 0
    const report = await resealStore(newer, () => records++)
    assert.deepEqual(report, { accessKeys: 1, objects: 0, uploads: 0, damaged: [] })
    assert.equal(records, 1)
    const resealed = await readStoreIdentity(context.metadata)
    assert.ok(resealed)
    assert.equal(resealed.storeId, identity.storeId)
    checkMasterKey(resealed, newVault(KEYS[1]))
    assert.throws(() => checkMasterKey(resealed, newVault(KEYS[0])))
    assert.equal((await resealStore(newer, () => undefined)).accessKeys, 0)
  })
})
