import { isRegion, type Region } from '../model/region.ts'

/** A stored region in the API's type. */
export function toRegion(region: string): Region {
  if (!isRegion(region))
    throw new TypeError(`a stored record has the region ${region}, which no request can have had`)
  return region
}
