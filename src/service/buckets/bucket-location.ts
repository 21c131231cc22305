import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** The first region that S3 had: its buckets have an empty location unless they were made with one, and it makes those of all others, too. */
export const OLDEST_REGION = 'us-east-1'

/** As regions are called, whether anybody has one of that name. */
const REGION_NAME = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/

/** Where a bucket is, and the location that it was made with, to be told again. */
type Location = Pick<BucketRecord, 'region' | 'locationConstraint'>

/**
 * A new bucket belongs to the region that is addressed; a location that says otherwise is refused by all but the oldest. `wanted`: empty where the
 * request says none. Throws `LocationElsewhere` and `NoSuchLocation`.
 */
export function newBucketLocation(addressed: string, wanted: string): Location {
  const region = regionOf(addressed, wanted)
  // Of the oldest region none is told, not even where it was named.
  return wanted === '' || wanted === OLDEST_REGION ? { region } : { region, locationConstraint: wanted }
}

function regionOf(addressed: string, locationConstraint: string): string {
  const region = locationConstraint === 'EU' ? 'eu-west-1' : locationConstraint
  if (region === '' || region === addressed) return addressed
  if (addressed !== OLDEST_REGION) throw new DomainError('LocationElsewhere', { locationConstraint })
  if (!REGION_NAME.test(region)) throw new DomainError('NoSuchLocation', { locationConstraint })
  return region
}

/** A bucket's location as S3 tells it: empty for the oldest region. */
export const toldLocation = ({ region, locationConstraint }: Location): string =>
  locationConstraint ?? (region === OLDEST_REGION ? '' : region)
