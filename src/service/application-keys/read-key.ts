import type { Change, Entry } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketKeyNameKey, credentialKey, keyCountKey, keyNameKey } from '../keyspace.ts'
import { isRetiring } from '../retirement/retirement.ts'
import { credentialCodec, keyCountCodec, keyNameCodec } from '../records/credential.ts'
import type { ApplicationCredential, KeyNameRecord } from '../records/credential.ts'

/** An application key as it was read, with the entries that its change checks. */
export interface StoredKey {
  readonly nameEntry: Entry
  readonly entry: Entry
  readonly record: ApplicationCredential
  readonly names: KeyNameRecord
  /** The key before its rotation, until it is deleted; null: there is none. */
  readonly old: { readonly entry: Entry; readonly record: ApplicationCredential } | null
  /** The same, for as long as it counts. */
  readonly retiring: StoredKey['old']
}

/** How often a name is read whose key is given another id each time before that can be read. */
const READINGS_MAX = 8

/** Reads an application key by its name. Throws `NoSuchApplicationKey`, also when it has another id than the one that is asked for,
 * before its rotation, too. */
export async function readKey(
  context: ServiceContext,
  accountId: string,
  name: string,
  accessKeyId?: string,
): Promise<StoredKey> {
  for (let reading = 1; ; reading++) {
    const [nameEntry] = await context.metadata.getMany([keyNameKey(accountId, name)])
    if (!nameEntry) throw unknownKey(name)
    const stored = await readIds(context, nameEntry)
    if (stored) return meantKey(stored, name, accessKeyId)
    // Rotated between the two reads, or deleted, which the name tells.
    if (reading === READINGS_MAX) throw unknownKey(name)
  }
}

/** Reads the ids under a name; null: the key has another one by now, or none. */
async function readIds(context: ServiceContext, nameEntry: Entry): Promise<StoredKey | null> {
  const names = keyNameCodec.decode(nameEntry.value)
  const [entry, old] = await context.metadata.getMany(idsOf(names).map(credentialKey))
  const record = entry ? credentialCodec.decode(entry.value) : null
  const oldRecord = old ? credentialCodec.decode(old.value) : null
  const before = old && oldRecord?.type === 'application-key' ? { entry: old, record: oldRecord } : null
  const retiring = names.retiring && isRetiring(names.retiring, context.clock.now()) ? before : null
  if (!entry || record?.type !== 'application-key') return null
  return { nameEntry, entry, record, names, old: before, retiring }
}

/** The key, where the id that is asked for is its own, or the one that is retiring. */
function meantKey(stored: StoredKey, name: string, accessKeyId = stored.names.accessKeyId): StoredKey {
  const { names, retiring } = stored
  if (accessKeyId !== names.accessKeyId && accessKeyId !== retiring?.record.accessKeyId)
    throw unknownKey(name)
  return stored
}

/** The ids under a name: the key's, and the one that it had before, where there is one, though its time may be over. */
export const idsOf = ({ accessKeyId, retiring }: KeyNameRecord): readonly string[] =>
  retiring ? [accessKeyId, retiring.accessKeyId] : [accessKeyId]

/** The refusal of a name, or of the id with it. */
export const unknownKey = (keyName: string): DomainError =>
  new DomainError('NoSuchApplicationKey', { keyName })

/** The rows by which a key is found among those of its buckets. */
export const bucketRowsOf = ({
  name,
  buckets = [],
}: Pick<ApplicationCredential, 'name' | 'buckets'>): Buffer[] =>
  buckets.map(({ bucketId }) => bucketKeyNameKey(bucketId, name))

/** Counts the account's keys by one more or less, in the change that makes or deletes one; gives how many there are then. */
export async function countedBy(
  context: ServiceContext,
  accountId: string,
  difference: 1 | -1,
): Promise<{ readonly count: number } & Required<Pick<Change, 'checks' | 'sets'>>> {
  const key = keyCountKey(accountId)
  const [entry] = await context.metadata.getMany([key])
  const count = (entry ? keyCountCodec.decode(entry.value).count : 0) + difference
  return {
    count,
    checks: [{ key, version: entry?.version ?? null }],
    sets: [{ key, value: keyCountCodec.encode({ count }) }],
  }
}
