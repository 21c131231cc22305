import { RegionName } from './lightsail/shapes/operation-record.ts'
import type { ValueOf } from './shape.ts'

/** A region that the APIs know; each is served here, as a name that keeps buckets apart. */
export type Region = ValueOf<typeof RegionName>

const REGIONS: ReadonlySet<string> = new Set(RegionName.values)

/** Whether a text is the name of a region in the APIs' list. */
export function isRegion(text: string): text is Region {
  return REGIONS.has(text)
}
