import assert from 'node:assert/strict'
import type { S3Request } from '../harness/signed-client.ts'
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

/**
 * 32 writers put, replace, tag and delete one key at once, in a bucket without versions and in one with; each that creates finds nothing, and each answer tells
 * what came to be.
 */
export async function raceForOneObject(world: RaceWorld, round: number): Promise<void> {
  const bucket = await world.makeBucket()
  const isVersioned = round % 2 === 1
  if (isVersioned) await enableVersions(world, bucket)
  const path = `/${bucket}/hot`
  const tags = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'
  const requests = times(WRITERS, (writer): Pick<S3Request, 'method' | 'path' | 'headers' | 'body'> => {
    if (writer % 8 === 7) return { method: 'DELETE', path }
    if (writer % 8 === 6) return { method: 'PUT', path: `${path}?tagging=`, body: Buffer.from(tags) }
    const body = bodyOf(writer >> 1)
    return { method: 'PUT', path, body, ...(writer % 8 === 5 && { headers: { 'if-none-match': '*' } }) }
  })
  const responses = await Promise.all(requests.map((request, writer) => world.s3(writer, request)))
  for (const [writer, response] of responses.entries()) {
    // A delete marker that is the current version has no tags, and takes none.
    const allowed =
      writer % 8 === 6
        ? ['200', '404 NoSuchKey', ...(isVersioned ? ['405 MethodNotAllowed'] : [])]
        : writer % 8 === 5
          ? ['200', '412 PreconditionFailed']
          : []
    if (allowed.length > 0) assert.ok(allowed.includes(codeOf(response)), codeOf(response))
    else assert.ok(isDone(response), codeOf(response))
  }
  const isPut = (writer: number): boolean => requests[writer]?.body !== undefined && writer % 8 !== 6
  const stored = await world.read(path)
  const bodies = requests.filter((_request, writer) => isPut(writer)).map(({ body }) => body)
  if (stored) assert.ok(bodies.some((body) => body && stored.equals(Buffer.from(body))))
  if (isVersioned) {
    const puts = responses.filter((response, writer) => isPut(writer) && isDone(response))
    await assertVersionCount(world, bucket, puts.length)
    const ids = puts.map(({ headers }) => headers['x-amz-version-id'])
    assert.equal(new Set(ids).size, puts.length)
  } else await assertVersionCount(world, bucket, stored ? 1 : 0)
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
