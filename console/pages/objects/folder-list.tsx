import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import type { ObjectAddress } from '../../api/s3/objects.ts'
import { useFolder, useRefreshObjects } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/fields.tsx'
import { formatNumber } from '../../parts/formats.ts'
import { keepFocus } from '../../parts/lost-focus.ts'
import { Empty, ErrorNote } from '../../parts/notes.tsx'
import type { Sorting } from '../../parts/table.tsx'
import { toast } from '../../parts/toasts.tsx'
import { navigate } from '../../routing/router.tsx'
import { useMay, useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { ActionDialogs, type Action } from './action-dialogs.tsx'
import { downloadObject } from './download.ts'
import { folderPlace, isShown, type FolderView } from './folder-view.ts'
import { ObjectTable } from './object-table.tsx'
import { PanePlace } from './preview/pane-place.tsx'
import { restoreVersion } from './restore-version.ts'
import { rowEntries } from './row-entries.ts'
import { addressOf, folderId, rowsOf, sortRows, waysTo, type ObjectRow } from './rows.ts'
import { SelectionBar } from './selection-bar.tsx'
import { baseName, shownName } from '../../parts/shown-name.ts'
import { VersionsSwitch } from './versions-switch.tsx'

const words = texts.objects
const BY_NAME: Sorting = { column: 'name', isDescending: false }
const NOTHING: ReadonlySet<string> = new Set()
/** What is typed becomes a request after this pause. */
const TYPING_MS = 250

/** The list of a folder with what can be done with its lines. */
export function FolderList({
  address,
  view,
  cameFrom,
  onView,
  besides,
}: {
  /** What else stands above the list. */
  readonly besides?: ReactNode
  readonly address: BucketAddress
  readonly view: FolderView
  /** The folder that was shown before; null: none. */
  readonly cameFrom: string | null
  readonly onView: (changes: Partial<FolderView>, options?: { readonly replaces: boolean }) => void
}): ReactNode {
  const { prefix, find, withVersions, open } = view
  const { bucket, region } = address
  const { session } = useSession()
  const may = useMay()
  const { prefixes } = session.caller
  const wanted = prefix + find
  // A key of some prefixes is refused any other listing: it is shown the way to its own.
  const mayListHere = prefixes === undefined || prefixes.some((each) => wanted.startsWith(each))
  const folder = useFolder(address, { prefix: wanted, withVersions, isAsked: may('list') && mayListHere })
  const refresh = useRefreshObjects(bucket)
  const [selected, setSelected] = useState(NOTHING)
  const [sorting, setSorting] = useState(BY_NAME)
  const [action, setAction] = useState<Action | null>(null)
  const [endedActions, setEndedActions] = useState(0)
  const [error, setError] = useState<{ readonly what: string; readonly error: unknown } | null>(null)
  // These stay the same objects as long as nothing was loaded.
  const { folders, objects, versions } = folder
  const rows = useMemo(
    () =>
      rowsOf(
        mayListHere
          ? { folders, objects, versions }
          : { folders: waysTo(prefixes, prefix), objects: [], versions: [] },
        prefix,
      ),
    [folders, objects, versions, prefix, mayListHere, prefixes],
  )
  const sorted = useMemo(() => sortRows(rows, sorting), [rows, sorting])
  const chosen = useMemo(() => sorted.filter(({ id }) => selected.has(id)), [sorted, selected])

  const placeOf = useCallback(
    (row: ObjectRow): string =>
      row.kind === 'folder'
        ? row.key.endsWith('/')
          ? folderPlace(bucket, { prefix: row.key, withVersions })
          : folderPlace(bucket, { prefix, find: row.name })
        : folderPlace(bucket, {
            prefix,
            find,
            withVersions,
            open: row.key,
            version: row.kind === 'version' ? row.object.versionId : null,
          }),
    [bucket, prefix, find, withVersions],
  )
  const download = useCallback(
    (object: ObjectAddress) => {
      setError(null)
      downloadObject(session, object).catch((thrown: unknown) =>
        setError({ what: words.downloadFailed(shownName(baseName(object.key))), error: thrown }),
      )
    },
    [session],
  )
  const downloadRow = useCallback(
    (row: ObjectRow) => download(addressOf(row, { bucket, region })),
    [download, bucket, region],
  )
  const restore = useCallback(
    (row: ObjectRow) => {
      if (row.kind !== 'version') return
      setError(null)
      restoreVersion(session, { bucket, region }, row)
        .then(async () => {
          toast(words.versions.restored(shownName(row.name)))
          await refresh()
          setEndedActions((before) => before + 1)
        })
        .catch((thrown: unknown) =>
          setError({ what: words.versions.restoreFailed(shownName(row.name)), error: thrown }),
        )
    },
    [session, bucket, region, refresh],
  )
  const entriesOf = useCallback(
    (row: ObjectRow) =>
      mayListHere
        ? rowEntries(row, { may, onAction: setAction, onDownload: downloadRow, onRestore: restore })
        : [],
    [downloadRow, restore, may, mayListHere],
  )
  const show = (row: ObjectRow): void => navigate(placeOf(row), { replaces: true })
  const close = (): void => onView({ open: null, version: null }, { replaces: true })
  if (!may('list'))
    return (
      <Empty title={words.mayNotList.title}>
        <p>{words.mayNotList.text}</p>
      </Empty>
    )
  const isSortedHere = sorting.column !== 'name' || sorting.isDescending
  return (
    <>
      <div className="list-bar">
        {chosen.length > 0 && mayListHere ? (
          <SelectionBar rows={chosen} onAction={setAction} onClear={() => setSelected(NOTHING)} />
        ) : (
          <>
            <FindField
              value={find}
              onChange={(text) => onView({ find: text, open: null }, { replaces: true })}
            />
            <span className="muted" role="status">
              {countOf(rows.length, folder.hasMore, folder.isPending)}
              {isSortedHere && folder.hasMore && ` · ${words.sortedHere}`}
            </span>
            {besides}
            <VersionsSwitch
              address={address}
              isOn={withVersions}
              onChange={(isOn) => {
                setSelected(NOTHING)
                onView({ withVersions: isOn, open: null, version: null })
              }}
            />
          </>
        )}
      </div>
      {error && <ErrorNote what={error.what} error={error.error} />}
      {folder.error && <ErrorNote what={words.listFailed} error={folder.error} onRetry={folder.retry} />}
      {!mayListHere && <p className="muted">{words.onlySome}</p>}
      {rows.length === 0 && !folder.isPending && !folder.hasMore && !folder.error ? (
        <NothingHere view={view} mayWrite={may('write')} />
      ) : (
        <div className={open === null ? 'objects-split' : 'objects-split has-pane'}>
          <ObjectTable
            label={words.listOf(`${bucket}/${prefix}`)}
            withVersions={withVersions}
            rows={sorted}
            isPending={folder.isPending}
            hasMore={folder.hasMore}
            onMore={folder.loadMore}
            selection={{ keys: selected, onChange: setSelected }}
            sorting={sorting}
            onSort={setSorting}
            placeOf={placeOf}
            onOpen={(row) => navigate(placeOf(row))}
            onCurrent={(row) => {
              if (open !== null && row.kind !== 'folder' && !isShown(row, view)) show(row)
            }}
            onClose={open === null ? null : close}
            openId={sorted.find((row) => isShown(row, view))?.id ?? null}
            entriesOf={entriesOf}
            onDownload={may('read') ? downloadRow : null}
            onRestore={may('delete') ? restore : null}
            startsAt={folderOnTheWay(prefix, cameFrom)}
            focusSignal={endedActions}
            onDelete={may('delete') ? (toDelete) => setAction(deletion(toDelete)) : null}
          />
          {open !== null && (
            <PanePlace
              address={{ ...address, key: open, ...(view.version !== null && { versionId: view.version }) }}
              rows={sorted}
              view={view}
              onShow={show}
              onClose={close}
              onDownload={download}
              onAction={setAction}
              onRestore={may('delete') ? restore : null}
            />
          )}
        </div>
      )}
      {action && (
        <ActionDialogs
          action={action}
          address={address}
          onClose={() => {
            setAction(null)
            setEndedActions((before) => before + 1)
          }}
          onDone={() => {
            setSelected(NOTHING)
            // What is shown beside the list is there no more.
            if (action.is !== 'copy' && action.rows.some((row) => isShown(row, view))) close()
          }}
        />
      )}
    </>
  )
}

/** The id of the folder's line in which one was, one or more folders deeper. */
const folderOnTheWay = (prefix: string, cameFrom: string | null): string | null =>
  cameFrom !== null && cameFrom !== prefix && cameFrom.startsWith(prefix)
    ? folderId(cameFrom.slice(0, cameFrom.indexOf('/', prefix.length) + 1))
    : null

const deletion = (rows: readonly ObjectRow[]): Action => {
  const versions = rows.filter(({ kind }) => kind === 'version')
  return versions.length > 0 ? { is: 'delete-versions', rows: versions } : { is: 'delete', rows }
}

function countOf(rows: number, hasMore: boolean, isPending: boolean): string {
  if (isPending) return texts.loading
  return words.count(rows, `${formatNumber(rows)}${hasMore ? '+' : ''}`)
}

function NothingHere({
  view,
  mayWrite,
}: {
  readonly view: FolderView
  readonly mayWrite: boolean
}): ReactNode {
  useEffect(() => {
    // There is no line that could take the focus of the one that led here.
    keepFocus(document.querySelector('main'))
  }, [])
  if (view.find !== '') return <p className="muted">{words.noMatch(view.find)}</p>
  return (
    <Empty title={view.prefix === '' ? words.empty.bucket : words.empty.folder}>
      {mayWrite && <p>{words.empty.text}</p>}
    </Empty>
  )
}

/** Searches by the beginning of names, once one has stopped typing. */
function FindField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (text: string) => void
}): ReactNode {
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className="find-field">
      <TextField label={words.find} placeholder={words.find} value={text} onChange={setText} type="search" />
      {text !== '' && (
        <Button weight="quiet" onPress={() => setText('')}>
          {words.clearFind}
        </Button>
      )}
    </div>
  )
}
