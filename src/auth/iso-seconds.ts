/** `2013-05-24T00:00:00Z`, as S3 names instants in errors. */
export function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}
