import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3'
import { isFault } from '../../fault.ts'
import { ENCRYPTION_ALGORITHM } from '../../../model/s3/shapes/encryption.ts'
import { isReservedTagKey } from '../../../model/s3/shapes/tag.ts'
import { findOpenObject, letsOthersIn } from './acls.ts'
import { hasTransitions, withoutTransitions } from './lifecycle-rules.ts'
import type { BucketPair } from './options.ts'
import type { Store } from './store.ts'

/** What became of a setting of a bucket. `same`: it is what it was in the pass before. */
export interface SettingOutcome {
  readonly setting: string
  readonly outcome: 'copied' | 'copied in part' | 'not copied' | 'removed' | 'not removed' | 'failed' | 'same'
  /** Why, or what of it was left out. */
  readonly why?: string
}

/** A setting: reads it at the source, and sets it at the destination. */
interface Setting {
  readonly name: string
  /** Undefined: the source's bucket has none. */
  readonly read: (client: S3Client, bucketName: string) => Promise<unknown>
  /** Gives what of it was left out. `isAgain`: what was taken over before has become this. */
  readonly write?: (
    client: S3Client,
    bucketName: string,
    value: never,
    isAgain: boolean,
  ) => Promise<string | undefined>
  /** Takes it away at the destination, where there may be none. */
  readonly remove?: (client: S3Client, bucketName: string) => Promise<unknown>
  /** Why it is not set, where `write` is absent. */
  readonly why?: string
}

const setting = <T>(definition: {
  readonly name: string
  readonly read: (client: S3Client, bucketName: string) => Promise<T | undefined>
  readonly write: (
    client: S3Client,
    bucketName: string,
    value: T,
    isAgain: boolean,
  ) => Promise<string | undefined>
  readonly remove: (client: S3Client, bucketName: string) => Promise<unknown>
}): Setting => definition

const notKept = (
  name: string,
  why: string,
  read: (client: S3Client, bucketName: string) => Promise<unknown>,
): Setting => ({ name, why, read })

const SETTINGS: readonly Setting[] = [
  setting({
    name: 'lifecycle',
    read: async (client, Bucket) =>
      (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
    write: async (client, Bucket, rules: readonly LifecycleRule[], isAgain) => {
      const kept = rules.map(withoutTransitions).filter((rule) => rule !== undefined)
      if (kept.length > 0)
        await client.send(
          new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: kept } }),
        )
      // What it had that deletes objects, it has no more.
      else if (isAgain) await client.send(new DeleteBucketLifecycleCommand({ Bucket }))
      const count = rules.filter(hasTransitions).length
      return count === 0
        ? undefined
        : `transitions of ${count} ${count === 1 ? 'rule' : 'rules'} to other storage classes, which are not offered`
    },
    remove: (client, Bucket) => client.send(new DeleteBucketLifecycleCommand({ Bucket })),
  }),
  setting({
    name: 'CORS',
    read: async (client, Bucket) => (await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules,
    write: async (client, Bucket, CORSRules) => {
      await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
      return undefined
    },
    remove: (client, Bucket) => client.send(new DeleteBucketCorsCommand({ Bucket })),
  }),
  setting({
    name: 'tags',
    read: async (client, Bucket) => (await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet,
    write: async (client, Bucket, tags) => {
      const TagSet = tags.filter(({ Key = '' }) => !isReservedTagKey(Key))
      await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
      return TagSet.length < tags.length ? 'tags whose keys begin with aws:' : undefined
    },
    remove: (client, Bucket) => client.send(new DeleteBucketTaggingCommand({ Bucket })),
  }),
  setting({
    name: 'policy',
    read: async (client, Bucket) => (await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy,
    write: async (client, Bucket, Policy) => {
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
      return undefined
    },
    remove: (client, Bucket) => client.send(new DeleteBucketPolicyCommand({ Bucket })),
  }),
  setting({
    name: 'object lock default',
    read: async (client, Bucket) => {
      const { ObjectLockConfiguration } = await client.send(new GetObjectLockConfigurationCommand({ Bucket }))
      // Some stores have an empty one where there is none.
      return ObjectLockConfiguration?.Rule?.DefaultRetention?.Mode && ObjectLockConfiguration.Rule
    },
    write: async (client, Bucket, Rule) => {
      await client.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule },
        }),
      )
      return undefined
    },
    remove: (client, Bucket) =>
      client.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
        }),
      ),
  }),
  notKept(
    'encryption',
    'there is no key service; objects are encrypted by the server',
    async (client, Bucket) => {
      const { ServerSideEncryptionConfiguration } = await client.send(
        new GetBucketEncryptionCommand({ Bucket }),
      )
      const rules = ServerSideEncryptionConfiguration?.Rules ?? []
      return rules.find(
        ({ ApplyServerSideEncryptionByDefault }) =>
          (ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? ENCRYPTION_ALGORITHM) !== ENCRYPTION_ALGORITHM,
      )
    },
  ),
  notKept(
    'ACL',
    'it lets others in, and buckets start closed: say who may read with "lugsail update-bucket --access-rules" or a policy',
    async (client, Bucket) => {
      const acl = await client.send(new GetBucketAclCommand({ Bucket }))
      return letsOthersIn(acl) ? acl : undefined
    },
  ),
  notKept(
    'ACLs of objects',
    'some let others in, and they are not copied: let everybody read with "lugsail update-bucket --access-rules", a policy for a prefix, or an ACL for each after "allowPublicOverrides=true"',
    findOpenObject,
  ),
  notKept('website', 'websites are not offered', async (client, Bucket) => {
    const { IndexDocument, RedirectAllRequestsTo } = await client.send(
      new GetBucketWebsiteCommand({ Bucket }),
    )
    return IndexDocument ?? RedirectAllRequestsTo
  }),
  notKept('notifications', 'notifications are not offered', async (client, Bucket) => {
    const {
      TopicConfigurations,
      QueueConfigurations,
      LambdaFunctionConfigurations,
      EventBridgeConfiguration,
    } = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
    return (
      [TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations].find(
        (each) => each !== undefined && each.length > 0,
      ) ?? EventBridgeConfiguration
    )
  }),
  notKept(
    'replication',
    'replication is not offered; the setting mirror keeps a copy of the store',
    async (client, Bucket) =>
      // Ceph has an empty one for every bucket.
      (await client.send(new GetBucketReplicationCommand({ Bucket }))).ReplicationConfiguration?.Rules,
  ),
  notKept(
    'access logging',
    'its target is a bucket of the source: say it anew with "lugsail update-bucket --access-log-config"',
    async (client, Bucket) => (await client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled,
  ),
]

