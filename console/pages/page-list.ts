import {
  Activity,
  Database,
  Files,
  Gauge,
  HeartPulse,
  KeyRound,
  Settings,
  ShieldCheck,
  Users,
  type LucideIcon,
} from 'lucide-react'
import type { AccountPage, BucketPage, Place } from '../routing/places.ts'
import { loadedPage, type LoadedPage } from './loaded-page.tsx'
import type { AccountPageProps, BucketPageProps } from './page-props.ts'

interface Listed<P> extends LoadedPage<P> {
  readonly icon: LucideIcon
}

/** The pages of the account, in the order of the navigation: a page is added here, with its name in routing/places.ts and texts/en.ts, and with who sees it in shell/offered-pages.ts. */
export const ACCOUNT_PAGE_LIST: Readonly<Record<AccountPage, Listed<AccountPageProps>>> = {
  buckets: { icon: Database, ...loadedPage(async () => (await import('./buckets/buckets.tsx')).Buckets) },
  keys: {
    icon: KeyRound,
    ...loadedPage(async () => (await import('./keys/account-keys.tsx')).AccountKeys),
  },
  roles: {
    icon: ShieldCheck,
    ...loadedPage(async () => (await import('./roles/roles.tsx')).Roles),
  },
  activity: {
    icon: Activity,
    ...loadedPage(async () => (await import('./activity/activity.tsx')).Activity),
  },
  accounts: {
    icon: Users,
    ...loadedPage(async () => (await import('./accounts/accounts.tsx')).Accounts),
  },
  health: {
    icon: HeartPulse,
    ...loadedPage(async () => (await import('./health/health.tsx')).Health),
  },
}

/** The pages of a bucket, in the order of the navigation; the first that one may see is shown when the address names none. */
export const BUCKET_PAGE_LIST: Readonly<Record<BucketPage, Listed<BucketPageProps>>> = {
  objects: {
    icon: Files,
    ...loadedPage(async () => (await import('./objects/objects.tsx')).Objects),
  },
  keys: {
    icon: KeyRound,
    ...loadedPage(async () => (await import('./keys/bucket-keys.tsx')).BucketKeys),
  },
  settings: {
    icon: Settings,
    ...loadedPage(async () => (await import('./settings/settings.tsx')).BucketSettings),
  },
  overview: {
    icon: Gauge,
    ...loadedPage(async () => (await import('./overview/overview.tsx')).Overview),
  },
}

/** Fetches the programs of all pages, one after the other, so that each opens at once; what fails is fetched when it is shown. */
export async function fetchAllPages(): Promise<void> {
  for (const { fetch } of [...Object.values(ACCOUNT_PAGE_LIST), ...Object.values(BUCKET_PAGE_LIST)])
    await fetch().catch(() => undefined)
}

/** Fetches the program of the page that an address names. */
export function fetchPageOf(place: Place): void {
  if (place.page === 'unknown') return
  const listed = place.page === 'bucket' ? BUCKET_PAGE_LIST[place.tab] : ACCOUNT_PAGE_LIST[place.page]
  listed.fetch().catch(() => undefined)
}
