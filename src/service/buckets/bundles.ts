import { DomainError } from '../errors/domain-error.ts'

/** A size-and-transfer plan of a bucket. */
interface Bundle {
  readonly bundleId: string
  readonly name: string
  /** US dollars a month, as Amazon asks; Lugsail asks nothing. */
  readonly price: number
  readonly storagePerMonthInGb: number
  readonly transferPerMonthInGb: number
  /** Inactive bundles stay with buckets that have them, and cannot be chosen. */
  readonly isActive: boolean
}

/** Amazon's bundles, so that tools that choose one by id find it. They meter and never block. */
export const BUNDLES: readonly Bundle[] = [
  bundle('small_1_0', 'Object Storage 5GB', 1, 5, 25),
  bundle('medium_1_0', 'Object Storage 100GB', 3, 100, 250),
  bundle('large_1_0', 'Object Storage 250GB', 5, 250, 500),
]

/** What a bucket made through S3 gets, where no bundle is asked for. */
export const DEFAULT_BUNDLE_ID = 'small_1_0'

/** Throws `NoSuchBundle` naming the bundles there are. */
export function checkBundleId(bundleId: string): void {
  if (BUNDLES.some((known) => known.bundleId === bundleId && known.isActive)) return
  const ids = BUNDLES.filter(({ isActive }) => isActive).map((known) => known.bundleId)
  throw new DomainError('NoSuchBundle', { bundleId, bundleIds: ids })
}

/** Whether a bucket may change its bundle now: once in each billing cycle, which is a calendar month in UTC. */
export function canChangeBundle(bundleChangedAt: number | undefined, now: number): boolean {
  return bundleChangedAt === undefined || monthOf(bundleChangedAt) < monthOf(now)
}

function monthOf(epochMs: number): number {
  const date = new Date(epochMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function bundle(
  bundleId: string,
  name: string,
  price: number,
  storagePerMonthInGb: number,
  transferPerMonthInGb: number,
): Bundle {
  return { bundleId, name, price, storagePerMonthInGb, transferPerMonthInGb, isActive: true }
}
