import { PAGE_MAX } from '../../model/s3/shapes/listing.ts'
import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { UsageError } from '../usage-error.ts'
import { listObjects } from './list-objects.ts'
import { placeText, readPlace } from './place.ts'
import type { ObjectPlace } from './place.ts'
import type { ObjectRun } from './run-context.ts'

/** `lugsail rm`: deletes an object, or all below a prefix. */
export async function rm(run: ObjectRun): Promise<void> {
  const place = readPlace(run.words[0] ?? '')
  if (place.kind !== 'object') throw new UsageError(`expected s3://BUCKET/KEY, got ${placeText(place)}`)
  const isRecursive = run.options.has('recursive')
  if (!isRecursive && place.key === '')
    throw new UsageError(
      `${placeText(place)} names no object; --recursive deletes all in it, "lugsail delete-bucket" the bucket`,
    )
  run.report.beginList('deleted')
  if (isRecursive) await removeBelow(run, place)
  else {
    if (!run.options.has('dryrun'))
      await run.client.send(new DeleteObjectCommand({ Bucket: place.bucketName, Key: place.key }))
    say(run, place)
  }
}

async function removeBelow(run: ObjectRun, { bucketName, key }: ObjectPlace): Promise<void> {
  let keys: string[] = []
  for await (const listed of listObjects(run.client, { bucketName, prefix: folderPrefix(key) })) {
    keys.push(listed.key)
    if (keys.length < PAGE_MAX) continue
    await removeKeys(run, bucketName, keys)
    keys = []
  }
  if (keys.length > 0) await removeKeys(run, bucketName, keys)
}

/** The prefix of what lies below a folder: it ends with a slash, so that `a` does not mean `ab`. */
export const folderPrefix = (key: string): string => (key === '' || key.endsWith('/') ? key : `${key}/`)

async function removeKeys(run: ObjectRun, bucketName: string, keys: readonly string[]): Promise<void> {
  const { client, report, options } = run
  const refused = new Map<string, string>()
  if (!options.has('dryrun')) {
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({
        Bucket: bucketName,
        Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: key })) },
      }),
    )
    for (const { Key = '', Code = '', Message = '' } of Errors) refused.set(Key, `${Code}: ${Message}`)
  }
  for (const key of keys) {
    const why = refused.get(key)
    if (why === undefined) say(run, { kind: 'object', bucketName, key })
    else
      report.failure('deleted', `s3://${bucketName}/${key} was not deleted: ${why}`, {
        bucket: bucketName,
        key,
      })
  }
}

function say({ report, options }: ObjectRun, place: ObjectPlace): void {
  const isDry = options.has('dryrun')
  report.entry('deleted', `${isDry ? '(dryrun) ' : ''}delete: ${placeText(place)}`, {
    bucket: place.bucketName,
    key: place.key,
    ...(isDry ? { isDryRun: true } : {}),
  })
}
