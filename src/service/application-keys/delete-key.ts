import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { credentialKey, lastUsedKey, retirementKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, keyNameCodec, type ApplicationCredential } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { keyOperations } from './key-operations.ts'
import { bucketRowsOf, countedBy, idsOf, readKey, unknownKey, type StoredKey } from './read-key.ts'

/**
 * Deletes an application key, or one half of one that is being rotated: it opens nothing from the moment this resolves, and writes it began do not commit. Throws `NoSuchApplicationKey`, also when the
 * key of that name has another id than the one that is asked for.
 */
export async function deleteKey(
  context: ServiceContext,
  caller: Caller,
  name: string,
  accessKeyId?: string,
): Promise<readonly OperationRecord[]> {
  const { accountId } = caller
  return await commitForCaller(context, caller, applicationKeysTurn(accountId), async () => {
    const stored = await readKey(context, accountId, name)
    const { record, old, retiring } = stored
    const isOld = accessKeyId !== undefined && accessKeyId === old?.record.accessKeyId
    if (accessKeyId !== undefined && !isOld && accessKeyId !== record.accessKeyId) throw unknownKey(name)
    const operations = keyOperations(context, caller, record, 'DeleteBucketAccessKey')
    const recordSets = operations.flatMap(operationRecordSets)
    // One that has stopped goes alone; it does not come back when the other one goes.
    const half = isOld ? old : retiring
    if (accessKeyId !== undefined && half)
      return { change: halfDeleted(stored, half, accessKeyId, recordSets), result: operations }
    const counted = await countedBy(context, accountId, -1)
    return {
      change: {
        checks: [...checksOf(stored), ...counted.checks],
        sets: [...counted.sets, ...recordSets],
        deletes: [
          stored.nameEntry.key,
          ...idsOf(stored.names).flatMap((id) => [credentialKey(id), lastUsedKey(id), retirementKey(id)]),
          ...bucketRowsOf(record),
        ],
      },
      result: operations,
    }
  })
}

/** The old or the new half of a key that is being rotated goes; the other one is the key, and ends when the key was to end. */
function halfDeleted(
  stored: StoredKey,
  old: NonNullable<StoredKey['old']>,
  accessKeyId: string,
  recordSets: NonNullable<Change['sets']>,
): Change {
  const { nameEntry, entry, record } = stored
  const isNew = accessKeyId === record.accessKeyId
  const kept = isNew ? old : { entry, record }
  const { validUntil } = record
  const key = { ...endless(kept.record), ...(validUntil !== undefined && { validUntil }) }
  return {
    checks: [...checksOf(stored), { key: old.entry.key, version: old.entry.version }],
    sets: [
      { key: nameEntry.key, value: keyNameCodec.encode({ accessKeyId: key.accessKeyId }) },
      { key: kept.entry.key, value: credentialCodec.encode(key) },
      ...recordSets,
    ],
    deletes: [
      isNew ? entry.key : old.entry.key,
      lastUsedKey(accessKeyId),
      retirementKey(old.record.accessKeyId),
    ],
  }
}

const checksOf = ({ entry, nameEntry }: StoredKey): NonNullable<Change['checks']> => [
  { key: entry.key, version: entry.version },
  { key: nameEntry.key, version: nameEntry.version },
]

const endless = ({
  validUntil: _validUntil,
  ...record
}: ApplicationCredential): Omit<ApplicationCredential, 'validUntil'> => record