/** A bucket's versioning, and whether it has object lock. */
export interface BucketNature {
  readonly versioning: 'Enabled' | 'Suspended' | undefined
  readonly hasLock: boolean
}

/** Reads what has to be known before objects are copied. A store that knows no versions or locks has none. */
export async function readNature(store: Store, bucketName: string): Promise<BucketNature> {
  const { Status } = (await orNone(store, (client) =>
    client.send(new GetBucketVersioningCommand({ Bucket: bucketName })),
  )) ?? { Status: undefined }
  const lock = await orNone(store, (client) =>
    client.send(new GetObjectLockConfigurationCommand({ Bucket: bucketName })),
  )
  return {
    versioning: Status === 'Enabled' || Status === 'Suspended' ? Status : undefined,
    hasLock: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
  }
}

/** Sets a bucket's versioning. */
export async function setVersioning(
  store: Store,
  bucketName: string,
  status: 'Enabled' | 'Suspended',
): Promise<void> {
  await store.ask((client) =>
    client.send(
      new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: status } }),
    ),
  )
}

/**
 * Takes over the settings of a bucket, each by itself; `before` remembers by name what was taken over, so that it is done once, and so that what the
 * source has taken away since is known from what the destination has of its own.
 */
export async function copySettings(
  { source, target }: { readonly source: Store; readonly target: Store },
  { from, to }: BucketPair,
  {
    before,
    isDeleting,
    signal,
  }: {
    readonly before: Map<string, string>
    readonly isDeleting: boolean
    readonly signal: AbortSignal
  },
): Promise<readonly SettingOutcome[]> {
  const outcomes: SettingOutcome[] = []
  for (const { name, read, write, remove, why } of SETTINGS) {
    try {
      const value = await orNone(source, (client) => read(client, from))
      if (value === undefined || (Array.isArray(value) && value.length === 0)) {
        if (remove === undefined || !before.has(name)) continue
        if (isDeleting) await target.ask((client) => remove(client, to))
        before.delete(name)
        outcomes.push(
          isDeleting
            ? { setting: name, outcome: 'removed' }
            : { setting: name, outcome: 'not removed', why: TAKEN_AWAY },
        )
        continue
      }
      const text = JSON.stringify(value)
      if (before.get(name) === text) {
        outcomes.push({ setting: name, outcome: 'same' })
        continue
      }
      if (write === undefined) {
        outcomes.push({ setting: name, outcome: 'not copied', ...(why === undefined ? {} : { why }) })
        continue
      }
      const left = await target.ask((client) => write(client, to, value as never, before.has(name)))
      before.set(name, text)
      outcomes.push(
        left === undefined
          ? { setting: name, outcome: 'copied' }
          : { setting: name, outcome: 'copied in part', why: `without ${left}` },
      )
    } catch (error) {
      if (signal.aborted || isFault(error) || !(error instanceof Error)) throw error
      const isRefused = target.threw(error) && isRefusal(error)
      outcomes.push({
        setting: name,
        outcome: isRefused ? 'not copied' : 'failed',
        why: isBlocked(name, error)
          ? PUBLIC_POLICY
          : target.threw(error)
            ? `destination: ${target.explain(error, { kind: 'object', bucketName: to, key: '' })}`
            : `source: ${source.explain(error, { kind: 'object', bucketName: from, key: '' })}`,
      })
    }
  }
  return outcomes
}

const TAKEN_AWAY = 'the source has none any more; --delete removes it here too'

const PUBLIC_POLICY =
  'it lets everybody in, which new buckets block: take the public access block away ("aws s3api delete-public-access-block --bucket …") and run this again'

/** S3's answer to a policy that opens a bucket which is not to be opened. Whoever imports may set policies. */
const isBlocked = (name: string, error: Error): boolean => name === 'policy' && error.name === 'AccessDenied'

/** Whether the destination will not take it, however often it is asked. */
const isRefusal = (error: Error): boolean => {
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0
  return (status >= 400 && status < 500 && status !== 429) || status === 501
}

/** Undefined where the store says that the bucket has no such thing, or that it knows no such thing itself. */
async function orNone<T>(store: Store, question: (client: S3Client) => Promise<T>): Promise<T | undefined> {
  try {
    return await store.ask(question)
  } catch (error) {
    const isNone =
      error instanceof S3ServiceException &&
      error.$metadata.httpStatusCode === 404 &&
      error.name !== 'NoSuchBucket'
    if (isNone || store.isNotOffered(error)) return undefined
    throw error
  }
}
