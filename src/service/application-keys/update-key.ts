import type { REMOVABLE } from '../../model/lugsail/access-key-shapes.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, type ApplicationCredential, type KeyNameRecord } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { invalid, readKeyDescription, type DescribedKey, type KeyDescription } from './key-description.ts'
import { keyOperations } from './key-operations.ts'
import { bucketRowsOf, readKey } from './read-key.ts'

/** What is to become of a key; what is not named stays. */
export interface KeyChange extends KeyDescription {
  readonly name: string
  /** The id that the key must have. */
  readonly accessKeyId?: string | undefined
  readonly status?: ApplicationCredential['status'] | undefined
  readonly removes?: readonly (typeof REMOVABLE)[number][] | undefined
}

interface ChangedKey {
  readonly key: ApplicationCredential
  readonly retiring: KeyNameRecord['retiring']
  readonly operations: readonly OperationRecord[]
}

/**
 * Changes an application key, and what it was before its rotation with it: the next request is decided by what it is then, and so is the commit of each write that is under way. Throws
 * `NoSuchApplicationKey`, and `InvalidApplicationKey` for a description that is none.
 */
export async function updateKey(
  context: ServiceContext,
  caller: Caller,
  { name, accessKeyId, status, removes = [], ...given }: KeyChange,
): Promise<ChangedKey> {
  const { accountId } = caller
  if (
    status === undefined &&
    removes.length === 0 &&
    Object.values(given).every((value) => value === undefined)
  )
    throw invalid('Nothing is to be changed: name what the key is to have, or its status')
  for (const member of removes)
    if (given[member] !== undefined || (member === 'expiresAt' && given.expiresInSeconds !== undefined))
      throw invalid(`${member} is both given and removed`)
  return await commitForCaller(context, caller, applicationKeysTurn(accountId), async () => {
    const { entry, nameEntry, record, names, retiring } = await readKey(context, accountId, name, accessKeyId)
    const described = await readKeyDescription(context, accountId, given)
    const changed = (of: ApplicationCredential): ApplicationCredential => ({
      ...without(of, removes, described),
      ...described,
      status: status ?? of.status,
    })
    const key = changed(record)
    const isMoved = given.buckets !== undefined || removes.includes('buckets')
    const bucketKeys = (described.buckets ?? []).map((bucket) => bucketKey(bucket.name))
    const buckets = await context.metadata.getMany(bucketKeys)
    const kept = new Set(bucketRowsOf(key).map(toHex))
    const operations = keyOperations(context, caller, key, 'UpdateBucket')
    return {
      change: {
        checks: [
          { key: entry.key, version: entry.version },
          { key: nameEntry.key, version: nameEntry.version },
          ...(retiring ? [{ key: retiring.entry.key, version: retiring.entry.version }] : []),
          ...bucketKeys.map((bucket, at) => ({ key: bucket, version: buckets[at]?.version ?? null })),
        ],
        sets: [
          { key: entry.key, value: credentialCodec.encode(key) },
          ...(retiring ? [{ key: retiring.entry.key, value: encodeRetiring(retiring.record, changed) }] : []),
          ...(isMoved ? bucketRowsOf(key) : []).map((row) => ({ key: row, value: NOTHING })),
          ...operations.flatMap(operationRecordSets),
        ],
        deletes: isMoved ? bucketRowsOf(record).filter((row) => !kept.has(toHex(row))) : [],
      },
      result: { key, retiring: names.retiring, operations },
    }
  })
}

/** The key before its rotation with the same change: it ends no later than it was to end. */
function encodeRetiring(
  record: ApplicationCredential,
  changed: (of: ApplicationCredential) => ApplicationCredential,
): Buffer {
  const key = changed(record)
  const validUntil = Math.min(record.validUntil ?? Infinity, key.validUntil ?? Infinity)
  return credentialCodec.encode({ ...key, ...(validUntil !== Infinity && { validUntil }) })
}

const NOTHING = Buffer.alloc(0)
const toHex = (row: Buffer): string => row.toString('hex')

/** The record without what is removed, and without what cannot be beside what takes its place: rights beside a policy. */
function without(
  record: ApplicationCredential,
  removes: NonNullable<KeyChange['removes']>,
  { rights, policy }: DescribedKey,
): ApplicationCredential {
  const gone = new Set<string>(removes.map((member) => (member === 'expiresAt' ? 'validUntil' : member)))
  if (rights) gone.add('policy')
  if (policy !== undefined) gone.add('rights')
  // Only members that a record need not have are among them.
  return Object.fromEntries(
    Object.entries(record).filter(([member]) => !gone.has(member)),
  ) as unknown as ApplicationCredential
}
