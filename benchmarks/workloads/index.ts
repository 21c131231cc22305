import type { Workload } from '../load/target.ts'
import { accessKeyPairs } from './access-keys.ts'
import { listingWorkloads, type ListedKeys } from './listing.ts'
import { multipart } from './multipart.ts'
import { objectWorkloads } from './objects.ts'

export const workloads = (listed: ListedKeys): readonly Workload[] => [
  ...objectWorkloads,
  multipart,
  ...listingWorkloads(listed),
  accessKeyPairs,
]
