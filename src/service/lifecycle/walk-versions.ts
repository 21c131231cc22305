import { DamagedRecord } from '../../storage/metadata-store.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { parseObjectRowKey } from '../keyspace.ts'
import { listObjectVersions, type ListedVersion } from '../objects/list-object-versions.ts'
import type { VersionInPlace } from './due-versions.ts'

const PAGE_SIZE = 1_000

/**
 * All versions of a bucket under a prefix, each with its place among those of its object; but of objects of which a version's record is damaged none: their
 * places cannot be told. That is noted. Holds one page at a time.
 */
export async function* walkVersions(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  prefix: string,
): AsyncGenerator<VersionInPlace> {
  let newer: VersionInPlace | null = null
  let waiting: ListedVersion | null = null
  for await (const next of listAll(context, admission, prefix)) {
    if (waiting) yield (newer = inPlace(newer, waiting, next))
    waiting = next
  }
  if (waiting) yield inPlace(newer, waiting, null)
}

function inPlace(
  newer: VersionInPlace | null,
  version: ListedVersion,
  next: ListedVersion | null,
): VersionInPlace {
  const newerOfSame = newer?.objectKey === version.objectKey ? newer : null
  return {
    ...version,
    noncurrentSince: newerOfSame?.record.lastModified ?? null,
    newerNoncurrent: !newerOfSame || newerOfSame.isLatest ? 0 : newerOfSame.newerNoncurrent + 1,
    isAlone: newerOfSame === null && next?.objectKey !== version.objectKey,
  }
}

async function* listAll(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  prefix: string,
): AsyncGenerator<ListedVersion> {
  let markers: { keyMarker?: string; versionIdMarker?: string } = {}
  /** The object that cannot be read: what is before it comes first, then what is behind it. */
  let before: string | undefined
  for (;;) {
    let page: Awaited<ReturnType<typeof listObjectVersions>>
    try {
      const until = before === undefined ? {} : { before }
      page = await listObjectVersions(context, admission, {
        prefix,
        maxKeys: PAGE_SIZE,
        ...markers,
        ...until,
      })
    } catch (error) {
      const damagedKey = await keyOfDamaged(context, admission, error)
      if (damagedKey === before || damagedKey === markers.keyMarker) {
        markers = { keyMarker: damagedKey }
        before = undefined
      } else before = damagedKey
      continue
    }
    yield* page.versions
    if (!page.isTruncated || page.nextKeyMarker === undefined) {
      if (before === undefined) return
      markers = { keyMarker: before }
      before = undefined
      continue
    }
    markers = {
      keyMarker: page.nextKeyMarker,
      ...(page.nextVersionIdMarker !== undefined && { versionIdMarker: page.nextVersionIdMarker }),
    }
  }
}

/** Of which object in the bucket a record is damaged, as an error of a listing says. Throws all else. */
async function keyOfDamaged(
  context: ServiceContext,
  { bucket }: Pick<Admission, 'bucket'>,
  error: unknown,
): Promise<string> {
  if (!(error instanceof DamagedRecord)) throw error
  const row = parseObjectRowKey(error.key)
  if (row?.bucketId !== bucket.record.bucketId) throw error
  await context.damage.noteRecord(error)
  return row.key
}
