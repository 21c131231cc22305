import { useEffect, useState, type ReactNode } from 'react'
import { storageOf, type Bundle } from '../../data/bundles.ts'
import type { Bucket } from '../../data/buckets.ts'
import { useUsage } from '../../data/usage.ts'
import { Meter } from '../../parts/meter.tsx'
import { Skeleton } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'

/** A row that passes by while a table scrolls asks for nothing. */
const RESTS_AFTER_MS = 120

/** What a bucket holds against what its plan has. */
export function UsageCell({
  bucket,
  bundle,
}: {
  readonly bucket: Bucket
  readonly bundle: Bundle | undefined
}): ReactNode {
  const size = useUsage(bucket.name, bucket.region, 1, useHasRested())
  if (size.isPending) return <Skeleton width={14} />
  if (size.isError) return <span className="muted">{texts.buckets.unknownUsage}</span>
  const used = size.data.storedBytes
  return <Meter used={used} most={storageOf(bundle)} label={texts.buckets.usage} />
}

function useHasRested(): boolean {
  const [hasRested, setHasRested] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setHasRested(true), RESTS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return hasRested
}
