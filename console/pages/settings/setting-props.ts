import type { Bucket } from '../../data/buckets.ts'

/** What a setting of an account's own is given. */
export interface AccountSettingProps {
  readonly bucket: Bucket
}
