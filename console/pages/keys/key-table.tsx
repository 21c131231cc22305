import { useMemo, type ReactNode } from 'react'
import type { Key } from '../../data/keys.ts'
import { Skeleton } from '../../parts/notes.tsx'
import { RowLink } from '../../parts/row-controls.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/values.tsx'
import { accountPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { texts } from '../../texts/texts.ts'
import { KeyStatus } from './key-status.tsx'
import { LastUse } from './last-use.tsx'

const words = texts.keys

/** Application keys, as many as there are. */
export function KeyTable({
  label,
  keys,
  hasMore = false,
  onEndReached,
}: {
  readonly label: string
  readonly keys: readonly Key[]
  readonly hasMore?: boolean
  readonly onEndReached?: () => void
}): ReactNode {
  const columns = useMemo((): readonly Column<Key>[] => COLUMNS, [])
  return (
    <Table
      label={label}
      columns={columns}
      rows={keys}
      rowKey={({ name = '' }) => name}
      rowLabel={({ name = '' }) => name}
      onOpen={({ name = '' }) => navigate(accountPlace('keys', name))}
      onEndReached={onEndReached}
      foot={hasMore && <Skeleton width={40} lines={2} />}
    />
  )
}

const COLUMNS: readonly Column<Key>[] = [
  {
    id: 'name',
    header: words.name,
    width: 'minmax(140px, 1.2fr)',
    cell: ({ name = '' }) => (
      <RowLink to={accountPlace('keys', name)} excludeFromTabOrder>
        {name}
      </RowLink>
    ),
  },
  {
    id: 'status',
    header: words.status,
    width: '96px',
    cell: ({ status }) => <KeyStatus status={status} />,
  },
  {
    id: 'access',
    header: words.access,
    width: 'minmax(124px, 1fr)',
    isWideOnly: true,
    cell: (key) => <span title={rightsOf(key)}>{rightsOf(key)}</span>,
  },
  {
    id: 'buckets',
    header: words.buckets,
    width: 'minmax(110px, 1fr)',
    isWideOnly: true,
    cell: ({ buckets }) => <span title={buckets?.join(', ')}>{buckets?.join(', ') ?? words.allBuckets}</span>,
  },
  {
    id: 'used',
    header: words.lastUsed,
    width: 'minmax(150px, 1.5fr)',
    isWideOnly: true,
    cell: ({ lastUsed }) => <LastUse lastUsed={lastUsed} />,
  },
  {
    id: 'ends',
    header: words.ends,
    width: '124px',
    isWideOnly: true,
    cell: ({ expiresAt }) =>
      expiresAt === undefined ? <span className="muted">{texts.never}</span> : <Time value={expiresAt} />,
  },
]

/** `read, list · trip/`. */
function rightsOf({ rights = [], policy, prefixes = [] }: Key): string {
  const may =
    policy === undefined
      ? rights.map((right) => words.rights[right] ?? right).join(', ')
      : (words.rights['policy'] ?? '')
  return [may, ...(prefixes.length > 0 ? [prefixes.join(', ')] : [])].join(' · ')
}
