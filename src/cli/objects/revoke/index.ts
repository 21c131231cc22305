import { lightsailOperations } from '../../../model/lightsail/index.ts'
import { lugsailOperations } from '../../../model/lugsail/index.ts'
import { PageWalk } from '../../../client/pages.ts'
import type { LightsailClient } from '../../../client/lightsail-client.ts'
import { parseTimestamp } from '../../../client/timestamp.ts'
import { isList, isRecord, type WireRecord, type WireValue } from '../../../client/values.ts'
import { MINTED_ID, readPastInstant } from '../../key-words.ts'
import { createClient, planClient } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'
import type { ObjectRun } from '../run-context.ts'
import { accessLogEvents, type LogPlace } from './access-log-events.ts'
import { auditEvents } from './audit-events.ts'
import { KeyReport, type KeyEvent } from './key-report.ts'

/** `lugsail revoke`: an access key is switched off, what it began is ended, and what it did is reported. */
export async function revoke(run: ObjectRun): Promise<void> {
  const { session, options, report, words } = run
  const word = words[0] ?? ''
  const path = options.text('report')
  const auditLog = options.text('auditLog')
  if (path === undefined && (auditLog !== undefined || options.text('since') !== undefined))
    throw new UsageError('--since and --audit-log say what is in a report: name its file with --report')
  const since = readPastInstant('--since', options.text('since') ?? '1970-01-01')
  // A file that cannot be written is found before anything is done; the key is off before anything is read.
  const file = path === undefined ? null : new KeyReport(path, { isJson: options.has('json') })
  const client = await createClient(session, await planClient(session))
  const which = new Map<string, WireValue>([[MINTED_ID.test(word) ? 'accessKeyId' : 'name', word]])
  const { status, accessKeyIds, abortedUploads } = await switchOff(client, which)
  // What the report has is not for the same place.
  const isTold = path !== '-'
  if (isTold) report.entry('keys', `${word}: ${status}`, { accessKey: word, status })
  if (isTold) report.beginList('abortedUploads')
  for (const upload of abortedUploads)
    if (isTold)
      report.entry(
        'abortedUploads',
        `ended upload ${textOf(upload, 'uploadId')} of s3://${textOf(upload, 'bucketName')}/${textOf(upload, 'objectKey')}`,
        eventOf(upload),
      )
  if (!file) return
  const wanted = { accessKeyIds: new Set(accessKeyIds), since }
  file.begin('uses')
  for await (const use of pagesOf(
    client,
    lugsailOperations.GetAccessKeyUse,
    new Map([...which, ['since', since / 1_000]]),
  ))
    file.add(eventOf(use))
  file.begin('auditLog')
  if (auditLog !== undefined)
    for await (const event of auditEvents(auditLog, wanted, run.signal)) file.add(event)
  file.begin('accessLogs')
  for (const place of await logPlaces(client))
    for await (const event of accessLogEvents(run.client, place, wanted, run.signal)) file.add(event)
  file.finish()
}

interface SwitchedOff {
  readonly status: string
  readonly accessKeyIds: readonly string[]
  readonly abortedUploads: readonly WireRecord[]
}

async function switchOff(client: LightsailClient, which: WireRecord): Promise<SwitchedOff> {
  const operation = lugsailOperations.RevokeAccessKey
  const first = await client.call(operation, which)
  const key = recordAt(first, 'accessKey')
  const retiring = recordAt(key, 'retiringKey')
  const abortedUploads = [...recordsAt(first, 'abortedUploads')]
  const next = first.get('nextPageToken')
  if (typeof next === 'string')
    for await (const upload of pagesOf(client, operation, new Map([...which, ['pageToken', next]])))
      abortedUploads.push(upload)
  return {
    status: textOf(key, 'status'),
    accessKeyIds: [textOf(key, 'accessKeyId'), textOf(retiring, 'accessKeyId')].filter(Boolean),
    abortedUploads,
  }
}

/** Where the access logs of the region's buckets are; several may go to one place. */
async function logPlaces(client: LightsailClient): Promise<readonly LogPlace[]> {
  const places = new Map<string, LogPlace>()
  // To the client Amazon's GetBuckets is no operation of pages, though it has tokens.
  let parameters: WireRecord | null = new Map<string, WireValue>()
  while (parameters) {
    const page: WireRecord = await client.call(lightsailOperations.GetBuckets, parameters)
    for (const bucket of recordsAt(page, 'buckets')) {
      const config = recordAt(bucket, 'accessLogConfig')
      if (config.get('enabled') !== true) continue
      const place = { bucketName: textOf(config, 'destination'), prefix: textOf(config, 'prefix') }
      places.set(`${place.bucketName}/${place.prefix}`, place)
    }
    const next = page.get('nextPageToken')
    parameters = typeof next === 'string' ? new Map([['pageToken', next]]) : null
  }
  return [...places.values()]
}

type PagedOperation = ConstructorParameters<typeof PageWalk>[1]

/** All that the pages of an operation add up to, one by one. */
async function* pagesOf(
  client: LightsailClient,
  operation: Omit<PagedOperation, 'pagination'> & { readonly pagination?: PagedOperation['pagination'] },
  parameters: WireRecord,
): AsyncGenerator<WireRecord> {
  const { pagination } = operation
  if (!pagination) throw new TypeError(`${operation.name} has no pages`)
  const walk = new PageWalk(client, { ...operation, pagination }, parameters, {})
  for await (const page of walk.pages()) yield* recordsAt(page, walk.resultName)
}

function recordsAt(record: WireRecord, name: string): WireRecord[] {
  const value = record.get(name)
  return value !== undefined && isList(value) ? value.filter(isRecord) : []
}

function recordAt(record: WireRecord, name: string): WireRecord {
  const value = record.get(name)
  return value !== undefined && isRecord(value) ? value : new Map<string, WireValue>()
}

const textOf = (record: WireRecord, name: string): string => {
  const value = record.get(name)
  return typeof value === 'string' ? value : ''
}

/** Members that are instants, whatever form the settings give to these. */
const INSTANTS: ReadonlySet<string> = new Set(['first', 'last'])

function eventOf(record: WireRecord): KeyEvent {
  return Object.fromEntries(
    [...record].map(([name, value]) => [name, INSTANTS.has(name) ? isoOf(value) : plainOf(value)]),
  )
}

const plainOf = (value: WireValue): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

function isoOf(value: WireValue): string | undefined {
  const timestamp = parseTimestamp(value)
  return timestamp && new Date(timestamp.epochMicroseconds / 1_000).toISOString()
}
