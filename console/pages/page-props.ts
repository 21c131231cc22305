/** What a page of the account is given. */
export interface AccountPageProps {
  /** The parts of the address behind the page's own. */
  readonly rest: readonly string[]
}

/** What a page of a bucket is given. */
export interface BucketPageProps extends AccountPageProps {
  readonly bucket: string
  readonly region: string
}
