import {
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { objectRow, uploadRow, versionRow, type Listing, type Page } from './listing-model.ts'

/** More pages than any listing of a test has: one that never ends is a failure. */
const PAGES_MAX = 1_000

const inputOf = (Bucket: string, { prefix, delimiter, maxKeys }: Listing) => ({
  Bucket,
  Prefix: prefix,
  MaxKeys: maxKeys,
  ...(delimiter !== undefined && { Delimiter: delimiter }),
})

const prefixesOf = (elements: readonly { readonly Prefix?: string | undefined }[] | undefined): string[] =>
  (elements ?? []).map(({ Prefix = '' }) => Prefix)

/** All pages, each asked for with what the one before said of where to go on; null: it said that there is no more. */
async function readAll<M>(
  readPage: (marker: M | null) => Promise<{ page: Page; next: M | null }>,
): Promise<Page[]> {
  const pages: Page[] = []
  let marker: M | null = null
  do {
    const { page, next }: { page: Page; next: M | null } = await readPage(marker)
    pages.push(page)
    marker = page.isTruncated ? next : null
  } while (marker !== null && pages.length < PAGES_MAX)
  return pages
}

export const listedByV2 = (s3: S3Client, bucket: string, listing: Listing): Promise<Page[]> =>
  readAll<string>(async (token) => {
    const response = await s3.send(
      new ListObjectsV2Command({
        ...inputOf(bucket, listing),
        ...(token !== null && { ContinuationToken: token }),
      }),
    )
    const rows = (response.Contents ?? []).map(({ Key, ETag, Size }) => objectRow(Key, ETag, Size))
    const prefixes = prefixesOf(response.CommonPrefixes)
    if (response.KeyCount !== rows.length + prefixes.length)
      rows.push(`KeyCount ${response.KeyCount ?? 'absent'}`)
    const page = { rows, prefixes, isTruncated: response.IsTruncated === true }
    return { page, next: response.NextContinuationToken ?? null }
  })

/** Without a delimiter a page does not say where to go on: after its last key. */
export const listedByV1 = (s3: S3Client, bucket: string, listing: Listing): Promise<Page[]> =>
  readAll<string>(async (marker) => {
    const response = await s3.send(
      new ListObjectsCommand({ ...inputOf(bucket, listing), ...(marker !== null && { Marker: marker }) }),
    )
    const rows = (response.Contents ?? []).map(({ Key, ETag, Size }) => objectRow(Key, ETag, Size))
    const page = {
      rows,
      prefixes: prefixesOf(response.CommonPrefixes),
      isTruncated: response.IsTruncated === true,
    }
    return { page, next: response.NextMarker ?? response.Contents?.at(-1)?.Key ?? null }
  })

interface TwoMarkers {
  readonly key: string | undefined
  readonly id: string | undefined
}

/** Versions and delete markers come in two lists; S3's order is that of both together, which their keys and the model's order tell. */
export const listedVersions = (s3: S3Client, bucket: string, listing: Listing): Promise<Page[]> =>
  readAll<TwoMarkers>(async (markers) => {
    const response = await s3.send(
      new ListObjectVersionsCommand({
        ...inputOf(bucket, listing),
        ...(markers?.key !== undefined && { KeyMarker: markers.key }),
        ...(markers?.id !== undefined && { VersionIdMarker: markers.id }),
      }),
    )
    const rows = [
      ...(response.Versions ?? []).map((each) =>
        versionRow(each.Key, each.VersionId, each.IsLatest, each.Size),
      ),
      ...(response.DeleteMarkers ?? []).map((each) => versionRow(each.Key, each.VersionId, each.IsLatest)),
    ]
    const page = {
      rows,
      prefixes: prefixesOf(response.CommonPrefixes),
      isTruncated: response.IsTruncated === true,
    }
    return { page, next: { key: response.NextKeyMarker, id: response.NextVersionIdMarker } }
  })

export const listedUploads = (s3: S3Client, bucket: string, listing: Listing): Promise<Page[]> =>
  readAll<TwoMarkers>(async (markers) => {
    const { MaxKeys, ...input } = inputOf(bucket, listing)
    const response = await s3.send(
      new ListMultipartUploadsCommand({
        ...input,
        MaxUploads: MaxKeys,
        ...(markers?.key !== undefined && { KeyMarker: markers.key }),
        ...(markers?.id !== undefined && { UploadIdMarker: markers.id }),
      }),
    )
    const rows = (response.Uploads ?? []).map(({ Key, UploadId }) => uploadRow(Key, UploadId))
    const page = {
      rows,
      prefixes: prefixesOf(response.CommonPrefixes),
      isTruncated: response.IsTruncated === true,
    }
    return { page, next: { key: response.NextKeyMarker, id: response.NextUploadIdMarker } }
  })
