/** Where the console is on the server. */
const BASE = '/-/console'

/** Where one signs in. */
export const CONSOLE_HOME = `${BASE}/`

/** The pages of a bucket. */
export const BUCKET_PAGES = ['objects', 'keys', 'settings', 'overview'] as const
/** One of {@link BUCKET_PAGES}. */
export type BucketPage = (typeof BUCKET_PAGES)[number]
/** The pages of the account. */
export const ACCOUNT_PAGES = ['buckets', 'keys', 'roles', 'activity', 'accounts', 'health'] as const
/** One of {@link ACCOUNT_PAGES}. */
export type AccountPage = (typeof ACCOUNT_PAGES)[number]

/** A place in the console, as an address tells it. */
export type Place =
  | { readonly page: AccountPage; readonly rest: readonly string[] }
  | {
      readonly page: 'bucket'
      readonly bucket: string
      readonly tab: BucketPage
      readonly rest: readonly string[]
    }
  | { readonly page: 'unknown' }

/** Reads the path of an address. */
export function placeOf(pathname: string): Place {
  const [first = '', ...others] = segmentsOf(pathname)
  if (first === '') return { page: 'buckets', rest: [] }
  if (first === 'buckets') {
    const [bucket, tab = 'objects', ...rest] = others
    if (bucket === undefined || bucket === '') return { page: 'buckets', rest: [] }
    return isBucketPage(tab) ? { page: 'bucket', bucket, tab, rest } : { page: 'unknown' }
  }
  return isAccountPage(first) ? { page: first, rest: others } : { page: 'unknown' }
}

/** The address of a page of the account: `accountPlace('keys', 'backup')`. */
export const accountPlace = (page: AccountPage, ...rest: readonly string[]): string =>
  [BASE, page, ...rest.map(encodeURIComponent)].join('/')

/** The address of a page of a bucket: `bucketPlace('photos', 'settings', 'cors')`. */
export const bucketPlace = (bucket: string, tab: BucketPage, ...rest: readonly string[]): string =>
  [BASE, 'buckets', bucket, tab, ...rest.map(encodeURIComponent)].join('/')

/** The decoded segments below {@link BASE}. A last empty one tells that the address ends with a slash. */
function segmentsOf(pathname: string): string[] {
  if (!pathname.startsWith(`${BASE}/`)) return []
  return pathname
    .slice(BASE.length + 1)
    .split('/')
    .map((segment) => {
      try {
        return decodeURIComponent(segment)
      } catch {
        return segment
      }
    })
}

const isBucketPage = (text: string): text is BucketPage => (BUCKET_PAGES as readonly string[]).includes(text)
const isAccountPage = (text: string): text is AccountPage =>
  (ACCOUNT_PAGES as readonly string[]).includes(text)
