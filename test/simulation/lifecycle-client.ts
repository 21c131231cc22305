import { applyLifecycle } from '../../src/service/lifecycle/apply-lifecycle.ts'
import type { LifecycleRule } from '../../src/service/records/bucket.ts'
import { ask } from './answers.ts'
import { MARKER } from './object-model.ts'
import { nameOf, StoreClient, type SimulatedBucket } from './store-client.ts'

/** How long a day of rules lasts here. */
const DAY_MS = 2_000

/** The keys that expire, in buckets without versions: of others it cannot be told from outside which of several states went. */
const EXPIRING_PREFIX = 'd/'

export const EXPIRY_RULES: readonly LifecycleRule[] = [
  {
    id: 'objects and uploads',
    status: 'Enabled',
    prefix: EXPIRING_PREFIX,
    expiration: { days: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
]

/** Whether a key may expire, and its uploads be aborted, at any moment. */
export const mayExpire = (bucket: SimulatedBucket, key: string): boolean =>
  !bucket.isVersioned && key.startsWith(EXPIRING_PREFIX)

/** Does what lifecycle rules want done, as the job of a server does it: beside all others, on whichever gateway. */
export class LifecycleClient extends StoreClient {
  /** `key`: the one of the bucket that expires. */
  async apply(bucket: SimulatedBucket, key: string): Promise<void> {
    const { world, histories, bodies } = this.shared
    if (world.running.length === 0) return
    const gateway = world.timeline.random.oneOf(world.running)
    const { context } = gateway
    const calledAt = histories.moment()
    const settings = { ...context.settings, lifecycleDayMs: DAY_MS }
    const answer = await ask(gateway, () => applyLifecycle({ ...context, settings }))
    const action = { type: 'delete', id: bodies.newName(MARKER), versioned: false } as const
    if (answer.type !== 'done') {
      // It fails for one thing and goes on with the next, so that nobody knows what it did.
      histories.addObject(nameOf(bucket, key), calledAt, action, false)
    } else if (answer.value.deletions > 0) histories.addObject(nameOf(bucket, key), calledAt, action)
  }
}
