import { Download } from 'lucide-react'
import { useMemo, type KeyboardEvent, type ReactNode } from 'react'
import { Menu, type MenuEntry } from '../../parts/menu.tsx'
import { Skeleton } from '../../parts/notes.tsx'
import { RowButton, RowLink } from '../../parts/row-controls.tsx'
import { Table, type Column, type Selection, type Sorting } from '../../parts/table.tsx'
import { Bytes, Time } from '../../parts/values.tsx'
import { texts } from '../../texts/texts.ts'
import { iconOf } from './kinds.ts'
import type { ObjectRow } from './rows.ts'
import { shownName } from '../../parts/shown-name.ts'

const words = texts.objects

interface ObjectTableProps {
  readonly label: string
  readonly withVersions: boolean
  readonly rows: readonly ObjectRow[]
  readonly isPending: boolean
  readonly hasMore: boolean
  readonly onMore: () => void
  readonly selection: Selection
  readonly sorting: Sorting
  readonly onSort: (sorting: Sorting) => void
  /** The address that shows a line. */
  readonly placeOf: (row: ObjectRow) => string
  readonly onOpen: (row: ObjectRow) => void
  /** Told of the line that the keyboard comes to. */
  readonly onCurrent: (row: ObjectRow) => void
  readonly openId: string | null
  /** What Escape does when nothing is selected. */
  readonly onClose: (() => void) | null
  readonly entriesOf: (row: ObjectRow) => readonly MenuEntry[]
  readonly onDownload: ((row: ObjectRow) => void) | null
  readonly onRestore: ((row: ObjectRow) => void) | null
  readonly onDelete: ((rows: readonly ObjectRow[]) => void) | null
  /** As of {@link Table}. */
  readonly startsAt: string | null
  readonly focusSignal: number
}

/** The list of a folder. */
export function ObjectTable({
  label,
  withVersions,
  rows,
  isPending,
  hasMore,
  onMore,
  selection,
  sorting,
  onSort,
  placeOf,
  onOpen,
  onCurrent,
  onClose,
  openId,
  entriesOf,
  onDownload,
  onRestore,
  onDelete,
  startsAt,
  focusSignal,
}: ObjectTableProps): ReactNode {
  const columns = useMemo(
    (): readonly Column<ObjectRow>[] => [
      {
        id: 'name',
        header: words.name,
        width: 'minmax(160px, 1fr)',
        isSortable: true,
        cell: (row) => <NameCell row={row} to={placeOf(row)} isOpen={row.id === openId} />,
      },
      {
        id: 'size',
        header: words.size,
        width: '104px',
        kind: 'number',
        isSortable: true,
        isWideOnly: true,
        cell: (row) => (isSized(row) ? <Bytes value={row.object.size} /> : null),
      },
      {
        id: 'modified',
        header: words.modified,
        width: '136px',
        isSortable: true,
        isWideOnly: true,
        cell: (row) => (row.kind === 'folder' ? null : <Time value={row.object.modifiedAt} />),
      },
      {
        id: 'actions',
        header: texts.more,
        width: withVersions ? '132px' : '84px',
        kind: 'actions',
        cell: (row) => (
          <ActionsCell row={row} entries={entriesOf(row)} onDownload={onDownload} onRestore={onRestore} />
        ),
      },
    ],
    [withVersions, placeOf, openId, entriesOf, onDownload, onRestore],
  )
  const onKeyDown = (row: ObjectRow, event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key === 'Delete' && isPlain && onDelete)
      onDelete(selection.keys.size === 0 ? [row] : rows.filter(({ id }) => selection.keys.has(id)))
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey))
      selection.onChange(new Set(rows.map(({ id }) => id)))
    else if (event.key === 'Escape' && selection.keys.size > 0) selection.onChange(new Set())
    else if (event.key === 'Escape' && onClose) onClose()
    else if (event.key === 'ContextMenu' || event.key === '.' || (event.key === 'F10' && event.shiftKey))
      event.currentTarget.querySelector<HTMLElement>('button[aria-haspopup]')?.click()
    else return
    event.preventDefault()
  }
  return (
    <Table
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowLabel={rowLabel}
      onOpen={onOpen}
      onCurrent={onCurrent}
      selection={selection}
      sorting={sorting}
      onSort={onSort}
      onEndReached={onMore}
      onRowKeyDown={onKeyDown}
      startsAt={startsAt}
      focusSignal={focusSignal}
      foot={
        (isPending || hasMore) && (
          <div className="table-foot">
            <Skeleton width={32} lines={isPending ? 5 : 1} />
          </div>
        )
      }
    />
  )
}

const isSized = (row: ObjectRow): row is Exclude<ObjectRow, { readonly kind: 'folder' }> =>
  row.kind === 'object' || (row.kind === 'version' && !row.object.isDeleteMarker)

function rowLabel(row: ObjectRow): string {
  const name = nameOf(row)
  if (row.kind === 'folder') return words.folderNamed(name)
  if (row.kind === 'object') return name
  return row.object.isDeleteMarker
    ? words.deletedNamed(name)
    : row.object.isLatest
      ? name
      : words.oldNamed(name)
}

const nameOf = ({ name }: ObjectRow): string =>
  name === '' || name === '/' ? words.nameless : shownName(name)

function NameCell({
  row,
  to,
  isOpen,
}: {
  readonly row: ObjectRow
  readonly to: string
  readonly isOpen: boolean
}): ReactNode {
  const Icon = iconOf(row)
  const isOld = row.kind === 'version' && !row.object.isLatest
  const isGone = row.kind === 'version' && row.object.isDeleteMarker
  return (
    <span className={`object-name${isOld ? ' object-old' : ''}${isGone ? ' object-gone' : ''}`}>
      <Icon className="icon" aria-hidden />
      {isGone ? (
        <bdi>{nameOf(row)}</bdi>
      ) : (
        <RowLink
          to={to}
          isCurrent={isOpen}
          excludeFromTabOrder
          // Arrows go on from here.
          onFollow={(link) => link.closest<HTMLElement>('[role=row]')?.focus()}
        >
          <bdi>{nameOf(row)}</bdi>
        </RowLink>
      )}
      {isGone && <span className="badge">{words.deleted}</span>}
      {isOld && !isGone && <span className="badge">{words.old}</span>}
    </span>
  )
}

function ActionsCell({
  row,
  entries,
  onDownload,
  onRestore,
}: {
  readonly onRestore: ((row: ObjectRow) => void) | null
  readonly row: ObjectRow
  readonly entries: readonly MenuEntry[]
  readonly onDownload: ((row: ObjectRow) => void) | null
}): ReactNode {
  const name = nameOf(row)
  return (
    <>
      {onRestore && row.kind === 'version' && row.object.isDeleteMarker && row.object.isLatest && (
        <RowButton weight="quiet" label={words.restoreNamed(name)} onPress={() => onRestore(row)}>
          {words.actions.restore}
        </RowButton>
      )}
      {onDownload && isSized(row) && (
        <RowButton weight="icon" label={words.downloadNamed(name)} onPress={() => onDownload(row)}>
          <Download aria-hidden />
        </RowButton>
      )}
      {entries.length > 0 && <Menu label={words.actionsFor(name)} entries={entries} excludeFromTabOrder />}
    </>
  )
}
