import { ListObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3'
import { unquoteEtag } from '../../../base/etags.ts'
import { percentDecodeQuery } from '../../../base/percent-encoding.ts'
import { ObjectError } from '../object-error.ts'
import { compareKeys } from './key-order.ts'
import type { Store } from './store.ts'

/** A version as a listing has it; of a bucket without versions, the object. */
export interface ListedVersion {
  /** Undefined where versions were not asked for. */
  readonly versionId: string | undefined
  readonly isDeleteMarker: boolean
  /** Without quotes; empty for a delete marker. */
  readonly etag: string
  readonly sizeBytes: number
  /** Epoch milliseconds, by the store's clock; 0 where it did not say. */
  readonly modifiedAtMs: number
  readonly storageClass: string | undefined
}

/** A key and its versions, oldest first; at least one. */
export interface ListedKey {
  readonly key: string
  readonly versions: readonly ListedVersion[]
}

/**
 * Lists a bucket in the order of the keys, page by page; with `hasVersions` all versions. One key's versions are held at a time.
 * @throws ObjectError where the store lists its keys in another order, in which nothing can be compared
 */
export async function* listKeys(
  store: Store,
  bucketName: string,
  { hasVersions, prefix }: { readonly hasVersions: boolean; readonly prefix: string },
): AsyncGenerator<ListedKey> {
  let before: string | undefined
  for await (const listed of hasVersions
    ? groupedByKey(listVersions(store, bucketName, prefix))
    : listObjects(store, bucketName, prefix)) {
    if (before !== undefined && compareKeys(before, listed.key) >= 0)
      throw new ObjectError(
        `the bucket ${bucketName} is not listed in the order of its keys (${JSON.stringify(before)} before ${JSON.stringify(listed.key)}), so that it cannot be compared`,
      )
    before = listed.key
    yield listed
  }
}

/** Gives a function that reads a key as it was encoded. It throws ObjectError for one that is no UTF-8: by any other name it would be another object. */
const decoder =
  (encoding: string | undefined) =>
  (text = ''): string => {
    const key = encoding === 'url' ? percentDecodeQuery(text) : text
    if (key === null)
      throw new ObjectError(
        `a listing names a key that is not UTF-8, and cannot be asked for: ${JSON.stringify(text)}`,
      )
    return key
  }

/** By the first version of the operation: every store has it, and where to go on is a key, of which nothing can go wrong. */
async function* listObjects(store: Store, bucketName: string, prefix: string): AsyncGenerator<ListedKey> {
  let marker: string | undefined = ''
  while (marker !== undefined) {
    const from: string = marker
    const page = await store.ask((client) =>
      client.send(
        new ListObjectsCommand({
          Bucket: bucketName,
          Prefix: prefix,
          EncodingType: 'url',
          ...(from === '' ? {} : { Marker: from }),
        }),
      ),
    )
    const decode = decoder(page.EncodingType)
    const { Contents = [] } = page
    for (const { Key, ETag, Size, LastModified, StorageClass } of Contents)
      yield {
        key: decode(Key),
        versions: [
          {
            versionId: undefined,
            isDeleteMarker: false,
            etag: unquoteEtag(ETag ?? ''),
            sizeBytes: Size ?? 0,
            modifiedAtMs: LastModified?.getTime() ?? 0,
            storageClass: StorageClass,
          },
        ],
      }
    marker = page.IsTruncated === true ? nextOf(decode(page.NextMarker ?? Contents.at(-1)?.Key)) : undefined
  }
}

/** @throws ObjectError where a store says that there is more, and not behind what */
function nextOf(marker: string): string {
  if (marker === '') throw new ObjectError('a listing was cut short, and does not say where it goes on')
  return marker
}

interface VersionOfKey extends ListedVersion {
  readonly key: string
}

async function* listVersions(store: Store, bucketName: string, prefix: string): AsyncGenerator<VersionOfKey> {
  let marker: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {}
  while (marker !== undefined) {
    const from: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = marker
    const { page, isMarker } = await store.ask(async (client) => {
      const command = new ListObjectVersionsCommand({
        Bucket: bucketName,
        Prefix: prefix,
        EncodingType: 'url',
        ...from,
      })
      const order = noteOrder(command)
      return { page: await client.send(command), isMarker: order.isMarker }
    })
    yield* inOrder(page, isMarker)
    const decode = decoder(page.EncodingType)
    marker =
      page.IsTruncated === true
        ? {
            KeyMarker: nextOf(decode(page.NextKeyMarker)),
            ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
          }
        : undefined
  }
}

/**
 * Notes for each entry of the page that comes whether it is a delete marker. The SDK gives versions and markers as two lists, which does not tell which
 * of a key's came first: dates may be whole seconds.
 */
function noteOrder(command: ListObjectVersionsCommand): { isMarker: readonly boolean[] } {
  const order: { isMarker: readonly boolean[] } = { isMarker: [] }
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { response } = result
      if (hasBody(response)) {
        const pieces: Uint8Array[] = []
        for await (const piece of response.body) pieces.push(piece)
        const bytes = Buffer.concat(pieces)
        order.isMarker = markersIn(bytes.toString('latin1'))
        Object.assign(response, { body: bytes })
      }
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'lugsail-version-order' },
  )
  return order
}

