import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import {
  memo,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { texts } from '../texts/texts.ts'
import { giveFocus, isFocusLost } from './lost-focus.ts'
import { RowCheckbox } from './row-controls.tsx'

/** A column of a {@link Table}. */
export interface Column<R> {
  readonly id: string
  readonly header: string
  /** A track of CSS grid: `minmax(0, 2fr)`, `96px`. */
  readonly width: string
  readonly cell: (row: R) => ReactNode
  readonly kind?: 'text' | 'number' | 'actions'
  /** Whether phones leave it out. */
  readonly isWideOnly?: boolean
  /** Whether its header sorts. */
  readonly isSortable?: boolean
}

/** By which column a table is sorted. */
export interface Sorting {
  readonly column: string
  readonly isDescending: boolean
}

/** Selected rows by their keys. */
export interface Selection {
  readonly keys: ReadonlySet<string>
  readonly onChange: (keys: ReadonlySet<string>) => void
}

interface TableProps<R> {
  /** Names the table. */
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  readonly rowKey: (row: R) => string
  /** Names a row, for its checkbox and for screen readers. */
  readonly rowLabel: (row: R) => string
  /** What Enter and a double press do with a row. */
  readonly onOpen?: (row: R) => void
  /** Told of the row that the focus comes to. */
  readonly onCurrent?: (row: R) => void
  readonly selection?: Selection
  readonly sorting?: Sorting
  readonly onSort?: (sorting: Sorting) => void
  /** Asked for more rows when the end of those that are there comes near. */
  readonly onEndReached?: () => void
  /** What stands after the last row: a skeleton while more is on its way. */
  readonly foot?: ReactNode
  /** The row to begin at, by its key, once there are rows; the first when it is absent or not among them. */
  readonly startsAt?: string | null
  /** When this changes, and when the first rows come, the table takes the focus if nothing else has it: what had it may be gone. */
  readonly focusSignal?: number
  /** Keys that the table itself does not use, on the row that has the focus. */
  readonly onRowKeyDown?: (row: R, event: KeyboardEvent) => void
}

const ROW_HEIGHT = 36
const NARROW_ROW_HEIGHT = 48
const OVERSCAN = 12
/** How many rows before the end more are asked for. */
const END_ROWS = 100
const NARROW = '(max-width: 640px)'
const LOST_FOCUS_MS = 50

/** A table of any length: only rows in sight are on the page. Arrows, Home, End and the page keys move from row to row, Space selects, with Shift all that is passed, Enter opens. */
export function Table<R>(props: TableProps<R>): ReactNode {
  const {
    label,
    columns,
    rows,
    rowKey,
    rowLabel,
    onOpen,
    onCurrent,
    selection,
    onEndReached,
    foot,
    onRowKeyDown,
    startsAt = null,
    focusSignal,
  } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  /** The row that is to get the focus once it is drawn, and what had it. */
  const [wanted, setWanted] = useState<{ readonly at: number; readonly from: Element | null } | null>(null)
  const isNarrow = useMedia(NARROW)
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    // What is on its way stays on the page once, without tearing.
    useFlushSync: false,
  })
  useEffect(() => virtual.measure(), [virtual, rowHeight])
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - END_ROWS) onEndReached?.()
  }, [lastShown, rows.length, onEndReached])

  const focusRow = (to: number): void => {
    const at = Math.max(0, Math.min(rows.length - 1, to))
    setCurrent(at)
    virtual.scrollToIndex(at)
    // Drawn anew even where it was the current row before: the focus is given after drawing.
    setWanted({ at, from: document.activeElement })
  }
  useEffect(() => {
    if (wanted === null) return
    if (wanted.at >= rows.length) setWanted(null)
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.at}"]`)
    // A row out of sight is drawn once the table has scrolled to it.
    if (!row) return
    setWanted(null)
    // Whoever went elsewhere meanwhile is not called back.
    if (document.activeElement === wanted.from || isFocusLost()) giveFocus(row)
  }, [wanted, items, rows.length])
  const begin = useLatest((): void => {
    const at = startsAt === null ? -1 : rows.findIndex((row) => rowKey(row) === startsAt)
    if (at <= 0) return
    setCurrent(at)
    virtual.scrollToIndex(at)
  })
  const takeLostFocus = useLatest((): void => {
    if (isFocusLost()) focusRow(current)
  })
  const hasRows = rows.length > 0
  useEffect(() => {
    if (hasRows) begin.current()
  }, [hasRows, begin])
  useEffect(() => {
    if (!hasRows || focusSignal === undefined) return
    // A dialog that closes gives the focus back a moment later.
    const timer = setTimeout(() => takeLostFocus.current(), LOST_FOCUS_MS)
    return () => clearTimeout(timer)
  }, [hasRows, focusSignal, takeLostFocus])
  const toggle = (row: R): void => {
    if (!selection) return
    const keys = new Set(selection.keys)
    if (!keys.delete(rowKey(row))) keys.add(rowKey(row))
    selection.onChange(keys)
  }
  const selectBetween = (from: number, to: number): void => {
    if (!selection) return
    const passed = rows.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1)
    selection.onChange(new Set([...selection.keys, ...passed.map(rowKey)]))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, row: R, at: number): void => {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    }
    const to = steps[event.key]
    if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      if (event.shiftKey) selectBetween(at, to)
      focusRow(to)
    } else if (event.key === 'Enter' && onOpen) onOpen(row)
    else if (event.key === ' ' && selection) toggle(row)
    else return onRowKeyDown?.(row, event)
    event.preventDefault()
  }

  const actions = useLatest<RowActions<R>>({
    onKeyDown,
    onFocus: (row, at, { isItself }) => {
      setCurrent(at)
      if (isItself) onCurrent?.(row)
    },
    onOpen: (row) => onOpen?.(row),
    onToggle: toggle,
  })

  const first = selection ? '40px ' : ''
  const tracks = (shown: readonly Column<R>[]): string => first + shown.map(({ width }) => width).join(' ')
  const style: Record<string, string> = {
    '--columns': tracks(columns),
    '--columns-narrow': tracks(columns.filter(({ isWideOnly }) => isWideOnly !== true)),
  }
  return (
    <div className="table">
      <div
        ref={scroller}
        className="table-scroll"
        style={style}
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={selection ? true : undefined}
      >
        <HeaderRow {...props} />
        <div className="table-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const row = rows[index]
            return (
              row !== undefined && (
                <TableRow
                  key={key}
                  row={row}
                  label={rowLabel(row)}
                  index={index}
                  start={start}
                  columns={columns}
                  isSelectable={selection !== undefined}
                  isSelected={selection?.keys.has(rowKey(row)) ?? false}
                  isTabStop={index === Math.min(current, rows.length - 1)}
                  actions={actions}
                />
              )
            )
          })}
        </div>
        {foot}
      </div>
    </div>
  )
}

