import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCE = new URL('bad-sectors.c', import.meta.url).pathname
export const PAGE_BYTES = 4_096

/** What makes pages unreadable, and where it is told which. */
export function buildBadSectors(folder: string): { readonly library: string; readonly list: string } {
  const [library, list] = [join(folder, 'bad-sectors.so'), join(folder, 'list')]
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'])
  assert.equal(built.status, 0, built.stderr.toString())
  return { library, list }
}

/** Where pages with these bytes begin; those that were written over lie there still, and are among them. */
export function pagesWith(path: string, bytes: string | Uint8Array): number[] {
  const file = readFileSync(path)
  const pages = new Set<number>()
  for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + 1))
    pages.add(Math.floor(at / PAGE_BYTES) * PAGE_BYTES)
  assert.ok(pages.size > 0)
  return [...pages]
}
