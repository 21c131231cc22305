import { useDeferredValue, useEffect, useState, type ReactNode } from 'react'
import { toApiError } from '../../api/api-error.ts'
import { useAuditLog, type AuditRecord } from '../../data/audit-log.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { ClockTime } from '../../parts/values.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.activity

type Outcome = 'all' | AuditRecord['outcome']

const COLUMNS: readonly Column<AuditRecord>[] = [
  { id: 'at', header: words.when, width: 'minmax(146px, 184px)', cell: ({ at }) => <ClockTime value={at} /> },
  {
    id: 'what',
    header: words.what,
    width: 'minmax(90px, 1.2fr)',
    cell: ({ operation }) => <span title={operation}>{operation}</span>,
  },
  {
    id: 'on',
    header: words.on,
    width: 'minmax(110px, 1.6fr)',
    isWideOnly: true,
    cell: (record) => <span title={whatOf(record)}>{whatOf(record)}</span>,
  },
  {
    id: 'who',
    header: words.who,
    width: 'minmax(110px, 1.2fr)',
    isWideOnly: true,
    cell: (record) => <span title={whoOf(record)}>{whoOf(record)}</span>,
  },
  {
    id: 'address',
    header: words.address,
    width: '120px',
    isWideOnly: true,
    cell: ({ address, agent }) => <span title={agent}>{address}</span>,
  },
  {
    id: 'outcome',
    header: words.status,
    width: 'minmax(84px, 0.8fr)',
    cell: ({ outcome, errorCode }) => (
      <span
        className={outcome === 'succeeded' ? 'badge badge-good' : 'badge badge-warning'}
        title={errorCode}
      >
        {errorCode ?? words.auditOutcomes[outcome]}
      </span>
    ),
  },
]

/** On what: `photos/trip/coast.jpg`, and what else the change is about. */
const whatOf = ({ bucketName, objectKey, details = [] }: AuditRecord): string =>
  [
    [bucketName, objectKey].filter((part) => part !== undefined).join('/'),
    ...details.map(({ name, value }) => `${name} ${value}`),
  ]
    .filter((part) => part !== '')
    .join(', ')

/** Who: the key, the role's session, or the user of the system who gave a command. */
const whoOf = ({ accessKeyId, session, user, source }: AuditRecord): string =>
  session ?? accessKeyId ?? user ?? source

/** Who changed what, from where and how it ended, on the whole server. */
export function Audit(): ReactNode {
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome>('all')
  const containing = useDeferredValue(text.trim())
  const log = useAuditLog({
    ...(containing !== '' && { containing }),
    ...(outcome !== 'all' && { outcome }),
  })
  const records = log.data?.pages.flatMap(({ records: ofPage }) => ofPage)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = log
  // A page may have none of what is looked for.
  const isPastEmpty = records?.length === 0 && hasNextPage && !isFetchingNextPage
  useEffect(() => {
    if (isPastEmpty) void fetchNextPage()
  }, [isPastEmpty, fetchNextPage])
  if (log.isError && toApiError(log.error).code === 'NotFoundException')
    return (
      <Empty title={words.noAudit}>
        <p>{words.noAuditText}</p>
      </Empty>
    )
  return (
    <div className="stack">
      <div className="row filters">
        <TextField label={words.filterAudit} value={text} onChange={setText} type="search" />
        <SelectField
          label={words.outcome}
          value={outcome}
          onChange={setOutcome}
          options={[
            { value: 'all', label: words.auditOutcomes.all },
            { value: 'succeeded', label: words.auditOutcomes.succeeded },
            { value: 'failed', label: words.auditOutcomes.failed },
          ]}
        />
      </div>
      {log.isError && <ErrorNote error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <Skeleton width={60} lines={6} />}
      {records?.length === 0 && !hasNextPage && <p className="muted">{words.noAuditFound}</p>}
      {records !== undefined && records.length > 0 && (
        <Table
          label={words.views.audit}
          columns={COLUMNS}
          rows={records}
          rowKey={({ at, requestId, operation, source }) => `${at} ${requestId ?? source} ${operation}`}
          rowLabel={(record) => `${record.operation} ${whatOf(record)}`}
          onEndReached={() => {
            if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
          }}
          foot={hasNextPage && <Skeleton width={40} lines={2} />}
        />
      )}
    </div>
  )
}
