import { keyAfter } from '../../base/key.ts'
import type { KEY_STATUSES } from '../../model/lugsail/access-key-shapes.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { refusalOf } from '../credentials/refused-key.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { bucketKey, bucketKeyNamesRange, credentialKey, keyNameKey, keyNamesRange } from '../keyspace.ts'
import { makePageToken, pageStart } from '../page-token.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec, keyNameCodec } from '../records/credential.ts'
import type { ApplicationCredential, KeyNameRecord } from '../records/credential.ts'
import { readKey } from './read-key.ts'

const KEYS_PER_PAGE = 100
/** Where few keys have the status that is asked for, a page ends after so many that were looked at. */
const LOOKED_AT_MAX = 1_000

/** Which keys are wanted; what is absent leaves none out. */
export interface KeyFilter {
  readonly name?: string | undefined
  readonly namePrefix?: string | undefined
  readonly bucketName?: string | undefined
  readonly status?: KeyStatus | undefined
  readonly pageToken?: string | undefined
}

type KeyStatus = (typeof KEY_STATUSES)[number]

/** A key with what it was before its rotation, until that is deleted. */
export interface ListedKey {
  readonly key: ApplicationCredential
  readonly retiring: KeyNameRecord['retiring']
}

interface KeysPage {
  /** By name. */
  readonly keys: readonly ListedKey[]
  /** Absent on the last page. */
  readonly nextPageToken?: string
}

/** What the status of an application key, or a role, is at this moment (`nowMs`, epoch milliseconds). */
export function keyStatusOf(
  key: Pick<ApplicationCredential, 'status' | 'validUntil'>,
  nowMs: number,
): KeyStatus {
  const refusal = refusalOf(key, nowMs)
  return refusal === null ? 'Active' : refusal.why === 'expired' ? 'Expired' : 'Inactive'
}

/**
 * The account's application keys, by name: each page reads the rows that it shows, however many keys there are. Throws `InvalidApplicationKey` for a bad
 * token, and `NoSuchApplicationKey` for a bucket that is not the account's.
 */
export async function listKeys(
  context: ServiceContext,
  { accountId }: Pick<Caller, 'accountId'>,
  filter: KeyFilter,
): Promise<KeysPage> {
  const nowMs = context.clock.now()
  const isWanted = ({ key }: ListedKey): boolean =>
    filter.status === undefined || keyStatusOf(key, nowMs) === filter.status
  if (filter.name !== undefined) return { keys: (await oneKey(context, accountId, filter)).filter(isWanted) }
  const { range, prefix, list } = await rowsFor(context, accountId, filter)
  let start = pageStart(context, list, prefix, filter.pageToken)
  if (Buffer.compare(start, range.start) < 0) start = range.start
  const keys: ListedKey[] = []
  for (let lookedAt = 0; ;) {
    const limit = KEYS_PER_PAGE - keys.length
    const rows = await context.metadata.scan({ start, end: range.end, limit: limit + 1, keysOnly: true })
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    if (!last) return { keys }
    const names = shown.map(({ key }) => key.toString('utf8', prefix.length))
    keys.push(...(await keysNamed(context, accountId, names)).filter(isWanted))
    if (rows.length <= limit) return { keys }
    lookedAt += shown.length
    if (keys.length >= KEYS_PER_PAGE || lookedAt >= LOOKED_AT_MAX)
      return { keys, nextPageToken: makePageToken(context, list, last.key.subarray(prefix.length)) }
    start = keyAfter(last.key)
  }
}

async function oneKey(
  context: ServiceContext,
  accountId: string,
  { name = '', namePrefix = '', bucketName }: KeyFilter,
): Promise<readonly ListedKey[]> {
  const bucketId = bucketName === undefined ? undefined : await ownBucketId(context, accountId, bucketName)
  try {
    const { record, names } = await readKey(context, accountId, name)
    const isOfBucket =
      bucketId === undefined || record.buckets?.some((bucket) => bucket.bucketId === bucketId) === true
    const listed = { key: record, retiring: names.retiring }
    return isOfBucket && name.startsWith(namePrefix) ? [listed] : []
  } catch (error) {
    if (isDomainError(error, 'NoSuchApplicationKey')) return []
    throw error
  }
}

/** The rows in which the wanted keys are, by name behind `prefix`, and what their list is called in page tokens. */
async function rowsFor(
  context: ServiceContext,
  accountId: string,
  { bucketName, namePrefix = '' }: KeyFilter,
) {
  if (bucketName === undefined)
    return {
      range: keyNamesRange(accountId, namePrefix),
      prefix: keyNamesRange(accountId).start,
      list: `application keys\0${accountId}`,
    }
  const bucketId = await ownBucketId(context, accountId, bucketName)
  return {
    range: bucketKeyNamesRange(bucketId, namePrefix),
    prefix: bucketKeyNamesRange(bucketId).start,
    list: `application keys\0${accountId}\0${bucketId}`,
  }
}

async function ownBucketId(context: ServiceContext, accountId: string, bucketName: string): Promise<string> {
  const [entry] = await context.metadata.getMany([bucketKey(bucketName)])
  const bucket = entry ? bucketCodec.decode(entry.value) : null
  if (bucket?.accountId !== accountId)
    throw new DomainError('NoSuchBucket', { bucketName: bucketName.slice(0, 63) })
  return bucket.bucketId
}

/** Keys that were deleted between the reads are left out. */
async function keysNamed(
  context: ServiceContext,
  accountId: string,
  names: readonly string[],
): Promise<ListedKey[]> {
  const rows = await context.metadata.getMany(names.map((name) => keyNameKey(accountId, name)))
  const found = rows.flatMap((row) => (row ? [keyNameCodec.decode(row.value)] : []))
  const entries = await context.metadata.getMany(found.map(({ accessKeyId }) => credentialKey(accessKeyId)))
  return entries.flatMap((entry, at) => {
    const key = entry ? credentialCodec.decode(entry.value) : null
    return key?.type === 'application-key' ? [{ key, retiring: found[at]?.retiring }] : []
  })
}
