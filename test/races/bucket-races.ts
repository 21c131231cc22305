import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  accessKeyOf,
  bodyOf,
  codeOf,
  countOf,
  isDone,
  pick,
  times,
  WRITERS,
  type RaceWorld,
} from './race-world.ts'

/** 32 create a bucket of one name. */
export async function raceToCreateBucket(world: RaceWorld): Promise<void> {
  const bucketName = `race-${randomBytes(6).toString('hex')}`
  const responses = await Promise.all(
    times(WRITERS, (writer) =>
      world.lightsail(writer, 'CreateBucket', { bucketName, bundleId: 'small_1_0' }),
    ),
  )
  assert.deepEqual(countOf(responses), { '200': 1, '400 InvalidInputException': WRITERS - 1 })
}

/** What came of {@link racePutsAgainstDeletions}: a test shall see that both outcomes happen. */
export interface PutsAndDeletions {
  readonly puts: number
  readonly deletions: number
}

/**
 * 16 buckets at once, each with one that puts an object and one that deletes the bucket: through S3, through the control plane, or by force. A
 * bucket that is deleted never had the object, unless by force, and nothing of it is found under its name again.
 */
export async function racePutsAgainstDeletions(world: RaceWorld, round: number): Promise<PutsAndDeletions> {
  const outcomes = await Promise.all(
    times(WRITERS / 2, async (pair) => {
      const bucketName = await world.makeBucket()
      const path = `/${bucketName}/object`
      const body = bodyOf(pair + round)
      const isForced = pair % 3 === 2
      const deleting = () =>
        pair % 3 === 0
          ? world.s3(pair, { method: 'DELETE', path: `/${bucketName}` })
          : world.lightsail(pair, 'DeleteBucket', { bucketName, forceDelete: isForced })
      const [put, deletion] = await Promise.all([
        world.s3(pair + round, { method: 'PUT', path, body }),
        deleting(),
      ])
      if (isDone(deletion)) {
        assert.ok(isForced || !isDone(put), 'an object that was acknowledged is gone with its bucket')
        if (!isDone(put)) assert.equal(codeOf(put), '404 NoSuchBucket')
        const again = await world.lightsail(pair, 'CreateBucket', { bucketName, bundleId: 'small_1_0' })
        assert.equal(codeOf(again), '200')
        assert.equal(await world.read(path), null)
      } else {
        assert.match(codeOf(deletion), /^(409 BucketNotEmpty|400 InvalidInputException)$/)
        assert.equal(codeOf(put), '200')
        assert.deepEqual(await world.read(path), body)
      }
      return { put: isDone(put), deletion: isDone(deletion) }
    }),
  )
  return {
    puts: outcomes.filter(({ put }) => put).length,
    deletions: outcomes.filter(({ deletion }) => deletion).length,
  }
}

/** 32 create an access key of one bucket: two get one, and both keys open the bucket everywhere. */
export async function raceForThirdKey(world: RaceWorld): Promise<void> {
  const bucketName = await world.makeBucket()
  const responses = await Promise.all(
    times(WRITERS, (writer) => world.lightsail(writer, 'CreateBucketAccessKey', { bucketName })),
  )
  assert.deepEqual(countOf(responses), { '200': 2, '400 InvalidInputException': WRITERS - 2 })
  const keys = responses.filter(isDone).map(accessKeyOf)
  for (const key of keys)
    for (const client of world.clientsOf(key))
      assert.equal(codeOf(await client.s3({ method: 'GET', path: `/${bucketName}` })), '200')
  const listed = await keyIds(world, bucketName)
  assert.deepEqual(listed, keys.map(({ accessKeyId }) => accessKeyId).sort())
}

/** As keys are deleted others are created: never more than two are there, and those are the ones created and not deleted. */
export async function raceKeysAgainstDeletions(world: RaceWorld): Promise<void> {
  const bucketName = await world.makeBucket()
  const first = [await world.makeKey(bucketName), await world.makeKey(bucketName, 1)]
  const [creations, deletions] = await Promise.all([
    Promise.all(
      times(WRITERS - 2, (writer) => world.lightsail(writer, 'CreateBucketAccessKey', { bucketName })),
    ),
    Promise.all(
      times(2, (which) =>
        world.lightsail(which, 'DeleteBucketAccessKey', {
          bucketName,
          accessKeyId: pick(first, which).accessKeyId,
        }),
      ),
    ),
  ])
  assert.deepEqual(countOf(deletions), { '200': 2 })
  const created = creations.filter(isDone).map((response) => accessKeyOf(response).accessKeyId)
  assert.ok(created.length <= 2)
  assert.deepEqual(await keyIds(world, bucketName), created.sort())
}

async function keyIds(world: RaceWorld, bucketName: string): Promise<string[]> {
  const { body } = await world.lightsail(1, 'GetBucketAccessKeys', { bucketName })
  const { accessKeys } = JSON.parse(body.toString()) as { accessKeys: { accessKeyId: string }[] }
  return accessKeys.map(({ accessKeyId }) => accessKeyId).sort()
}