/** Whether each `Version` and `DeleteMarker` element of a listing is the latter, in their order. No text of a document can have such a tag. */
const markersIn = (xml: string): boolean[] =>
  [...xml.matchAll(/<(?:\w+:)?(Version|DeleteMarker)[\s>]/g)].map(([, name]) => name === 'DeleteMarker')

function hasBody(response: unknown): response is { body: AsyncIterable<Uint8Array> } {
  if (typeof response !== 'object' || response === null || !('body' in response)) return false
  const { body } = response
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

interface PageEntry extends VersionOfKey {
  readonly isLatest: boolean
}

function inOrder(
  { Versions = [], DeleteMarkers = [], EncodingType }: ListObjectVersionsCommandOutput,
  isMarker: readonly boolean[],
): readonly VersionOfKey[] {
  if (isMarker.length !== Versions.length + DeleteMarkers.length)
    throw new ObjectError(
      `a page of versions has ${Versions.length} versions and ${DeleteMarkers.length} delete markers, and ${isMarker.length} entries in its text`,
    )
  const decode = decoder(EncodingType)
  const [versions, markers] = [Versions.values(), DeleteMarkers.values()]
  const entries = isMarker.map((isDeleteMarker): PageEntry => {
    const entry = isDeleteMarker ? markers.next().value : versions.next().value
    const { ETag = '', Size = 0, StorageClass }: Partial<ListedEntry> = entry ?? {}
    return {
      key: decode(entry?.Key),
      versionId: entry?.VersionId ?? 'null',
      isDeleteMarker,
      etag: unquoteEtag(ETag),
      sizeBytes: Size,
      modifiedAtMs: entry?.LastModified?.getTime() ?? 0,
      storageClass: StorageClass,
      isLatest: entry?.IsLatest === true,
    }
  })
  return sortVersions(entries)
}

type ListedEntry = NonNullable<ListObjectVersionsCommandOutput['Versions']>[number]

/**
 * A page as it is where its keys are in order, as with S3. Some stores list all delete markers behind all versions: then what is newest comes first by
 * what they say of it, and of the same moment as it came.
 */
export function sortVersions<T extends Pick<PageEntry, 'key' | 'isLatest' | 'modifiedAtMs'>>(
  entries: readonly T[],
): readonly T[] {
  const isSorted = entries.every(({ key }, index) => compareKeys(entries[index - 1]?.key ?? '', key) <= 0)
  if (isSorted) return entries
  return entries.toSorted(
    (a, b) =>
      compareKeys(a.key, b.key) || Number(b.isLatest) - Number(a.isLatest) || b.modifiedAtMs - a.modifiedAtMs,
  )
}

/** S3 lists a key's versions newest first, one behind the other, across pages too. */
async function* groupedByKey(versions: AsyncIterable<VersionOfKey>): AsyncGenerator<ListedKey> {
  let key: string | undefined
  let group: ListedVersion[] = []
  for await (const { key: next, ...version } of versions) {
    if (key !== undefined && next !== key) {
      yield { key, versions: group.reverse() }
      group = []
    }
    key = next
    group.push(version)
  }
  if (key !== undefined) yield { key, versions: group.reverse() }
}
