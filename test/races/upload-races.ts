import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpResponse } from '../harness/signed-client.ts'
import { assertVersionCount, enableVersions } from './object-races.ts'
import { bodyOf, codeOf, countOf, isDone, md5, times, WRITERS, type RaceWorld } from './race-world.ts'

const COMPLETION_STAGGER_MS = 3

/** 32 complete one upload: all hear of the same version, and there is only that one. */
export async function raceToComplete(world: RaceWorld, round: number): Promise<void> {
  const bucket = await world.makeBucket()
  await enableVersions(world, bucket)
  const path = `/${bucket}/completed`
  const uploadId = await world.beginUpload(path)
  const part = bodyOf(round)
  await putPart(world, { writer: round, path, uploadId, part })
  const responses = await Promise.all(
    times(WRITERS, (writer) => complete(world, { writer, path, uploadId, part })),
  )
  assert.deepEqual(countOf(responses), { '200': WRITERS })
  assert.equal(new Set(responses.map(({ headers }) => headers['x-amz-version-id'])).size, 1)
  assert.deepEqual(await world.read(path), part)
  await assertVersionCount(world, bucket, 1)
}

/** Two uploads of one key are completed with If-None-Match: *, each by 16 at once: one upload becomes the object, the other none. */
export async function raceToCompleteFirst(world: RaceWorld, round: number): Promise<void> {
  const bucket = await world.makeBucket()
  if (round % 2 === 1) await enableVersions(world, bucket)
  const path = `/${bucket}/completed`
  const uploads = await Promise.all(
    times(2, async (which) => {
      const uploadId = await world.beginUpload(path)
      const part = bodyOf(round + which)
      await putPart(world, { writer: which, path, uploadId, part })
      return { uploadId, part }
    }),
  )
  const ifNoneMatch = { 'if-none-match': '*' }
  const responses = await Promise.all(
    times(WRITERS, async (writer) => {
      const which = (writer >> 1) % 2
      const { uploadId, part } = uploads[which] ?? assert.fail()
      return {
        which,
        response: await complete(world, { writer, path, uploadId, part, headers: ifNoneMatch }),
      }
    }),
  )
  const winners = new Set(responses.filter(({ response }) => isDone(response)).map(({ which }) => which))
  assert.equal(winners.size, 1, JSON.stringify(countOf(responses.map(({ response }) => response))))
  for (const { which, response } of responses)
    if (!winners.has(which)) assert.equal(codeOf(response), '412 PreconditionFailed')
  const [winner] = winners
  assert.deepEqual(await world.read(path), uploads[winner ?? 0]?.part)
  await assertVersionCount(world, bucket, 1)
}

/**
 * Write skew: who stores a part looks whether the upload is open, who completes looks at the parts, and each writes what the other looks at. 16
 * uploads at once, each with a writer that puts other bytes in the place of its part and one that completes it with the bytes it had.
 * Returns how many of them were completed.
 */
export async function racePartsAgainstCompletions(world: RaceWorld, round: number): Promise<number> {
  const bucket = await world.makeBucket()
  const completed = await Promise.all(
    times(WRITERS / 2, async (pair) => {
      const path = `/${bucket}/pair-${pair}`
      const uploadId = await world.beginUpload(path)
      const [before, after] = [bodyOf(pair), bodyOf(pair + 1)]
      await putPart(world, { writer: pair, path, uploadId, part: before })
      // Storing the part takes longer than completing: the completions begin one after the other, so that they meet it at different steps.
      const completing = async () => {
        await pause(pair * COMPLETION_STAGGER_MS)
        return await complete(world, { writer: pair + 1, path, uploadId, part: before })
      }
      const [replacement, completion] = await Promise.all([
        putPart(world, { writer: pair + round, path, uploadId, part: after }),
        completing(),
      ])
      assert.deepEqual(
        [codeOf(replacement), codeOf(completion)],
        isDone(completion) ? ['404 NoSuchUpload', '200'] : ['200', '400 InvalidPart'],
      )
      assert.deepEqual(await world.read(path), isDone(completion) ? before : null)
      return isDone(completion)
    }),
  )
  return completed.filter(Boolean).length
}

interface UploadStep {
  readonly writer: number
  readonly path: string
  readonly uploadId: string
  readonly part: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function putPart(world: RaceWorld, { writer, path, uploadId, part }: UploadStep): Promise<HttpResponse> {
  return world.s3(writer, { method: 'PUT', path: `${path}?partNumber=1&uploadId=${uploadId}`, body: part })
}

function complete(
  world: RaceWorld,
  { writer, path, uploadId, part, headers }: UploadStep,
): Promise<HttpResponse> {
  const list = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${md5(part)}</ETag></Part></CompleteMultipartUpload>`
  return world.s3(writer, {
    method: 'POST',
    path: `${path}?uploadId=${uploadId}`,
    body: Buffer.from(list),
    ...(headers && { headers }),
  })
}
