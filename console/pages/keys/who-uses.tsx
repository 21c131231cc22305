import type { ReactNode } from 'react'
import { serverNow } from '../../api/send.ts'
import type { KeyUse } from '../../data/keys.ts'
import { formatNumber } from '../../parts/formats.ts'
import { Sparkline } from '../../parts/sparkline.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Bytes, Time } from '../../parts/values.tsx'
import { texts } from '../../texts/texts.ts'
import { requestsByDay, userId, usersOf, type KeyUser } from './key-users.ts'

const words = texts.keys.uses

/** Requests by day as bars, with their number. */
export function UseLine({ uses }: { readonly uses: readonly KeyUse[] }): ReactNode {
  const users = usersOf(uses)
  if (users.length === 0) return <span className="muted">{words.none}</span>
  const requests = users.reduce((sum, user) => sum + user.requests, 0)
  return (
    <span className="use-line">
      <Sparkline label={words.byDay} values={requestsByDay(uses, serverNow())} describe={words.day} />
      <span className="muted">{words.summary(requests, users.length)}</span>
    </span>
  )
}

/** Who used a key: address, program, when and how much. */
export function UserTable({ uses }: { readonly uses: readonly KeyUse[] }): ReactNode {
  const users = usersOf(uses)
  if (users.length === 0) return null
  return (
    <div className="table-inline">
      <Table
        label={words.title}
        columns={COLUMNS}
        rows={users}
        rowKey={userId}
        rowLabel={({ address, agent }) => `${address} ${agent}`}
      />
    </div>
  )
}

/** What a client calls itself. */
export const agentName = (agent: string): string => (agent === '' ? words.unnamed : agent)

const COLUMNS: readonly Column<KeyUser>[] = [
  {
    id: 'agent',
    header: words.agent,
    width: 'minmax(130px, 2fr)',
    cell: ({ agent }) => <span title={agent}>{agentName(agent)}</span>,
  },
  {
    id: 'address',
    header: words.address,
    width: 'minmax(110px, 1fr)',
    cell: ({ address }) => <span title={address}>{address}</span>,
  },
  { id: 'last', header: words.last, width: '120px', cell: ({ last }) => <Time value={last} /> },
  {
    id: 'requests',
    header: words.requests,
    width: '100px',
    kind: 'number',
    isWideOnly: true,
    cell: ({ requests }) => <span>{formatNumber(requests)}</span>,
  },
  {
    id: 'refusals',
    header: words.refusals,
    width: '90px',
    kind: 'number',
    isWideOnly: true,
    cell: ({ refusals }) => <span>{formatNumber(refusals)}</span>,
  },
  {
    id: 'bytes',
    header: words.bytes,
    width: '150px',
    kind: 'number',
    isWideOnly: true,
    cell: ({ bytes }) => <Bytes value={bytes} />,
  },
]
