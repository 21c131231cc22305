import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { WantedEvents } from './audit-events.ts'
import type { KeyEvent } from './key-report.ts'
import { ACCESS_LOG_NAME, accessLogTime } from '../../../model/s3/access-log-name.ts'

/** Where a bucket's access log is delivered to. */
export interface LogPlace {
  readonly bucketName: string
  readonly prefix: string
}

/** Fields of a line: a time in brackets, a text in quotes, or a word. */
const FIELD = /\[[^\]]*\]|"[^"]*"|\S+/g

/** What the logs of a place tell of keys, in the order in which they were delivered. */
export async function* accessLogEvents(
  client: S3Client,
  { bucketName, prefix }: LogPlace,
  wanted: WantedEvents,
  abortSignal: AbortSignal,
): AsyncGenerator<KeyEvent> {
  // A line is delivered after its request: earlier logs have none that is wanted.
  const earliest = accessLogTime(wanted.since)
  let next: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucketName,
        Prefix: prefix,
        StartAfter: prefix + earliest,
        ContinuationToken: next,
      }),
      { abortSignal },
    )
    for (const { Key = '' } of page.Contents ?? [])
      if (ACCESS_LOG_NAME.test(Key.slice(prefix.length)))
        yield* eventsOf(client, bucketName, Key, wanted, abortSignal)
    next = page.NextContinuationToken
  } while (next !== undefined)
}

async function* eventsOf(
  client: S3Client,
  Bucket: string,
  Key: string,
  { accessKeyIds, since }: WantedEvents,
  abortSignal: AbortSignal,
): AsyncGenerator<KeyEvent> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal })
  // The SDK gives Node's stream under Node.
  if (!(Body instanceof Readable)) return
  for await (const line of createInterface({ input: Body, crlfDelay: Infinity })) {
    const accessKeyId = line.slice(line.lastIndexOf(' ') + 1)
    if (!accessKeyIds.has(accessKeyId)) continue
    const fields = line.match(FIELD) ?? []
    const at = timeOf(fields[2] ?? '')
    if (at >= since) yield { time: new Date(at).toISOString(), accessKeyId, ...namesOf(fields) }
  }
}

/** `[06/Feb/2030:00:00:38 +0000]`; 0 for what is none. */
function timeOf(field: string): number {
  const [, date = '', time = ''] = /^\[([^:]+):(.*)\]$/.exec(field) ?? []
  const at = Date.parse(`${date.replaceAll('/', ' ')} ${time}`)
  return Number.isNaN(at) ? 0 : at
}

/** The fields that tell what was done, by their names; those that are not known are left out. */
function namesOf(fields: readonly string[]): KeyEvent {
  const text = (at: number): string | undefined => {
    const field = fields[at]?.replace(/^"|"$/g, '')
    return field === '-' ? undefined : field
  }
  return {
    bucketName: text(1),
    address: text(3),
    requestId: text(5),
    operation: text(6),
    objectKey: text(7),
    request: text(8),
    status: text(9),
    errorCode: text(10),
    sentBytes: text(11),
    objectBytes: text(12),
    agent: text(16),
    versionId: text(17),
  }
}
