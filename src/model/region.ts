import { RegionName } from './lightsail/shapes/operation-record.ts'
import type { ValueOf } from './shape.ts'

/** A region that the APIs know; each is served here, as a name that keeps buckets apart. */
export type Region = ValueOf<typeof RegionName>

/** All of them, as the APIs list them. */
export const REGIONS: readonly Region[] = RegionName.values ?? []

const known: ReadonlySet<string> = new Set(REGIONS)

/** Whether a text is the name of a region in the APIs' list. */
export function isRegion(text: string): text is Region {
  return known.has(text)
}
