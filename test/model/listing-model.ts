import { byBytes, type S3Model } from './s3-model.ts'

export interface Listing {
  readonly prefix: string
  readonly delimiter?: string
  readonly maxKeys: number
}

/** One row of a listing as text: `key`, or what tells a version or an upload; or a common prefix. */
interface Row {
  readonly text: string
  readonly isPrefix: boolean
}

/** A page: the rows of keys, those of common prefixes, and whether more follow. */
export interface Page {
  readonly rows: readonly string[]
  readonly prefixes: readonly string[]
  readonly isTruncated: boolean
}

/** The pages that a listing has, in their order; an empty listing has one. */
function pagesOf(
  entries: readonly { readonly key: string; readonly text: string }[],
  listing: Listing,
): Page[] {
  const { prefix, delimiter, maxKeys } = listing
  const rows: Row[] = []
  for (const { key, text } of entries) {
    if (!key.startsWith(prefix)) continue
    const at = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length)
    const group = delimiter === undefined || at < 0 ? null : key.slice(0, at + delimiter.length)
    if (group === null) rows.push({ text, isPrefix: false })
    else if (rows.at(-1)?.text !== group || rows.at(-1)?.isPrefix !== true)
      rows.push({ text: group, isPrefix: true })
  }
  const pages: Page[] = []
  for (let from = 0; from === 0 || from < rows.length; from += maxKeys) {
    const page = rows.slice(from, from + maxKeys)
    pages.push({
      rows: page.filter(({ isPrefix }) => !isPrefix).map(({ text }) => text),
      prefixes: page.filter(({ isPrefix }) => isPrefix).map(({ text }) => text),
      isTruncated: from + maxKeys < rows.length,
    })
  }
  return pages
}

/** How a listing shows an object, a version, an upload: both sides are compared in this form. */
export const objectRow = (key = '', etag = '', size = 0): string => `${key} ${etag} ${size}`
export const versionRow = (key = '', id = '', isLatest = false, size?: number): string =>
  `${key} ${id} ${isLatest ? 'latest' : 'older'} ${size ?? 'marker'}`
export const uploadRow = (key = '', id = ''): string => `${key} ${id}`

export function objectPages(model: S3Model, listing: Listing): Page[] {
  const entries = model.keys().flatMap((key) => {
    const current = model.current(key)
    return current ? [{ key, text: objectRow(key, current.etag, current.content.body.length) }] : []
  })
  return pagesOf(entries, listing)
}

export function versionPages(model: S3Model, listing: Listing): Page[] {
  const entries = model
    .keys()
    .flatMap((key) =>
      model
        .versionsOf(key)
        .map(({ id, content }, at) => ({ key, text: versionRow(key, id, at === 0, content?.body.length) })),
    )
  return pagesOf(entries, listing)
}

/** Uploads of one key come in the order in which they began. */
export function uploadPages(model: S3Model, listing: Listing): Page[] {
  const entries = [...model.uploads.values()]
    .map(({ key, id }, began) => ({ key, text: uploadRow(key, id), began }))
    .sort((a, b) => byBytes(a.key, b.key) || a.began - b.began)
  return pagesOf(entries, listing)
}
