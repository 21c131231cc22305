import { ACCOUNT_PAGE_LIST, BUCKET_PAGE_LIST } from '../pages/page-list.ts'
import { ACCOUNT_PAGES, BUCKET_PAGES, type AccountPage, type BucketPage } from '../routing/places.ts'
import type { Doing } from '../session/rights.ts'

type May = (doing: Doing) => boolean

const isOffered = (listed: { readonly needs?: readonly Doing[] } | undefined, may: May): boolean =>
  listed !== undefined && (listed.needs?.some(may) ?? true)

/** The pages of the account that one may see. */
export const offeredAccountPages = (may: May): readonly AccountPage[] =>
  ACCOUNT_PAGES.filter((page) => isOffered(ACCOUNT_PAGE_LIST[page], may))

/** The pages of a bucket that one may see. */
export const offeredBucketPages = (may: May): readonly BucketPage[] =>
  BUCKET_PAGES.filter((page) => isOffered(BUCKET_PAGE_LIST[page], may))
