import { useMemo, type ReactNode } from 'react'
import { useBucket } from '../../data/buckets.ts'
import { storageOf, transferOf, useBundles } from '../../data/bundles.ts'
import { useUsage, type Usage } from '../../data/usage.ts'
import { formatBytes, formatNumber, formatShortDay } from '../../parts/formats.ts'
import { Meter } from '../../parts/meter.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { Plot, PlotSkeleton } from '../../parts/plot.tsx'
import { texts } from '../../texts/texts.ts'
import type { BucketPageProps } from '../page-props.ts'

const words = texts.overview
const DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1_000

/** What the bucket holds and sends, against its plan and over a month. */
export function UsagePlots({ bucket, region }: Pick<BucketPageProps, 'bucket' | 'region'>): ReactNode {
  const usage = useUsage(bucket, region, DAYS)
  const found = useBucket(bucket, region)
  const bundles = useBundles()
  const plan = bundles.data?.find(({ bundleId }) => bundleId === found.data?.bundleId)
  const { stored, sent, requests } = useMemo(() => linesOf(usage.data), [usage.data])
  if (usage.isError) return <ErrorNote error={usage.error} onRetry={() => void usage.refetch()} />
  const { data } = usage
  return (
    <div className="cards">
      <section className="card stack-tight">
        <h2>{words.stored}</h2>
        {data ? (
          <>
            <Meter used={data.storedBytes} most={storageOf(plan)} label={words.stored} />
            <p className="muted">{texts.units.objects(data.objects)}</p>
            <Plot label={words.storedPlot} points={stored} kind="line" {...BYTES} />
          </>
        ) : (
          <PlotSkeleton />
        )}
      </section>
      <section className="card stack-tight">
        <h2>{words.sent}</h2>
        {data ? (
          <>
            <Meter used={data.sentBytesOfMonth} most={transferOf(plan)} label={words.sent} />
            <p className="muted">
              {words.receivedPlotTitle}: {formatBytes(data.days.at(-1)?.receivedBytes ?? 0)} {words.today}
            </p>
            <Plot label={words.sentPlot} points={sent} kind="bars" {...BYTES} />
          </>
        ) : (
          <PlotSkeleton />
        )}
      </section>
      <section className="card stack-tight">
        <h2>{words.requests}</h2>
        {data ? (
          <>
            <p>
              {words.requestsOfDays(
                requests.reduce((sum, { value }) => sum + (value ?? 0), 0),
                DAYS,
              )}
            </p>
            <p className="muted">
              {formatNumber(data.days.at(-1)?.requests ?? 0)} {words.today}
            </p>
            <Plot label={words.requestsPlot} points={requests} kind="bars" {...COUNTS} />
          </>
        ) : (
          <PlotSkeleton />
        )}
      </section>
    </div>
  )
}

const BYTES = { unit: 'bytes', format: formatBytes, formatTime: formatShortDay } as const
const COUNTS = { unit: 'count', format: formatNumber, formatTime: formatShortDay } as const

interface Point {
  readonly at: number
  readonly value: number | null
}

/** A point for each day; what was not counted is a gap, and no transfer is none. */
function linesOf(usage: Usage | undefined): {
  readonly stored: readonly Point[]
  readonly sent: readonly Point[]
  readonly requests: readonly Point[]
} {
  const days = new Map((usage?.days ?? []).map((day) => [Date.parse(day.day), day]))
  const last = Math.max(...days.keys())
  if (days.size === 0) return { stored: [], sent: [], requests: [] }
  const times = Array.from({ length: DAYS }, (_, at) => last - (DAYS - 1 - at) * DAY_MS)
  return {
    stored: times.map((at) => ({ at, value: days.get(at)?.storedBytes ?? null })),
    sent: times.map((at) => ({ at, value: days.get(at)?.sentBytes ?? 0 })),
    requests: times.map((at) => ({ at, value: days.get(at)?.requests ?? 0 })),
  }
}
