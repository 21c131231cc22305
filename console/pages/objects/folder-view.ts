import { bucketPlace } from '../../routing/places.ts'
import type { ObjectRow } from './rows.ts'

/** What is shown of a bucket, as the address tells it. */
export interface FolderView {
  /** Ends with a slash; empty at the top. */
  readonly prefix: string
  /** How the names begin that are shown. */
  readonly find: string
  readonly withVersions: boolean
  /** The key of the object that is shown beside the list; null: none. */
  readonly open: string | null
  /** Its version, when it is not the current one. */
  readonly version: string | null
}

const NOTHING: FolderView = { prefix: '', find: '', withVersions: false, open: null, version: null }

/** Reads what is shown from the rest of the path and the query. */
export function readFolder(rest: readonly string[], query: URLSearchParams): FolderView {
  return {
    prefix: query.get('prefix') ?? rest.join('/'),
    find: query.get('find') ?? '',
    withVersions: query.has('versions'),
    open: query.get('open'),
    version: query.get('version'),
  }
}

/** The address of a folder, and of what is shown of it. */
export function folderPlace(bucket: string, view: Partial<FolderView>): string {
  const { prefix, find, withVersions, open, version } = { ...NOTHING, ...view }
  const parts = prefix === '' ? [] : prefix.split('/')
  // Browsers take such parts out of paths.
  const isInQuery = parts.some((part) => part === '.' || part === '..')
  const query = new URLSearchParams()
  if (isInQuery) query.set('prefix', prefix)
  if (find !== '') query.set('find', find)
  if (withVersions) query.set('versions', '')
  if (open !== null) query.set('open', open)
  if (version !== null) query.set('version', version)
  const text = query.toString()
  return `${bucketPlace(bucket, 'objects', ...(isInQuery ? [] : parts))}${text === '' ? '' : `?${text}`}`
}

/** Whether a line is the one that is shown beside the list. */
export const isShown = (row: ObjectRow, { open, version }: FolderView): boolean =>
  row.kind !== 'folder' &&
  row.key === open &&
  (row.kind === 'object' || (version === null ? row.object.isLatest : row.object.versionId === version))
