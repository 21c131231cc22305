import { useState, type ReactNode } from 'react'
import { useSeenBuckets } from '../../data/buckets.ts'
import { useChanges, type Change } from '../../data/changes.ts'
import { REGIONS, lastRegion } from '../../data/regions.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { ClockTime } from '../../parts/values.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.activity

const COLUMNS: readonly Column<Change>[] = [
  {
    id: 'at',
    header: words.when,
    width: 'minmax(146px, 184px)',
    cell: ({ createdAt }) => <ClockTime value={createdAt} />,
  },
  {
    id: 'what',
    header: words.what,
    width: 'minmax(150px, 2fr)',
    cell: ({ operationType }) => <span>{operationType}</span>,
  },
  {
    id: 'bucket',
    header: words.bucket,
    width: 'minmax(110px, 2fr)',
    isWideOnly: true,
    cell: ({ resourceName }) => <span>{resourceName}</span>,
  },
  {
    id: 'details',
    header: words.details,
    width: 'minmax(120px, 3fr)',
    isWideOnly: true,
    cell: ({ operationDetails }) => <span title={operationDetails}>{operationDetails}</span>,
  },
  {
    id: 'status',
    header: words.status,
    width: '120px',
    isWideOnly: true,
    cell: ({ status }) => (
      <span className={status === 'Succeeded' ? 'badge badge-good' : 'badge badge-warning'}>{status}</span>
    ),
  },
]

/** The records of changes of buckets. */
export function Changes(): ReactNode {
  const seen = useSeenBuckets()
  const [chosen, setChosen] = useState<string | null>(null)
  const region = chosen ?? seen.data?.[0]?.region ?? lastRegion() ?? 'us-east-1'
  const [text, setText] = useState('')
  const changes = useChanges(region)
  const wanted = text.toLowerCase()
  const shown = (changes.data ?? []).filter(
    ({ resourceName = '', operationType = '', operationDetails = '' }) =>
      `${resourceName} ${operationType} ${operationDetails}`.toLowerCase().includes(wanted),
  )
  return (
    <div className="stack">
      <div className="row filters">
        <SelectField
          label={texts.buckets.region}
          value={region}
          onChange={setChosen}
          options={REGIONS.map((each) => ({ value: each, label: each }))}
        />
        <TextField label={words.filter} value={text} onChange={setText} />
      </div>
      {changes.isError && <ErrorNote error={changes.error} onRetry={() => void changes.refetch()} />}
      {changes.isPending && <Skeleton width={60} lines={6} />}
      {changes.data && shown.length === 0 && (
        <p className="muted">{wanted === '' ? words.noChanges(region) : words.noChangeFound(text)}</p>
      )}
      {shown.length > 0 && (
        <Table
          label={words.views.changes}
          columns={COLUMNS}
          rows={shown}
          rowKey={({ id = '' }) => id}
          rowLabel={({ operationType = '', resourceName = '' }) => `${operationType} ${resourceName}`}
        />
      )}
    </div>
  )
}
