import type { Sender } from '../send.ts'
import { versionQuery, type ObjectAddress } from './objects.ts'
import { sendS3 } from './request.ts'

/** Headers that an object keeps, and gives back with its bytes. */
export const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
] as const
/** One of {@link KEPT_HEADERS}. */
export type KeptHeader = (typeof KEPT_HEADERS)[number]

/** What the server tells of an object besides its bytes. */
export interface ObjectFacts {
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** With its quotes. */
  readonly etag: string
  readonly versionId: string | null
  readonly headers: Readonly<Partial<Record<KeptHeader, string>>>
  /** The user's own, without `x-amz-meta-`. */
  readonly metadata: readonly { readonly key: string; readonly value: string }[]
  /** Absent where it has none, or the key at hand may not know. */
  readonly retention: { readonly mode: string; readonly until: number } | null
  readonly hasLegalHold: boolean
}

const METADATA = 'x-amz-meta-'

/** Reads what is known of an object (HeadObject). Throws ApiError. */
export async function headObject(
  sender: Sender,
  { versionId, ...address }: ObjectAddress,
  signal?: AbortSignal,
): Promise<ObjectFacts> {
  const { headers } = await sendS3(sender, {
    method: 'HEAD',
    ...address,
    query: versionQuery({ versionId }),
    signal,
  })
  const mode = headers.get('x-amz-object-lock-mode')
  return {
    size: Number(headers.get('content-length') ?? 0),
    modifiedAt: Date.parse(headers.get('last-modified') ?? ''),
    etag: headers.get('etag') ?? '',
    versionId: headers.get('x-amz-version-id'),
    headers: Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = headers.get(name)
        return value === null ? [] : [[name, value]]
      }),
    ),
    metadata: [...headers]
      .filter(([name]) => name.startsWith(METADATA))
      .map(([name, value]) => ({ key: name.slice(METADATA.length), value })),
    retention:
      mode === null
        ? null
        : { mode, until: Date.parse(headers.get('x-amz-object-lock-retain-until-date') ?? '') },
    hasLegalHold: headers.get('x-amz-object-lock-legal-hold') === 'ON',
  }
}
