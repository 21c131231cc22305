import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessKeyPair } from '../credentials/mint-access-key.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, bucketKey, credentialKey, keyNameKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, keyNameCodec, type ApplicationCredential } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { invalid, readKeyDescription, type KeyDescription } from './key-description.ts'
import { keyOperations } from './key-operations.ts'
import { bucketRowsOf, countedBy } from './read-key.ts'

interface NewKey extends KeyDescription {
  readonly name: string
  /** A pair that exists elsewhere; one is minted when absent. */
  readonly pair?: AccessKeyPair
}

interface MadeKey {
  readonly key: ApplicationCredential
  /** Shown this once; it is stored only sealed. */
  readonly secretAccessKey: string
  readonly operations: readonly OperationRecord[]
}

/**
 * Makes an application key. Throws `ApplicationKeyExists` and `AccessKeyIdTaken` for a name or an id that is taken, `TooManyApplicationKeys`, and what
 * {@link readKeyDescription} throws.
 */
export async function createKey(
  context: ServiceContext,
  caller: Caller,
  { name, pair, ...given }: NewKey,
): Promise<MadeKey> {
  const { accountId } = caller
  if (pair) checkImportedSecret(pair)
  return await commitForCaller(context, caller, applicationKeysTurn(accountId), async () => {
    const described = await readKeyDescription(context, accountId, given)
    if (!described.rights && described.policy === undefined)
      throw invalid('A key needs rights or a policy: name one of the two')
    const nameKey = keyNameKey(accountId, name)
    const bucketKeys = (described.buckets ?? []).map((bucket) => bucketKey(bucket.name))
    const [account, taken, known, ...buckets] = await context.metadata.getMany([
      accountKey(accountId),
      nameKey,
      credentialKey(pair?.accessKeyId ?? ''),
      ...bucketKeys,
    ])
    if (!account) throw new DomainError('NoSuchAccount', { account: accountId })
    if (taken) throw new DomainError('ApplicationKeyExists', { keyName: name })
    if (pair && known) throw new DomainError('AccessKeyIdTaken', { accessKeyId: pair.accessKeyId })
    const counted = await countedBy(context, accountId, 1)
    const { applicationKeysPerAccountMax: max } = context.settings
    if (counted.count > max) throw new DomainError('TooManyApplicationKeys', { count: max })
    const credential = newCredential(
      context,
      { type: 'application-key', accountId, name, ...described },
      pair,
    )
    const { accessKeyId, secretAccessKey } = credential.pair
    const key = credentialCodec.decode(credential.set.value) as ApplicationCredential
    const operations = keyOperations(context, caller, key, 'CreateBucketAccessKey')
    return {
      change: {
        checks: [
          { key: account.key, version: account.version },
          { key: nameKey, version: null },
          credential.check,
          // A bucket that goes meanwhile takes its rows with it.
          ...bucketKeys.map((bucket, at) => ({ key: bucket, version: buckets[at]?.version ?? null })),
          ...counted.checks,
        ],
        sets: [
          credential.set,
          { key: nameKey, value: keyNameCodec.encode({ accessKeyId }) },
          ...bucketRowsOf(key).map((row) => ({ key: row, value: NOTHING })),
          ...counted.sets,
          ...operations.flatMap(operationRecordSets),
        ],
      },
      result: { key, secretAccessKey, operations },
    }
  })
}

const NOTHING = Buffer.alloc(0)

/** Fewer different characters than this are no secret. */
const DIFFERENT_CHARACTERS_MIN = 8

/** Refuses a secret that can be guessed; its length and its characters are bounds of the input. The message tells nothing of it. */
function checkImportedSecret({ accessKeyId, secretAccessKey }: AccessKeyPair): void {
  if (new Set(secretAccessKey).size < DIFFERENT_CHARACTERS_MIN)
    throw invalid(`secretAccessKey has fewer than ${DIFFERENT_CHARACTERS_MIN} different characters`)
  if (secretAccessKey.toLowerCase().includes(accessKeyId.toLowerCase()))
    throw invalid('secretAccessKey has the access key id in it')
}
