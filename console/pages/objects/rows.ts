import type { BucketAddress, ListedObject } from '../../api/s3/list-objects.ts'
import type { ListedVersion } from '../../api/s3/list-versions.ts'
import type { ObjectAddress } from '../../api/s3/objects.ts'
import type { Sorting } from '../../parts/table.tsx'

/** A line of the list. */
export type ObjectRow =
  | { readonly kind: 'folder'; readonly id: string; readonly key: string; readonly name: string }
  | {
      readonly kind: 'object'
      readonly id: string
      readonly key: string
      readonly name: string
      readonly object: ListedObject
    }
  | {
      readonly kind: 'version'
      readonly id: string
      readonly key: string
      readonly name: string
      readonly object: ListedVersion
    }

/** The object, or the version of it, that a line is about. */
export const addressOf = (row: ObjectRow, { bucket, region }: BucketAddress): ObjectAddress => ({
  bucket,
  region,
  key: row.key,
  ...(row.kind === 'version' && { versionId: row.object.versionId }),
})

interface Loaded {
  readonly folders: readonly string[]
  readonly objects: readonly ListedObject[]
  readonly versions: readonly ListedVersion[]
}

/** The id of a folder's line. */
export const folderId = (key: string): string => `folder ${key}`

/** The lines of a folder: deeper folders first, then its objects or their versions, as the server orders them. */
export function rowsOf({ folders, objects, versions }: Loaded, prefix: string): readonly ObjectRow[] {
  const nameOf = (key: string): string => key.slice(prefix.length)
  return [
    ...folders.map((key): ObjectRow => ({ kind: 'folder', id: folderId(key), key, name: nameOf(key) })),
    ...objects
      // The folder's own mark is not in it.
      .filter(({ key }) => key !== prefix)
      .map((object): ObjectRow => ({
        kind: 'object',
        id: `object ${object.key}`,
        key: object.key,
        name: nameOf(object.key),
        object,
      })),
    ...versions
      .filter(({ key }) => key !== prefix)
      .map((object): ObjectRow => ({
        kind: 'version',
        id: `version ${object.versionId} ${object.key}`,
        key: object.key,
        name: nameOf(object.key),
        object,
      })),
  ]
}

/** Sorts what is loaded; by name, ascending, it stays as the server has it. Folders stay first. */
export function sortRows(
  rows: readonly ObjectRow[],
  { column, isDescending }: Sorting,
): readonly ObjectRow[] {
  if (column === 'name' && !isDescending) return rows
  const sign = isDescending ? -1 : 1
  const measure = (row: ObjectRow): number =>
    row.kind === 'folder' ? 0 : column === 'size' ? row.object.size : row.object.modifiedAt
  const folders = rows.filter(({ kind }) => kind === 'folder')
  const others = rows.filter(({ kind }) => kind !== 'folder')
  if (column === 'name') return [...folders.toReversed(), ...others.toReversed()]
  return [...folders, ...others.toSorted((a, b) => sign * (measure(a) - measure(b)))]
}

/** Folders that lead to what a key of some prefixes may list, seen from a folder that it may not. */
export function waysTo(prefixes: readonly string[], from: string): readonly string[] {
  const ways = prefixes
    .filter((prefix) => prefix.startsWith(from))
    .map((prefix) => {
      const slash = prefix.indexOf('/', from.length)
      return slash === -1 ? prefix : prefix.slice(0, slash + 1)
    })
  return [...new Set(ways)].sort()
}
