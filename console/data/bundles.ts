import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'

/** A plan: what a bucket may hold, and send in a month, in GB. */
export type Bundle = NonNullable<Output<'GetBucketBundles'>['bundles']>[number]

const REGION = 'us-east-1'
const GB = 1024 ** 3

/** The plans that there are. They do not change while a server runs. */
export function useBundles(isAsked = true): UseQueryResult<readonly Bundle[]> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['bundles'],
    enabled: isAsked,
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      (await callOperation(session, 'GetBucketBundles', {}, { region: REGION, signal })).bundles ?? [],
  })
}

/** Bytes that a bucket of this plan may hold; null when the plan is not known. */
export const storageOf = (bundle: Bundle | undefined): number | null =>
  bundle?.storagePerMonthInGb === undefined ? null : bundle.storagePerMonthInGb * GB

/** Bytes that it may send in a month; null when the plan is not known. */
export const transferOf = (bundle: Bundle | undefined): number | null =>
  bundle?.transferPerMonthInGb === undefined ? null : bundle.transferPerMonthInGb * GB
