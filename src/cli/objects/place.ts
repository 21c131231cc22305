import { UsageError } from '../usage-error.ts'

/** An object, or a prefix of objects; the key is empty where only the bucket was named. */
export interface ObjectPlace {
  readonly kind: 'object'
  readonly bucketName: string
  readonly key: string
}

/** What a command reads or writes: an object, a file or folder, or standard input or output. */
export type Place =
  | ObjectPlace
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stream' }

const SCHEME = 's3://'

/** Reads `s3://BUCKET/KEY`, a path, or `-`. @throws UsageError for an s3:// without a bucket */
export function readPlace(text: string): Place {
  if (text === '-') return { kind: 'stream' }
  if (text.startsWith(SCHEME)) return readObjectPlace(text)
  if (text === '') throw new UsageError('expected a path or s3://BUCKET/KEY, got nothing')
  return { kind: 'file', path: text }
}

/** Reads `[s3://]BUCKET[/KEY]`; the key is all behind the first slash, as it is. @throws UsageError without a bucket */
export function readObjectPlace(text: string): ObjectPlace {
  const rest = text.startsWith(SCHEME) ? text.slice(SCHEME.length) : text
  const slash = rest.indexOf('/')
  const bucketName = slash < 0 ? rest : rest.slice(0, slash)
  if (bucketName === '') throw new UsageError(`expected s3://BUCKET/KEY, got ${JSON.stringify(text)}`)
  return { kind: 'object', bucketName, key: slash < 0 ? '' : rest.slice(slash + 1) }
}

/** As it is typed: `s3://BUCKET/KEY`, a path, or `-`. */
export function placeText(place: Place): string {
  if (place.kind === 'stream') return '-'
  return place.kind === 'file' ? place.path : `${SCHEME}${place.bucketName}/${place.key}`
}
