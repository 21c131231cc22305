import type { ExchangeFacts } from '../../api/exchange.ts'

/** Notes which version a request was about, or made, and its size. */
export function noteVersion(
  facts: ExchangeFacts,
  { versionId, record }: { readonly versionId?: string; readonly record: { readonly sizeBytes: number } },
): void {
  facts.objectSizeBytes = record.sizeBytes
  if (versionId !== undefined) facts.versionId = versionId
}
