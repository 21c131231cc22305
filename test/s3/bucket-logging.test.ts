import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GetBucketLoggingCommand, PutBucketLoggingCommand } from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

const set = (Bucket: string, TargetBucket: string, more: object = {}) =>
  world().s3.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: 'log/', ...more } },
    }),
  )
const shown = async (Bucket: string) =>
  (await world().s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled

describe('the access log of a bucket', () => {
  it('is switched on and off through S3', async () => {
    const [source, target] = [await world().makeBucket('log-source'), await world().makeBucket('log-target')]
    assert.equal(await shown(source), undefined)
    await set(source, target)
    assert.deepEqual(await shown(source), { TargetBucket: target, TargetPrefix: 'log/' })
    await world().s3.send(new PutBucketLoggingCommand({ Bucket: source, BucketLoggingStatus: {} }))
    assert.equal(await shown(source), undefined)
  })

  it('goes to a bucket of the same account only, without grants or partitions', async () => {
    const source = await world().makeBucket('log-refused')
    await assert.rejects(set(source, 'no-such-bucket'), failsWith('InvalidTargetBucketForLogging', 400))
    await assert.rejects(
      set(source, source, { TargetObjectKeyFormat: { PartitionedPrefix: {} } }),
      failsWith('NotImplemented', 501),
    )
  })
})
