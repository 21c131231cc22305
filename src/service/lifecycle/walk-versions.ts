import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { listObjectVersions, type ListedVersion } from '../objects/list-object-versions.ts'
import type { VersionInPlace } from './due-versions.ts'

const PAGE_SIZE = 1_000

/** All versions of a bucket under a prefix, each with its place among those of its object. Holds one page at a time. */
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
  const newerOfSame = newer?.key === version.key ? newer : null
  return {
    ...version,
    noncurrentSince: newerOfSame?.record.lastModified ?? null,
    newerNoncurrent: !newerOfSame || newerOfSame.isLatest ? 0 : newerOfSame.newerNoncurrent + 1,
    isAlone: newerOfSame === null && next?.key !== version.key,
  }
}

async function* listAll(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  prefix: string,
): AsyncGenerator<ListedVersion> {
  let markers: { keyMarker?: string; versionIdMarker?: string } = {}
  for (;;) {
    const page = await listObjectVersions(context, admission, { prefix, maxKeys: PAGE_SIZE, ...markers })
    yield* page.versions
    if (!page.isTruncated || page.nextKeyMarker === undefined) return
    markers = {
      keyMarker: page.nextKeyMarker,
      ...(page.nextVersionIdMarker !== undefined && { versionIdMarker: page.nextVersionIdMarker }),
    }
  }
}
