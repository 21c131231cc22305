import { ACCOUNT_PAGES, BUCKET_PAGES, type AccountPage, type BucketPage } from '../routing/places.ts'
import type { Doing } from '../session/rights.ts'

type May = (doing: Doing) => boolean

/** What one must be allowed to do to see a page of the account, one of these; everybody sees what is not named. */
const ACCOUNT_PAGE_NEEDS: Partial<Readonly<Record<AccountPage, readonly Doing[]>>> = {
  keys: ['manage-account'],
  roles: ['manage-account'],
  activity: ['manage-account'],
  accounts: ['manage-server'],
  health: ['manage-server'],
}

/** The same for the pages of a bucket. */
const BUCKET_PAGE_NEEDS: Partial<Readonly<Record<BucketPage, readonly Doing[]>>> = {
  objects: ['list', 'read', 'write'],
}

/** The pages of the account that one may see. */
export const offeredAccountPages = (may: May): readonly AccountPage[] =>
  ACCOUNT_PAGES.filter((page) => ACCOUNT_PAGE_NEEDS[page]?.some(may) ?? true)

/** The pages of a bucket that one may see. */
export const offeredBucketPages = (may: May): readonly BucketPage[] =>
  BUCKET_PAGES.filter((page) => BUCKET_PAGE_NEEDS[page]?.some(may) ?? true)

/** Whether a page is about the whole server, which only the first account sees. */
export const isPageOfServer = (page: AccountPage): boolean =>
  ACCOUNT_PAGE_NEEDS[page]?.includes('manage-server') === true
