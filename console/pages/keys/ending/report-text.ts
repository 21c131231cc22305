import type { KeyUse } from '../../../data/keys.ts'

/** What became of a key that was revoked, for its report. */
export interface Revoked {
  readonly name: string
  readonly accessKeyIds: readonly string[]
  /** Epoch milliseconds. */
  readonly at: number
  readonly uploads: readonly {
    readonly bucketName?: string
    readonly objectKey?: string
    readonly uploadId?: string
  }[]
  readonly uses: readonly KeyUse[]
}

/** The report as JSON, times in ISO 8601. */
export function reportText({ name, accessKeyIds, at, uploads, uses }: Revoked): string {
  const iso = (epochMs: number | undefined): string | undefined =>
    epochMs === undefined ? undefined : new Date(epochMs).toISOString()
  const document = {
    key: name,
    accessKeyIds,
    revokedAt: iso(at),
    abortedUploads: uploads,
    uses: uses.map((use) => ({ ...use, first: iso(use.first), last: iso(use.last) })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
