import { applyLifecycle } from '../../src/service/lifecycle/apply-lifecycle.ts'
import { parseObjectRowKey } from '../../src/service/keyspace.ts'
import type { BucketRecord, LifecycleRule } from '../../src/service/records/bucket.ts'
import { decodeObject } from '../../src/service/records/object-codec.ts'
import { NULL_VERSION_ID } from '../../src/service/records/version-id-form.ts'
import type { ScanRange } from '../../src/storage/metadata-store.ts'
import { MetadataStoreWrapper } from '../../src/storage/wrap/metadata-store-wrapper.ts'
import { ask } from './answers.ts'
import { MARKER } from './object-model.ts'
import { nameOf, StoreClient, type SimulatedBucket } from './store-client.ts'

/** How long a day of rules lasts here. */
const DAY_MS = 2_000

/** Only one key expires, so that histories of the others stay without it. */
const EXPIRING_PREFIX = 'd/'

const PLAIN_RULES: readonly LifecycleRule[] = [
  {
    id: 'objects and uploads',
    status: 'Enabled',
    prefix: EXPIRING_PREFIX,
    expiration: { days: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
]

const VERSIONED_RULES: readonly LifecycleRule[] = [
  {
    id: 'older versions',
    status: 'Enabled',
    prefix: EXPIRING_PREFIX,
    // Delete markers have no bytes and no name that their listing tells: they stay.
    sizeGreaterThanBytes: 0,
    noncurrentVersionExpiration: { noncurrentDays: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
]

/** What a bucket's record has besides: its rules, and an access log, through which rules tell what they did. */
export const expiryOf = ({
  name,
  isVersioned,
}: SimulatedBucket): Pick<BucketRecord, 'lifecycle' | 'accessLog'> => ({
  lifecycle: isVersioned ? VERSIONED_RULES : PLAIN_RULES,
  accessLog: { enabled: true, destination: name },
})

/** Whether a key, or its older versions, may expire, and its uploads be aborted, at any moment. */
export const mayExpire = (key: string): boolean => key.startsWith(EXPIRING_PREFIX)

/** Does what lifecycle rules want done, as the job of a server does it: beside all others, on whichever gateway. */
export class LifecycleClient extends StoreClient {
  /** `key`: the one that expires, in each bucket. */
  async apply(key: string): Promise<void> {
    const { world, histories, bodies, buckets } = this.shared
    if (world.running.length === 0) return
    const gateway = world.timeline.random.oneOf(world.running)
    const { context } = gateway
    const calledAt = histories.moment()
    const settings = { ...context.settings, lifecycleDayMs: DAY_MS }
    const metadata = new WatchedVersions(context.metadata)
    const expired = new Map<string, Set<string>>(buckets.map(({ name }) => [name, new Set()]))
    const record = (
      { bucketName }: { readonly bucketName: string },
      { operation, versionId = '' }: { readonly operation: string; readonly versionId?: string | undefined },
    ): void => {
      if (operation === 'S3.EXPIRE.OBJECT') expired.get(bucketName)?.add(versionId)
    }
    const answer = await ask(gateway, () =>
      applyLifecycle({ ...context, settings, metadata }, { accessLogs: { record } }),
    )
    for (const bucket of buckets) {
      const name = nameOf(bucket, key)
      const gone = expired.get(bucket.name)
      // It fails for one thing and goes on with the next, so that nobody knows what else it did.
      const isKnown = answer.type === 'done'
      if (!bucket.isVersioned) {
        const action = { type: 'delete', id: bodies.newName(MARKER), versioned: false } as const
        if (gone?.size === 1 || !isKnown) histories.addObject(name, calledAt, action, gone?.size === 1)
        continue
      }
      for (const versionId of gone ?? [])
        if (!metadata.names.has(versionId)) histories.problems.push(`${name}: ${versionId} went unseen`)
      for (const [versionId, id] of metadata.names) {
        const isGone = gone?.has(versionId) === true
        if (isGone || !isKnown) histories.addObject(name, calledAt, { type: 'expire-version', id }, isGone)
      }
    }
  }
}

/** Notes which versions were read, by the names of the writes that made them. */
class WatchedVersions extends MetadataStoreWrapper {
  /** By version id. */
  readonly names = new Map<string, string>()

  override async scan(range: ScanRange) {
    const entries = await this.store.scan(range)
    for (const { key, value } of entries) {
      if (value.length === 0 || parseObjectRowKey(key)?.key.startsWith(EXPIRING_PREFIX) !== true) continue
      const { versionId, isDeleteMarker, userMetadata } = decodeObject(value).record
      if (versionId !== NULL_VERSION_ID && isDeleteMarker !== true)
        this.names.set(versionId, userMetadata['id'] ?? '')
    }
    return entries
  }
}
