import assert from 'node:assert/strict'
import { bodyOf, codeOf, countOf, isDone, times, WRITERS, type RaceWorld } from './race-world.ts'

/** 32 writers read a number and replace it with If-Match by the next one, each until it got through so many times. */
export async function raceToIncrement(world: RaceWorld, incrementsEach: number): Promise<void> {
  const path = `/${await world.makeBucket()}/counter`
  // Every eighth number is written too long for the record, so that both ways of storing take part.
  const textOf = (count: number) => String(count).padEnd(count % 8 === 7 ? 40_000 : 8)
  await world.s3(0, { method: 'PUT', path, body: Buffer.from(textOf(0)) })
  const increment = async (writer: number): Promise<void> => {
    for (;;) {
      const { headers, body } = await world.s3(writer, { method: 'GET', path })
      const put = await world.s3(writer + 1, {
        method: 'PUT',
        path,
        body: Buffer.from(textOf(Number(body.toString()) + 1)),
        headers: { 'if-match': headers.etag ?? '' },
      })
      if (isDone(put)) return
      assert.equal(codeOf(put), '412 PreconditionFailed')
    }
  }
  await Promise.all(
    times(WRITERS, async (writer) => {
      for (let done = 0; done < incrementsEach; done++) await increment(writer)
    }),
  )
  assert.equal(Number((await world.read(path))?.toString()), WRITERS * incrementsEach)
}

/** 32 writers put one key with If-None-Match: *, in a bucket without versions and in one with. */
export async function raceToPutFirst(world: RaceWorld, round: number): Promise<void> {
  const bucket = await world.makeBucket()
  if (round % 2 === 1) await enableVersions(world, bucket)
  const path = `/${bucket}/created`
  const bodies = times(WRITERS, (writer) => bodyOf(writer + round))
  const responses = await Promise.all(
    bodies.map((body, writer) =>
      world.s3(writer, { method: 'PUT', path, headers: { 'if-none-match': '*' }, body }),
    ),
  )
  assert.deepEqual(countOf(responses), { '200': 1, '412 PreconditionFailed': WRITERS - 1 })
  const winner = bodies[responses.findIndex(isDone)]
  assert.ok(winner)
  assert.deepEqual(await world.read(path), winner)
  await assertVersionCount(world, bucket, 1)
}

export async function enableVersions(world: RaceWorld, bucketName: string): Promise<void> {
  const updated = await world.lightsail(0, 'UpdateBucket', { bucketName, versioning: 'Enabled' })
  assert.equal(updated.status, 200, codeOf(updated))
}

/** The bucket holds so many versions, whoever is asked. */
export async function assertVersionCount(world: RaceWorld, bucket: string, count: number): Promise<void> {
  for (const writer of [0, 1]) {
    const { body } = await world.s3(writer, { method: 'GET', path: `/${bucket}?versions` })
    assert.equal(body.toString().split('<Version>').length - 1, count)
  }
}
