import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findingsOf, type Finding } from './finding.ts'

const GIB = 1024 ** 3
/** Below either, a server soon answers that it is full. */
const FREE_BYTES_NOTED = GIB
const FREE_SHARE_NOTED = 0.05

/** The disk under a server's data folder, and who may read what is secret in it. */
export function examineFolder(folder: string): Finding[] {
  const { ok, bad } = findingsOf('disk')
  const { bavail, blocks, bsize, ffree, files } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${folder} has ${(free / GIB).toFixed(1)} GiB free${runsOn(folder)}`
  const findings = [
    free < FREE_BYTES_NOTED || bavail < blocks * FREE_SHARE_NOTED
      ? bad(text, 'make room; a server whose disk is full refuses writes')
      : files > 0 && ffree === 0
        ? bad(`${folder} can take no more files`, 'make room; the file system has no free inode')
        : ok(text),
  ]
  for (const name of ['credentials', 'master.key']) {
    const path = join(folder, name)
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if ((mode & 0o077) !== 0) findings.push(bad(`others may read ${path}`, `chmod 600 ${path}`))
  }
  return findings
}

/** Which server is on the folder, as it says itself. */
function runsOn(folder: string): string {
  const path = join(folder, 'server.lock')
  if (!existsSync(path)) return '; no server runs on it'
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const url = typeof holder === 'object' && holder !== null && 'url' in holder ? String(holder.url) : ''
    return url === '' ? '' : `; ${url} runs on it`
  } catch {
    return ''
  }
}
