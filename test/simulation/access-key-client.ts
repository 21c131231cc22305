import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { deleteAccessKey } from '../../src/service/access-keys/delete-access-key.ts'
import { ask } from './answers.ts'
import { StoreClient, type SimulatedBucket } from './store-client.ts'

const REGION = 'us-east-1'

/** An administrator who makes, deletes and rotates keys of buckets. */
export class AccessKeyClient extends StoreClient {
  async make(bucket: SimulatedBucket): Promise<void> {
    const { world, histories, bucketKeys, accountId } = this.shared
    if (world.running.length === 0) return
    const gateway = world.timeline.random.oneOf(world.running)
    const calledAt = histories.moment()
    const answer = await ask(gateway, () =>
      createAccessKey(gateway.context, { accountId, region: REGION }, bucket.name),
    )
    if (answer.type !== 'done') return
    const { accessKeyId } = answer.value.accessKey
    histories.addAccessKey(accessKeyId, calledAt, { type: 'make' })
    bucketKeys.push({ bucket: bucket.name, accessKeyId })
  }

  async delete(bucket: SimulatedBucket): Promise<void> {
    const { world, histories, bucketKeys, accountId } = this.shared
    const keys = bucketKeys.filter((key) => key.bucket === bucket.name)
    if (world.running.length === 0 || keys.length === 0) return
    const { random } = world.timeline
    const gateway = random.oneOf(world.running)
    const key = random.oneOf(keys)
    const calledAt = histories.moment()
    const answer = await ask(gateway, () =>
      deleteAccessKey(gateway.context, { accountId, region: REGION }, bucket.name, key.accessKeyId),
    )
    // It is used on all the same, now and then: a key that is gone must not open anything.
    if (answer.type === 'done' && random.below(2) === 0) bucketKeys.splice(bucketKeys.indexOf(key), 1)
    if (answer.type === 'done') histories.addAccessKey(key.accessKeyId, calledAt, { type: 'delete' })
    else if (answer.type === 'unknown' || answer.type === 'unforeseen')
      histories.addAccessKey(key.accessKeyId, calledAt, { type: 'delete' }, false)
  }

  /** A new one, then the old one goes; a bucket has room for two. */
  async rotate(bucket: SimulatedBucket): Promise<void> {
    await this.make(bucket)
    await this.delete(bucket)
  }
}
