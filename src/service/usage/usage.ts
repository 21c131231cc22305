import type { Change, MetadataStore } from '../../storage/metadata-store.ts'
import { readCounters } from '../../storage/metadata-store.ts'
import { usageKey, usageRange } from '../keyspace.ts'

/** Rows over which the counters of one bucket are spread, so that no two writers need wait for the same row. */
const SHARDS = 16

/** What a bucket holds: all versions and the parts of uploads count towards both. */
export interface Usage {
  readonly sizeBytes: number
  readonly objects: number
}

type Adds = NonNullable<Change['adds']>

/** The `adds` that count a change of a bucket in the commit that makes it; empty when nothing changes. */
export function usageDelta(bucketId: string, { sizeBytes, objects }: Usage): Adds {
  if (sizeBytes === 0 && objects === 0) return []
  return [{ key: usageKey(bucketId, randomShard()), amounts: [sizeBytes, objects] }]
}

/** What the bucket holds now: the sum of its rows, read at once. */
export async function readUsage(metadata: MetadataStore, bucketId: string): Promise<Usage> {
  const rows = await metadata.scan({ ...usageRange(bucketId), limit: SHARDS })
  let [sizeBytes, objects] = [0, 0]
  for (const row of rows) {
    const [rowBytes = 0, rowObjects = 0] = readCounters(row, 2)
    sizeBytes += rowBytes
    objects += rowObjects
  }
  return { sizeBytes, objects }
}

/** One of {@link SHARDS} shard names, by chance. */
export const randomShard = (): string => Math.floor(Math.random() * SHARDS).toString(16)
