import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { callOperation } from '../../api/json-api.ts'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { formatBytes, formatNumber } from '../../parts/formats.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/values.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { parseMetrics, type Sample } from './metrics-text.ts'

const words = texts.health
const REFRESH_MS = 10_000
/** Any region does: it is the server that is asked. */
const REGION = 'us-east-1'

interface Seen {
  readonly isReady: boolean
  /** What the server says of itself, line by line. */
  readonly says: readonly string[]
  /** Null: the server tells them to its own machine alone. */
  readonly metrics: readonly Sample[] | null
}

/** How the server is: by its own word, and by its metrics where they may be read from here. */
export function Health(): ReactNode {
  const found = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => ask(signal),
    refetchInterval: REFRESH_MS,
  })
  return (
    <>
      <PageHead title={words.title} />
      {found.isError && (
        <ErrorNote what={words.title} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isPending && <Skeleton width={50} lines={5} />}
      {found.data && <Shown {...found.data} />}
    </>
  )
}

async function ask(signal: AbortSignal): Promise<Seen> {
  const [ready, metrics] = await Promise.all([
    fetch('/-/ready', { signal, cache: 'no-store' }),
    fetch('/-/metrics', { signal, cache: 'no-store' }),
  ])
  return {
    isReady: ready.ok,
    says: (await ready.text()).split('\n').filter((line) => line !== '' && line !== 'ok'),
    metrics: metrics.ok ? parseMetrics(await metrics.text()) : null,
  }
}

function Shown({ isReady, says, metrics }: Seen): ReactNode {
  const version = <Version />
  return (
    <div className="stack">
      <Note kind={!isReady ? 'error' : says.length > 0 ? 'warning' : 'good'}>
        <p>
          <strong>{isReady ? words.ready : words.notReady}</strong>
        </p>
        {says.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Note>
      {metrics ? (
        <Measured metrics={metrics} version={version} />
      ) : (
        <>
          <dl className="facts card">{version}</dl>
          <Note>
            <p>{words.noMetrics}</p>
          </Note>
        </>
      )}
    </div>
  )
}

interface JobRow {
  readonly job: string
  readonly runs: number
  readonly failures: number
  readonly seconds: number
}

const JOB_COLUMNS: readonly Column<JobRow>[] = [
  { id: 'job', header: words.job, width: 'minmax(150px, 1fr)', cell: ({ job }) => <code>{job}</code> },
  {
    id: 'does',
    header: words.does,
    width: 'minmax(150px, 2fr)',
    isWideOnly: true,
    cell: ({ job }) => <span>{words.jobTexts[job]}</span>,
  },
  {
    id: 'runs',
    header: words.runs,
    width: '90px',
    kind: 'number',
    cell: ({ runs }) => <span>{formatNumber(runs)}</span>,
  },
  {
    id: 'failures',
    header: words.failures,
    width: '90px',
    kind: 'number',
    cell: ({ failures }) => (
      <span className={failures > 0 ? 'badge badge-warning' : undefined}>{formatNumber(failures)}</span>
    ),
  },
  {
    id: 'seconds',
    header: words.meanTime,
    width: '110px',
    kind: 'number',
    isWideOnly: true,
    cell: ({ seconds }) => <span>{words.milliseconds(formatNumber(Math.round(seconds * 1_000)))}</span>,
  },
]

function Measured({
  metrics,
  version,
}: {
  readonly metrics: readonly Sample[]
  /** The first of the facts. */
  readonly version: ReactNode
}): ReactNode {
  const of = (name: string): readonly Sample[] => metrics.filter((sample) => sample.name === name)
  const one = (name: string): number | undefined => of(name)[0]?.value
  const time = (name: string, where: (sample: Sample) => boolean = () => true): ReactNode => {
    const seconds = of(name).find(where)?.value
    return seconds === undefined || seconds === 0 ? (
      <span className="muted">{texts.none}</span>
    ) : (
      <Time value={seconds * 1_000} />
    )
  }
  const jobs = jobRows(metrics)
  return (
    <>
      <dl className="facts card">
        {version}
        {of('lugsail_disk_free_bytes').map(({ labels, value }) => (
          <Fact key={labels['store']} name={words.diskFree(labels['store'] ?? '')}>
            {formatBytes(value)}
          </Fact>
        ))}
        <Fact name={words.certificate}>{time('lugsail_tls_certificate_expiry_timestamp_seconds')}</Fact>
        <Fact name={words.backup}>
          {time('lugsail_backup_last_timestamp_seconds', ({ labels }) => labels['outcome'] === 'success')}
        </Fact>
        <Fact name={words.mirror}>{time('lugsail_mirror_last_success_timestamp_seconds')}</Fact>
        <Fact name={words.scrub}>{time('lugsail_scrub_last_full_pass_timestamp_seconds')}</Fact>
        <Fact name={words.damage}>
          {formatNumber(of('lugsail_damage_total').reduce((sum, { value }) => sum + value, 0))}
        </Fact>
        <Fact name={words.connections}>{formatNumber(one('lugsail_connections') ?? 0)}</Fact>
        <Fact name={words.requests}>
          {formatNumber(of('lugsail_requests_total').reduce((sum, { value }) => sum + value, 0))}
        </Fact>
      </dl>
      <section className="stack-tight">
        <h2>{words.jobs}</h2>
        <Table
          label={words.jobs}
          columns={JOB_COLUMNS}
          rows={jobs}
          rowKey={({ job }) => job}
          rowLabel={({ job }) => job}
        />
      </section>
    </>
  )
}

/** What answers. */
function Version(): ReactNode {
  const { session } = useSession()
  const found = useQuery({
    queryKey: ['server-info'],
    queryFn: ({ signal }) => callOperation(session, 'GetServerInfo', {}, { region: REGION, signal }),
  })
  return (
    <Fact name={words.version}>
      {found.data ? words.versionOn(found.data.version, found.data.nodeVersion) : <Skeleton />}
    </Fact>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

/** The background jobs by what was measured of their runs. */
function jobRows(metrics: readonly Sample[]): readonly JobRow[] {
  const rows = new Map<string, { -readonly [K in keyof JobRow]: JobRow[K] }>()
  for (const { name, labels, value } of metrics) {
    const { job, outcome } = labels
    if (job === undefined || !name.startsWith('lugsail_job_duration_seconds_')) continue
    const row = rows.get(job) ?? { job, runs: 0, failures: 0, seconds: 0 }
    rows.set(job, row)
    if (name.endsWith('_sum')) row.seconds += value
    if (name.endsWith('_count')) {
      row.runs += value
      if (outcome === 'error') row.failures += value
    }
  }
  return [...rows.values()]
    .map((row) => ({ ...row, seconds: row.runs === 0 ? 0 : row.seconds / row.runs }))
    .sort((a, b) => (a.job < b.job ? -1 : 1))
}
