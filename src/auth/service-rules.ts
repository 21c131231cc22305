import { isRegion } from '../model/region.ts'
import type { PathRule } from './canonical-path.ts'

/** What differs between S3 and every other service in how a request is signed. */
export interface ServiceRules {
  /** The service's name in the scope. */
  readonly service: string
  readonly pathRule: PathRule
  /** `header`: x-amz-content-sha256 says what is signed of the body. `body`: always the digest of the whole body. */
  readonly payload: 'header' | 'body'
  /** Whether every x-amz-* header has to be signed. */
  readonly amzHeadersMustBeSigned: boolean
  /** Whether a text is a region that the service has. */
  readonly isRegion: (region: string) => boolean
  /** Whether a presigned URL says how long it is valid; where it does not count, it is as long as a signed header is. */
  readonly presignedUrlsExpire: boolean
}

/** How requests to S3 are signed. */
export const S3_RULES: ServiceRules = {
  service: 's3',
  pathRule: 'single',
  payload: 'header',
  amzHeadersMustBeSigned: true,
  isRegion,
  presignedUrlsExpire: true,
}

/** The rules of all services but S3. */
function serviceRules(service: string): ServiceRules {
  return {
    service,
    pathRule: 'double',
    payload: 'body',
    amzHeadersMustBeSigned: false,
    isRegion,
    presignedUrlsExpire: false,
  }
}

/** How requests to Lightsail's API are signed. */
export const LIGHTSAIL_RULES: ServiceRules = serviceRules('lightsail')

/** How requests to Lugsail's own API are signed. */
export const LUGSAIL_RULES: ServiceRules = serviceRules('lugsail')

/** Also regions where Lightsail is not: a client's own region is no matter to who it is. */
const isRegionName = (region: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(region)

/** How requests to STS are signed. */
export const STS_RULES: ServiceRules = { ...serviceRules('sts'), isRegion: isRegionName }
