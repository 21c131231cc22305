import type { ReactNode } from 'react'
import { storageOf, type Bundle } from '../../data/bundles.ts'
import type { Bucket } from '../../data/buckets.ts'
import { useUsage } from '../../data/usage.ts'
import { Meter } from '../../parts/meter.tsx'
import { Skeleton } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'

/** What a bucket holds against what its plan has. */
export function UsageCell({
  bucket,
  bundle,
}: {
  readonly bucket: Bucket
  readonly bundle: Bundle | undefined
}): ReactNode {
  const size = useUsage(bucket.name, bucket.region, 1)
  if (size.isPending) return <Skeleton width={14} />
  if (size.isError) return <span className="muted">{texts.buckets.unknownUsage}</span>
  const used = size.data.storedBytes
  return <Meter used={used} most={storageOf(bundle)} label={texts.buckets.usage} />
}
