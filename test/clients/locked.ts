import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a lock file under test/clients says: the first group of the pattern. Throws when nothing in it matches. */
export function locked(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(join('test/clients', file), 'utf8'))?.[1]
  if (version === undefined) throw new Error(`${file} has nothing like ${pattern.source}`)
  return version
}
