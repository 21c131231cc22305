import { useState, type ReactNode } from 'react'
import { useAccessLog } from '../../data/access-log.ts'
import { useBuckets, type Bucket } from '../../data/buckets.ts'
import type { LoggedRequest } from '../../data/log-line.ts'
import { LinkButton } from '../../parts/button.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Empty, ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Bytes, ClockTime } from '../../parts/values.tsx'
import { accountPlace, bucketPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.activity

const COLUMNS: readonly Column<LoggedRequest>[] = [
  {
    id: 'at',
    header: words.when,
    width: 'minmax(146px, 184px)',
    cell: ({ at }) => <ClockTime value={Number.isNaN(at) ? undefined : at} />,
  },
  {
    id: 'what',
    header: words.what,
    width: 'minmax(190px, 1fr)',
    isWideOnly: true,
    cell: ({ operation }) => <span>{operation}</span>,
  },
  {
    id: 'key',
    header: words.object,
    width: 'minmax(100px, 2fr)',
    cell: ({ key }) => <span title={key}>{key}</span>,
  },
  {
    id: 'status',
    header: words.status,
    width: 'minmax(76px, 0.8fr)',
    cell: ({ status, errorCode }) => (
      <span className={errorCode === '' ? 'badge badge-good' : 'badge badge-warning'} title={errorCode}>
        {status} {errorCode}
      </span>
    ),
  },
  {
    id: 'sent',
    header: words.sent,
    width: '90px',
    kind: 'number',
    isWideOnly: true,
    cell: ({ bytesSent }) => <Bytes value={bytesSent} />,
  },
  {
    id: 'address',
    header: words.address,
    width: '130px',
    isWideOnly: true,
    cell: ({ address }) => <span>{address}</span>,
  },
  {
    id: 'agent',
    header: words.agent,
    width: 'minmax(100px, 1fr)',
    isWideOnly: true,
    cell: ({ agent }) => <span title={agent}>{agent}</span>,
  },
]

/** The requests to a bucket, by its access log. */
export function Requests({ bucketName }: { readonly bucketName: string | undefined }): ReactNode {
  const buckets = useBuckets(true)
  const bucket =
    buckets.data?.find(({ name }) => name === bucketName) ?? buckets.data?.find(isLogged) ?? buckets.data?.[0]
  if (buckets.isError) return <ErrorNote error={buckets.error} onRetry={() => void buckets.refetch()} />
  if (!buckets.data) return <Skeleton width={60} lines={6} />
  if (!bucket) return <p className="muted">{texts.buckets.empty.title}</p>
  const choice = (
    <SelectField
      label={words.bucket}
      value={bucket.name}
      onChange={(name) => navigate(accountPlace('activity', 'requests', name), { replaces: true })}
      options={buckets.data.map(({ name }) => ({ value: name, label: name }))}
    />
  )
  if (isLogged(bucket)) return <Log bucket={bucket} choice={choice} key={bucket.name} />
  return (
    <div className="stack">
      <div className="row filters">{choice}</div>
      <Empty title={words.notLogged(bucket.name)}>
        <p>{words.notLoggedText}</p>
        <div>
          <LinkButton href={`${bucketPlace(bucket.name, 'settings')}#access-log`}>{words.log}</LinkButton>
        </div>
      </Empty>
    </div>
  )
}

const isLogged = ({ accessLogConfig }: Bucket): boolean => accessLogConfig?.enabled === true

type Outcome = 'all' | 'refused'

function Log({
  bucket,
  choice,
}: {
  readonly bucket: Bucket
  /** Of the bucket, which stands among the filters. */
  readonly choice: ReactNode
}): ReactNode {
  const log = useAccessLog(bucket)
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome>('all')
  const wanted = text.toLowerCase()
  const shown = (log.data?.requests ?? []).filter(
    (request) =>
      (outcome === 'all' || request.errorCode !== '') &&
      Object.values(request).join(' ').toLowerCase().includes(wanted),
  )
  return (
    <div className="stack">
      <div className="row filters">
        {choice}
        <TextField label={words.filterRequests} value={text} onChange={setText} />
        <SelectField
          label={words.outcome}
          value={outcome}
          onChange={setOutcome}
          options={[
            { value: 'all', label: words.outcomes.all },
            { value: 'refused', label: words.outcomes.refused },
          ]}
        />
      </div>
      {log.isError && <ErrorNote error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <Skeleton width={60} lines={6} />}
      {log.data?.hasMore === true && (
        <Note>
          <p>{words.hasMore}</p>
        </Note>
      )}
      {log.data && shown.length === 0 && (
        <p className="muted">{log.data.requests.length === 0 ? words.noRequests : words.noRequestFound}</p>
      )}
      {shown.length > 0 && (
        <Table
          label={words.views.requests}
          columns={COLUMNS}
          rows={shown}
          rowKey={({ id, key, operation }) => `${id} ${operation} ${key}`}
          rowLabel={({ operation, key }) => `${operation} ${key}`}
        />
      )}
    </div>
  )
}
