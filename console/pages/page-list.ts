import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
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
import type { AccountPage, BucketPage } from '../routing/places.ts'
import type { AccountPageProps, BucketPageProps } from './page-props.ts'

type Loaded<P> = LazyExoticComponent<ComponentType<P>>

interface Listed<P> {
  readonly icon: LucideIcon
  readonly component: Loaded<P>
}

const page = <P>(load: () => Promise<ComponentType<P>>): Loaded<P> =>
  lazy(async () => ({ default: await load() }))

/** The pages of the account, in the order of the navigation: a page is added here, with its name in routing/places.ts and texts/en.ts, and with who sees it in shell/offered-pages.ts. */
export const ACCOUNT_PAGE_LIST: Readonly<Record<AccountPage, Listed<AccountPageProps>>> = {
  buckets: { icon: Database, component: page(async () => (await import('./buckets/buckets.tsx')).Buckets) },
  keys: {
    icon: KeyRound,
    component: page(async () => (await import('./keys/account-keys.tsx')).AccountKeys),
  },
  roles: {
    icon: ShieldCheck,
    component: page(async () => (await import('./roles/roles.tsx')).Roles),
  },
  activity: {
    icon: Activity,
    component: page(async () => (await import('./activity/activity.tsx')).Activity),
  },
  accounts: {
    icon: Users,
    component: page(async () => (await import('./accounts/accounts.tsx')).Accounts),
  },
  health: {
    icon: HeartPulse,
    component: page(async () => (await import('./health/health.tsx')).Health),
  },
}

/** The pages of a bucket, in the order of the navigation; the first that one may see is shown when the address names none. */
export const BUCKET_PAGE_LIST: Readonly<Record<BucketPage, Listed<BucketPageProps>>> = {
  objects: {
    icon: Files,
    component: page(async () => (await import('./objects/objects.tsx')).Objects),
  },
  keys: {
    icon: KeyRound,
    component: page(async () => (await import('./keys/bucket-keys.tsx')).BucketKeys),
  },
  settings: {
    icon: Settings,
    component: page(async () => (await import('./settings/settings.tsx')).BucketSettings),
  },
  overview: {
    icon: Gauge,
    component: page(async () => (await import('./overview/overview.tsx')).Overview),
  },
}
