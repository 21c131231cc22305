import type { NoFields } from './no-fields.ts'

/** How many entries a page may have, by what is listed. */
export type PageLimit = 'maxKeys' | 'maxParts' | 'maxUploads'

/** Of pages of lists. */
export interface ListingErrors {
  /** It is below 0. */
  InvalidPageSize: { readonly limit: PageLimit; readonly wanted: number }
  InvalidContinuationToken: NoFields
  /** Of the control plane's lists. */
  InvalidPageToken: NoFields
  /** Stored keys could be mistaken to contain it. */
  UnsupportedDelimiter: NoFields
  InvalidVersionMarker: {
    readonly versionIdMarker: string
    readonly problem: 'no-version-id' | 'no-key-marker'
  }
}
