import { RegionName } from '../model/lightsail/shapes/operation-record.ts'
import type { ValueOf } from '../model/shape.ts'

/** A region that the API knows; each is served here, as a name that keeps buckets apart. */
type Region = ValueOf<typeof RegionName>

/** Whether a text is the name of a region in the API's list. */
export function isRegion(text: string): text is Region {
  return REGIONS.has(text)
}

const REGIONS: ReadonlySet<string> = new Set(RegionName.values)

/** A stored region in the API's type. */
export function toRegion(region: string): Region {
  if (!isRegion(region))
    throw new TypeError(`a stored record has the region ${region}, which no request can have had`)
  return region
}