/** What a row tells its table. */
interface RowActions<R> {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>, row: R, at: number) => void
  /** `isItself`: and not something in it. */
  readonly onFocus: (row: R, at: number, on: { readonly isItself: boolean }) => void
  readonly onOpen: (row: R) => void
  readonly onToggle: (row: R) => void
}

interface RowProps<R> {
  readonly row: R
  readonly label: string
  readonly index: number
  /** Pixels from the top of the table's body. */
  readonly start: number
  readonly columns: readonly Column<R>[]
  readonly isSelectable: boolean
  readonly isSelected: boolean
  readonly isTabStop: boolean
  readonly actions: RefObject<RowActions<R>>
}

/** Drawn anew only when something of the row changes: a table that scrolls draws the rows that come into sight, and no others. */
const TableRow = memo(DrawnRow) as typeof DrawnRow

function DrawnRow<R>({
  row,
  label,
  index,
  start,
  columns,
  isSelectable,
  isSelected,
  isTabStop,
  actions,
}: RowProps<R>): ReactNode {
  return (
    <div
      className="table-row"
      role="row"
      aria-rowindex={index + 2}
      aria-label={label}
      aria-selected={isSelectable ? isSelected : undefined}
      data-row={index}
      tabIndex={isTabStop ? 0 : -1}
      style={{ transform: `translateY(${start}px)` }}
      onKeyDown={(event) => actions.current.onKeyDown(event, row, index)}
      onFocus={({ target, currentTarget }) =>
        actions.current.onFocus(row, index, { isItself: target === currentTarget })
      }
      onDoubleClick={() => actions.current.onOpen(row)}
    >
      {isSelectable && (
        <div className="table-cell" role="gridcell">
          <RowCheckbox
            label={texts.table.select(label)}
            isSelected={isSelected}
            // Space selects; one stop for each row would be hundreds.
            excludeFromTabOrder
            onChange={() => actions.current.onToggle(row)}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} className={cellClass(column)} role="gridcell">
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

/** The value of the last drawing, in an object that stays the same. */
function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}

function HeaderRow<R>({ columns, rows, rowKey, selection, sorting, onSort }: TableProps<R>): ReactNode {
  const isAll = rows.length > 0 && selection?.keys.size === rows.length
  return (
    <div className="table-row table-head" role="row" aria-rowindex={1}>
      {selection && (
        <div className="table-cell" role="columnheader">
          <RowCheckbox
            label={texts.table.selectAll}
            isSelected={isAll}
            isIndeterminate={!isAll && selection.keys.size > 0}
            onChange={(all) => selection.onChange(new Set(all ? rows.map(rowKey) : []))}
          />
        </div>
      )}
      {columns.map((column) => {
        const isSorted = sorting?.column === column.id
        const Arrow = isSorted && sorting.isDescending ? ArrowDown : ArrowUp
        return (
          <div
            key={column.id}
            className={cellClass(column)}
            role="columnheader"
            aria-sort={isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : undefined}
          >
            {column.isSortable === true && onSort ? (
              <button
                type="button"
                className="sort-button"
                aria-label={texts.table.sortBy(column.header)}
                onClick={() => onSort({ column: column.id, isDescending: isSorted && !sorting.isDescending })}
              >
                {column.header}
                {isSorted && <Arrow aria-hidden />}
              </button>
            ) : column.kind === 'actions' ? (
              <span className="unseen">{column.header}</span>
            ) : (
              column.header
            )}
          </div>
        )
      })}
    </div>
  )
}

const cellClass = ({
  kind = 'text',
  isWideOnly = false,
}: Pick<Column<never>, 'kind' | 'isWideOnly'>): string =>
  `table-cell ${kind}${isWideOnly ? ' wide-only' : ''}`

/** Whether a media query holds, also when that changes. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const onChange = (): void => setMatches(media.matches)
    media.addEventListener('change', onChange)
    return () => media.removeEventListener('change', onChange)
  }, [query])
  return matches
}
