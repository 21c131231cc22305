import { randomUUID } from 'node:crypto'
import { commitInTurn } from '../../service/commit/commit-in-turn.ts'
import { STORE_TURNS } from '../../service/commit/turns.ts'
import type { ServiceContext } from '../../service/context.ts'
import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import { masterKeyIdOf } from '../../service/secrets/envelope-vault.ts'
import type { SealedSecret, SecretVault } from '../../service/secrets/secret-vault.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'

/**
 * The newest form of a store's content that this program reads, and the one that it writes. 2: records of versions with compact fields
 * (docs/decisions/0003-record-format.md), beside those of before.
 */
const STORE_FORMAT = 2

/** What a store says of itself. */
export interface StoreIdentity {
  readonly format: number
  readonly storeId: string
  /** Opens under the right master key only, so that a wrong one is noticed at the start and not at the first request. */
  readonly masterKeyProbe: SealedSecret
  /** No record is without its checksum. Absent: some may be, of releases before there were any, until the store is rewritten. */
  readonly hasAllSums?: true
}

const identityCodec = recordCodec<StoreIdentity>('store identity', 1)
/** Where a store says what it is; it is one as soon as this record is there. */
export const IDENTITY_KEY = storeKey('identity')
/** How far a restore got that makes a store; there until the store is whole. */
export const RESTORE_MARK_KEY = storeKey('restore')
/** How far a copy got that makes a store; there until the store is whole. */
export const COPY_MARK_KEY = storeKey('copy')

/** What the store says of itself, or null when it is new. Throws ConfigurationError when a newer program wrote it. */
export async function readStoreIdentity(metadata: MetadataStore): Promise<StoreIdentity | null> {
  const [entry = null] = await metadata.getMany([IDENTITY_KEY])
  if (!entry) return null
  const identity = identityCodec.decode(entry.value)
  if (identity.format > STORE_FORMAT) {
    throw new ConfigurationError(
      `metadata: the store has format ${identity.format}; this program reads up to ${STORE_FORMAT}: use a newer Lugsail`,
    )
  }
  return identity
}

/** Throws ConfigurationError when a part of a store is there that a restore or a copy has still to finish. */
export async function refuseUnfinishedStore(metadata: Pick<MetadataStore, 'getMany'>): Promise<void> {
  const marks = await metadata.getMany([RESTORE_MARK_KEY, COPY_MARK_KEY])
  const work = ['restore', 'copy'].find((_, index) => marks[index])
  if (work !== undefined)
    throw new ConfigurationError(
      `metadata: there is a part of a store, of which "lugsail store ${work}" was cut off: call that again to go on, or empty the store`,
    )
}

/**
 * Gives a new store its identity; gives back the one that counts when several processes do so at once. Throws ConfigurationError for a store that is still being
 * restored or copied.
 */
export async function createStoreIdentity(
  metadata: MetadataStore,
  vault: SecretVault,
): Promise<StoreIdentity> {
  const storeId = randomUUID()
  const identity: StoreIdentity = {
    format: STORE_FORMAT,
    storeId,
    masterKeyProbe: vault.seal(storeId, purposeOf(storeId)),
    hasAllSums: true,
  }
  await metadata.commit({
    checks: [IDENTITY_KEY, RESTORE_MARK_KEY, COPY_MARK_KEY].map((key) => ({ key, version: null })),
    sets: [{ key: IDENTITY_KEY, value: identityCodec.encode(identity) }],
  })
  const stored = await readStoreIdentity(metadata)
  if (!stored) await refuseUnfinishedStore(metadata)
  if (!stored) throw new Error('the store lost the identity that was just committed')
  return stored
}

/**
 * Says in a store of an earlier format that it has content of this one from now on, so that earlier programs refuse it; before anything of it is written. Throws
 * StoreUnavailable where the store takes no writes.
 */
export async function raiseStoreFormat(metadata: MetadataStore): Promise<void> {
  for (;;) {
    const [entry = null] = await metadata.getMany([IDENTITY_KEY])
    if (!entry) throw new Error('the store has no identity')
    const identity = identityCodec.decode(entry.value)
    if (identity.format >= STORE_FORMAT) return
    const outcome = await metadata.commit({
      checks: [{ key: IDENTITY_KEY, version: entry.version }],
      sets: [{ key: IDENTITY_KEY, value: identityCodec.encode({ ...identity, format: STORE_FORMAT }) }],
      usesReserve: true,
    })
    if (outcome === 'ok') return
  }
}

/** The identity in a record. Throws RangeError for what is none. */
export const identityIn = (value: Buffer): StoreIdentity => identityCodec.decode(value)

/** The identity in a record, for a store whose records have all been written anew, with their sums. Throws RangeError for what is none. */
export const identityWithAllSums = (value: Buffer): Buffer =>
  identityCodec.encode({ ...identityCodec.decode(value), hasAllSums: true })

/** Throws ConfigurationError when the vault's master key is not the one under which the store's secrets are sealed. */
export function checkMasterKey({ storeId, masterKeyProbe }: StoreIdentity, vault: SecretVault): void {
  try {
    if (vault.open(masterKeyProbe, purposeOf(storeId)) === storeId) return
  } catch (error) {
    throw new ConfigurationError(
      `masterKey: the secrets in this store are sealed under another master key (${masterKeyIdOf(masterKeyProbe)}), which is not among those given; give that one`,
      { cause: error },
    )
  }
}

/** Seals the probe under the newest master key: from then on the store opens with that one. */
export async function resealIdentity(context: ServiceContext): Promise<void> {
  const { metadata, vault } = context
  await commitInTurn(context, STORE_TURNS.reseal, async () => {
    const [entry = null] = await metadata.getMany([IDENTITY_KEY])
    if (!entry) throw new Error('the store has no identity')
    const identity = identityCodec.decode(entry.value)
    const masterKeyProbe = vault.reseal(identity.masterKeyProbe, purposeOf(identity.storeId))
    if (masterKeyProbe === null) return { change: null, result: undefined }
    const value = identityCodec.encode({ ...identity, masterKeyProbe })
    const checks = [{ key: IDENTITY_KEY, version: entry.version }]
    return { change: { checks, sets: [{ key: IDENTITY_KEY, value }] }, result: undefined }
  })
}

/** Notes that no record is without its checksum. Servers hold to it from their next start on. */
export async function noteAllSums(context: ServiceContext): Promise<void> {
  const { metadata } = context
  await commitInTurn(context, STORE_TURNS.reseal, async () => {
    const [entry = null] = await metadata.getMany([IDENTITY_KEY])
    if (!entry) throw new Error('the store has no identity')
    const identity = identityCodec.decode(entry.value)
    if (identity.hasAllSums) return { change: null, result: undefined }
    const value = identityCodec.encode({ ...identity, hasAllSums: true })
    const checks = [{ key: IDENTITY_KEY, version: entry.version }]
    return { change: { checks, sets: [{ key: IDENTITY_KEY, value }] }, result: undefined }
  })
}

const purposeOf = (storeId: string): string => `store/${storeId}`
