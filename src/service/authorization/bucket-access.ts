import { isIP } from 'node:net'
import { BUCKET_DOINGS } from '../../model/lugsail/get-bucket-access.ts'
import type { S3Action } from '../../model/s3/action.ts'
import { checkKeyOf, invalid } from '../application-keys/key-description.ts'
import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { findCredential } from '../credentials/find-credential.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { credentialKey } from '../keyspace.ts'
import { ANONYMOUS, type Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'
import { decideAccess, type Ask, type DecidedAccess } from './decide-access.ts'
import { checkPolicy } from './policy/check-policy.ts'
import { openKeys } from './policy/condition-keys.ts'
import { DecisionMemory } from './policy/decision-memory.ts'

type Doing = (typeof BUCKET_DOINGS)[number]

/** What is tried, each with the action that stands for it. */
const TRIED: Readonly<Record<Doing, S3Action>> = {
  read: 's3:GetObject',
  write: 's3:PutObject',
  list: 's3:ListBucket',
  delete: 's3:DeleteObject',
  settings: 's3:PutLifecycleConfiguration',
}

/** Whether something may be done, and by which rule. */
interface BucketAccess extends DecidedAccess {
  readonly doing: Doing
  readonly action: S3Action
}

interface AccessAsked {
  readonly bucketName: string
  /** Absent: somebody without a key. */
  readonly accessKeyId?: string | undefined
  readonly objectKey?: string | undefined
  readonly sourceAddress?: string | undefined
  /** In the place of the bucket's own policy. */
  readonly policy?: string | undefined
}

/** A name that no rule is about but those about every name. */
const UNNAMED = '\u{10fffd}'

/**
 * Puts what somebody may want in a bucket to the rules that decide on requests, and tells what they say. Throws `NoSuchBucket`, `NoSuchKeyId`
 * for a key that is none of the account, and `InvalidApplicationKey` for a policy, an address or a key of an object that is none.
 */
export async function readBucketAccess(
  context: ServiceContext,
  caller: Caller,
  { bucketName, accessKeyId, objectKey, sourceAddress, policy }: AccessAsked,
): Promise<readonly BucketAccess[]> {
  if (sourceAddress !== undefined && isIP(sourceAddress) === 0)
    throw invalid(`The source address ${sourceAddress} is no IP address`)
  if (objectKey !== undefined) checkKeyOf('objectKey', objectKey)
  const { record } = await getOwnBucket(context, caller, bucketName)
  const bucket = policy === undefined ? record : await withPolicy(context, record, policy)
  const key = accessKeyId === undefined ? null : await readOwnKey(context, caller.accountId, accessKeyId)
  if (key && !key.counts)
    return BUCKET_DOINGS.map((doing) => ({
      doing,
      action: TRIED[doing],
      outcome: 'denied',
      rule: 'key-stopped',
    }))
  const keys = openKeys({ isAddressKnown: sourceAddress !== undefined, isSigned: key !== null })
  // Nothing in a key's networks fits this.
  const elsewhere = sourceAddress ?? 'unknown'
  const ask =
    (doing: Doing): Ask =>
    ({ isInNetworks, ...holds }) => ({
      principal: key?.principal ?? ANONYMOUS,
      action: TRIED[doing],
      bucket,
      ...(isAboutObjects(doing) && { objectKey: objectKey ?? UNNAMED }),
      request: {
        sender: {
          sourceIp: isInNetworks ? (sourceAddress ?? key?.network ?? elsewhere) : elsewhere,
          isSecure: true,
          now: context.clock.now(),
        },
        given: {},
        listing: { prefix: objectKey ?? null, delimiter: null, maxKeys: null },
        versionId: null,
        ifMatch: null,
        ifNoneMatch: null,
        payloadHash: null,
        lock: {},
        ...(doing === 'write' && { createsObject: true }),
        open: { keys, holds },
      },
      memory: new DecisionMemory(),
    })
  return BUCKET_DOINGS.map((doing) => ({ doing, action: TRIED[doing], ...decideAccess(ask(doing), bucket) }))
}

const isAboutObjects = (doing: Doing): boolean => doing !== 'list' && doing !== 'settings'

async function withPolicy(
  context: ServiceContext,
  record: BucketRecord,
  policy: string,
): Promise<BucketRecord> {
  try {
    return { ...record, policy: (await checkPolicy(context, policy, record.name)).text }
  } catch (error) {
    if (isDomainError(error, 'MalformedPolicy')) throw invalid(error.fields.problem, error)
    throw error
  }
}

interface OwnKey {
  readonly principal: Principal
  /** An address of the first of its networks. */
  readonly network: string | undefined
  readonly counts: boolean
}

async function readOwnKey(context: ServiceContext, accountId: string, accessKeyId: string): Promise<OwnKey> {
  const entries = await context.metadata.getMany([credentialKey(accessKeyId)])
  const stored = entries[0] ? credentialCodec.decode(entries[0].value) : null
  const { credential, stopped } = findCredential(context, { accessKeyId, session: null }, entries)
  const found = credential ?? stopped
  if (stored?.accountId !== accountId || !found) throw new DomainError('NoSuchKeyId', { accessKeyId })
  const [network] = ('sourceNetworks' in stored && stored.sourceNetworks) || []
  return { principal: found.principal, network: network?.split('/')[0], counts: credential !== null }
}
