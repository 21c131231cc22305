import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { operationIndexRange, operationRecordKey, resourceOperationRange } from '../keyspace.ts'
import { makePageToken, pageStart } from '../page-token.ts'
import { operationCodec } from '../records/operation.ts'
import type { OperationRecord } from '../records/operation.ts'

/** As the API documents it. */
const OPERATIONS_PER_PAGE = 200

interface OperationRecordsPage {
  /** Oldest first. */
  readonly records: readonly OperationRecord[]
  /** Absent on the last page. */
  readonly nextPageToken?: string
}

/** Throws `NoSuchOperationRecord` when the caller's account has no such operation in the caller's region. */
export async function getOperationRecord(
  context: ServiceContext,
  caller: Caller,
  operationId: string,
): Promise<OperationRecord> {
  const [entry] = await context.metadata.getMany([operationRecordKey(operationId)])
  const record = entry ? operationCodec.decode(entry.value) : null
  if (record?.accountId !== caller.accountId || record.region !== caller.region) {
    throw new DomainError('NoSuchOperationRecord', { operationId })
  }
  return record
}

/** All operations of the account in the region. Throws `InvalidPageToken`. */
export async function listOperationRecords(
  context: ServiceContext,
  caller: Caller,
  pageToken?: string,
): Promise<OperationRecordsPage> {
  const list = `operations\0${caller.accountId}\0${caller.region}`
  return await readPage(context, operationIndexRange(caller.accountId, caller.region), list, pageToken)
}

/** The operations on one resource; an unknown one has none. Throws `InvalidPageToken`. */
export async function listOperationRecordsForResource(
  context: ServiceContext,
  caller: Caller,
  resourceName: string,
  pageToken?: string,
): Promise<OperationRecordsPage> {
  const { accountId, region } = caller
  const list = `resource operations\0${accountId}\0${region}\0${resourceName}`
  return await readPage(context, resourceOperationRange(accountId, region, resourceName), list, pageToken)
}

/** Both indexes end in `uint64(ms) raw(operationId)`, and a token holds the part of the last key behind the list's own prefix. */
async function readPage(
  context: ServiceContext,
  range: { start: Buffer; end: Buffer },
  list: string,
  pageToken?: string,
): Promise<OperationRecordsPage> {
  const start = pageStart(context, list, range.start, pageToken)
  const found = await context.metadata.scan({
    start,
    end: range.end,
    limit: OPERATIONS_PER_PAGE + 1,
    keysOnly: true,
  })
  const places = found.slice(0, OPERATIONS_PER_PAGE).map(({ key }) => key.subarray(range.start.length))
  const ids = places.map((place) => place.toString('utf8', 8))
  const entries = ids.length === 0 ? [] : await context.metadata.getMany(ids.map(operationRecordKey))
  // A record may be pruned between the two reads; the page is then one shorter.
  const records = entries.flatMap((entry) => (entry ? [operationCodec.decode(entry.value)] : []))
  const last = places.at(-1)
  if (found.length <= OPERATIONS_PER_PAGE || !last) return { records }
  return { records, nextPageToken: makePageToken(context, list, last) }
}
