/** `2013-05-24T00:00:00Z`: an instant without its parts of a second. */
export function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}
