import { existsSync } from 'node:fs'

const COPIES_MAX = 1_000

/** A name for a copy that no file has, the path itself or a number behind it: earlier copies stay. Throws an Error where there are a thousand. */
export function freeName(path: string): string {
  if (!existsSync(path)) return path
  for (let count = 2; count <= COPIES_MAX; count++)
    if (!existsSync(`${path}-${count}`)) return `${path}-${count}`
  throw new Error(`there are ${COPIES_MAX} copies beside it already`)
}
