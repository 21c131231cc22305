import { UsageError } from '../usage-error.ts'
import { download } from './download.ts'
import { readObjectPlace } from './place.ts'
import type { ObjectRun } from './run-context.ts'
import { writeToStandardOutput } from './standard-output.ts'

/** `lugsail cat`: an object to standard output. */
export async function cat(run: ObjectRun): Promise<void> {
  const place = readObjectPlace(run.words[0] ?? '')
  if (place.key === '') throw new UsageError(`s3://${place.bucketName} names no object`)
  const { body } = await download(run, place)
  await writeToStandardOutput(body, run.signal)
}
