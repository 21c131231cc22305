import { DAY_SECONDS } from '../../base/milliseconds.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { credentialKey, lastUsedKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, keyNameCodec } from '../records/credential.ts'
import type { ApplicationCredential, KeyNameRecord } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { keyOperations } from './key-operations.ts'
import { readKey } from './read-key.ts'

interface RotatedKey {
  readonly key: ApplicationCredential
  readonly retiring: KeyNameRecord['retiring']
  /** Shown this once. */
  readonly secretAccessKey: string
  readonly operations: readonly OperationRecord[]
}

/**
 * The old key's time, in seconds, where none is asked for: a response that is lost on its way locks nobody out. A key that is Inactive may be so since its
 * secret leaked, and its old half does not come back with the new one.
 */
const retireSecondsOf = ({ status }: ApplicationCredential): number =>
  status === 'Inactive' ? 0 : DAY_SECONDS

/**
 * Gives a key a successor under its name, with all that it has. The old one counts for so many seconds more, 0: it stops at once, absent: a day, unless it
 * is Inactive, and never longer than it would have; one that was retiring already stops now. Throws `NoSuchApplicationKey`.
 */
export async function rotateKey(
  context: ServiceContext,
  caller: Caller,
  name: string,
  retireInSeconds?: number,
): Promise<RotatedKey> {
  const { accountId } = caller
  return commitForCaller(context, caller, applicationKeysTurn(accountId), async () => {
    const { entry, nameEntry, record, names } = await readKey(context, accountId, name)
    const { accessKeyId: oldId, status } = record
    const credential = newCredential(context, withoutPair(record))
    const made = credentialCodec.decode(credential.set.value) as ApplicationCredential
    // A key that is Inactive does not begin to count by being rotated.
    const key: ApplicationCredential = { ...made, status }
    const seconds = retireInSeconds ?? retireSecondsOf(record)
    const until = Math.min(context.clock.now() + seconds * 1_000, record.validUntil ?? Infinity)
    const retiring = until > context.clock.now() ? { accessKeyId: oldId, until } : undefined
    const stopped = [...(names.retiring ? [names.retiring.accessKeyId] : []), ...(retiring ? [] : [oldId])]
    const operations = keyOperations(context, caller, key, 'CreateBucketAccessKey')
    return {
      change: {
        checks: [
          { key: entry.key, version: entry.version },
          { key: nameEntry.key, version: nameEntry.version },
          credential.check,
        ],
        sets: [
          { key: credential.set.key, value: credentialCodec.encode(key) },
          {
            key: nameEntry.key,
            value: keyNameCodec.encode({ accessKeyId: key.accessKeyId, ...(retiring && { retiring }) }),
          },
          ...(retiring
            ? [{ key: entry.key, value: credentialCodec.encode({ ...record, validUntil: until }) }]
            : []),
          ...operations.flatMap(operationRecordSets),
        ],
        deletes: stopped.flatMap((id) => [credentialKey(id), lastUsedKey(id)]),
      },
      result: { key, retiring, secretAccessKey: credential.pair.secretAccessKey, operations },
    }
  })
}

/** What a successor has of a key: all but what makes it this one. */
const withoutPair = ({
  accessKeyId: _accessKeyId,
  secret: _secret,
  status: _status,
  createdAt: _createdAt,
  ...described
}: ApplicationCredential): Omit<ApplicationCredential, 'accessKeyId' | 'secret' | 'status' | 'createdAt'> =>
  described
