import type { ReactNode } from 'react'
import { storageOf, type Bundle } from '../../data/bundles.ts'
import type { Bucket } from '../../data/buckets.ts'
import { useMetric } from '../../data/metrics.ts'
import { formatBytes } from '../../parts/formats.ts'
import { Skeleton } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'

/** A day is measured while it lasts; one more, for the hour after midnight. */
const DAYS = 2

/** What a bucket holds against what its plan has. */
export function UsageCell({
  bucket,
  bundle,
}: {
  readonly bucket: Bucket
  readonly bundle: Bundle | undefined
}): ReactNode {
  const size = useMetric(bucket.name, bucket.region, 'BucketSizeBytes', DAYS)
  if (size.isPending) return <Skeleton width={14} />
  const used = size.data?.at(-1)?.value
  if (used === undefined) return <span className="muted">{texts.buckets.notYetMeasured}</span>
  const most = storageOf(bundle)
  return (
    <span className="usage-cell" title={texts.units.bytes(used)}>
      <span>
        {most === null ? formatBytes(used) : texts.buckets.usageOf(formatBytes(used), formatBytes(most))}
      </span>
      {most !== null && (
        <span className={used > most ? 'meter meter-over' : 'meter'} aria-hidden>
          <span style={{ width: `${Math.min(100, (used / most) * 100)}%` }} />
        </span>
      )}
    </span>
  )
}
