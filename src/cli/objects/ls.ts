import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { ObjectError } from './object-error.ts'
import { listPages } from './list-objects.ts'
import type { ListedObject } from './list-objects.ts'
import { readObjectPlace } from './place.ts'
import type { ObjectRun } from './run-context.ts'
import { sizeText } from './sizes.ts'

const DATE_WIDTH = 19
const SIZE_WIDTH = 10

/** `lugsail ls`: all buckets, or what of a bucket begins with a prefix. */
export async function ls(run: ObjectRun): Promise<void> {
  const [word] = run.words
  if (word === undefined || word === 's3://') await listBuckets(run)
  else await listPrefix(run, word)
}

async function listBuckets({ client, report }: ObjectRun): Promise<void> {
  report.beginList('buckets')
  let token: string | undefined
  do {
    const page = await client.send(
      new ListBucketsCommand(token === undefined ? {} : { ContinuationToken: token }),
    )
    for (const { Name: name = '', CreationDate } of page.Buckets ?? [])
      report.entry('buckets', `${localTime(CreationDate)} ${name}`, {
        name,
        createdAt: CreationDate?.toISOString(),
      })
    token = page.ContinuationToken
  } while (token !== undefined && token !== '')
}

async function listPrefix({ client, report, options }: ObjectRun, word: string): Promise<void> {
  const { bucketName, key: prefix } = readObjectPlace(word)
  const isRecursive = options.has('recursive')
  const shown = (key: string): string => (isRecursive ? key : key.slice(prefix.lastIndexOf('/') + 1))
  const sizeOf = (bytes: number): string => (options.has('humanReadable') ? sizeText(bytes) : String(bytes))
  let isEmpty = true
  const say = ({ key, sizeBytes, modifiedAt }: ListedObject): void =>
    report.entry(
      'objects',
      `${localTime(modifiedAt)} ${sizeOf(sizeBytes).padStart(SIZE_WIDTH)} ${shown(key)}`,
      { bucket: bucketName, key, sizeBytes, modifiedAt: modifiedAt?.toISOString() },
    )
  report.beginList('objects')
  const pages = listPages(client, { bucketName, prefix, ...(isRecursive ? {} : { delimiter: '/' }) })
  for await (const { objects, prefixes } of pages) {
    isEmpty &&= objects.length === 0 && prefixes.length === 0
    for (const each of prefixes)
      report.entry('objects', `${'PRE'.padStart(DATE_WIDTH + 1 + SIZE_WIDTH)} ${shown(each)}`, {
        bucket: bucketName,
        prefix: each,
      })
    objects.forEach(say)
  }
  // As aws s3 ls: whoever asked for something learns by the exit code that it is not there.
  if (isEmpty && prefix !== '')
    throw new ObjectError(`nothing in ${bucketName} begins with ${JSON.stringify(prefix)}`)
}

/** `2030-01-31 12:00:00` where this machine is. */
function localTime(date: Date | undefined): string {
  if (date === undefined) return ' '.repeat(DATE_WIDTH)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
