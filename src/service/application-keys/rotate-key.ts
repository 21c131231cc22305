import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { credentialKey, lastUsedKey, retirementKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, keyNameCodec } from '../records/credential.ts'
import type { ApplicationCredential, KeyNameRecord, Retirement } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { planRetirement, type RetirementRequest } from '../retirement/retirement.ts'
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
 * Gives a key a successor under its name, with all that it has. The old one counts until its retirement (see {@link planRetirement}); one that was
 * retiring already stops now. Throws `NoSuchApplicationKey`, and `InvalidApplicationKey` for a retirement that cannot be meant.
 */
export async function rotateKey(
  context: ServiceContext,
  caller: Caller,
  name: string,
  request: RetirementRequest = {},
): Promise<RotatedKey> {
  const { accountId } = caller
  return await commitForCaller(context, caller, applicationKeysTurn(accountId), async () => {
    const { entry, nameEntry, record, names } = await readKey(context, accountId, name)
    const { accessKeyId: oldId, status } = record
    const credential = newCredential(context, withoutPair(record))
    const made = credentialCodec.decode(credential.set.value) as ApplicationCredential
    // A key that is Inactive does not begin to count by being rotated.
    const key: ApplicationCredential = { ...made, status }
    const plan = planRetirement(context, record, request)
    const retiring = plan ? { accessKeyId: oldId, ...plan } : undefined
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
            ? [
                { key: entry.key, value: credentialCodec.encode({ ...record, ...endOf(retiring) }) },
                { key: retirementKey(oldId), value: NOTHING },
              ]
            : []),
          ...operations.flatMap(operationRecordSets),
        ],
        deletes: stopped.flatMap((id) => [credentialKey(id), lastUsedKey(id), retirementKey(id)]),
      },
      result: { key, retiring, secretAccessKey: credential.pair.secretAccessKey, operations },
    }
  })
}

const NOTHING = Buffer.alloc(0)

/** By when the old key ends in any case; nothing where it ends once it is idle. */
const endOf = ({ until }: Retirement): Pick<ApplicationCredential, 'validUntil'> =>
  until === undefined ? {} : { validUntil: until }

/** What a successor has of a key: all but what makes it this one. */
const withoutPair = ({
  accessKeyId: _accessKeyId,
  secret: _secret,
  status: _status,
  createdAt: _createdAt,
  ...described
}: ApplicationCredential): Omit<ApplicationCredential, 'accessKeyId' | 'secret' | 'status' | 'createdAt'> =>
  described
