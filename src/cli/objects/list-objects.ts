import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { percentDecodeQuery } from '../../base/percent-encoding.ts'

/** An object of a listing. */
export interface ListedObject {
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedAt: Date | undefined
}

/** A page of a listing: objects, and prefixes up to the delimiter. */
export interface ListedPage {
  readonly objects: readonly ListedObject[]
  readonly prefixes: readonly string[]
}

/** Lists what begins with a prefix, page by page, in the order of the keys. Keys travel encoded: XML has no form for some characters. */
export async function* listPages(
  client: S3Client,
  {
    bucketName,
    prefix,
    delimiter,
  }: { readonly bucketName: string; readonly prefix: string; readonly delimiter?: string },
): AsyncGenerator<ListedPage> {
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucketName,
        Prefix: prefix,
        EncodingType: 'url',
        ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )
    const decode = (text: string | undefined): string =>
      page.EncodingType === 'url' ? (percentDecodeQuery(text ?? '') ?? text ?? '') : (text ?? '')
    yield {
      objects: (page.Contents ?? []).map(({ Key, Size, LastModified }) => ({
        key: decode(Key),
        sizeBytes: Size ?? 0,
        modifiedAt: LastModified,
      })),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => decode(Prefix)),
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

/** All objects that begin with a prefix. */
export async function* listObjects(
  client: S3Client,
  place: { readonly bucketName: string; readonly prefix: string },
): AsyncGenerator<ListedObject> {
  for await (const { objects } of listPages(client, place)) yield* objects
}
