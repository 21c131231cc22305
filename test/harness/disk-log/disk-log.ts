import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const SOURCE = new URL('record.c', import.meta.url).pathname

/** One call on the files of a folder; see record.c. */
export type LogEntry =
  | {
      readonly kind: 'write'
      readonly inode: number
      readonly at: number
      readonly isDurable: boolean
      readonly bytes: Buffer
    }
  | { readonly kind: 'truncate'; readonly inode: number; readonly length: number }
  | { readonly kind: 'create'; readonly inode: number; readonly path: string }
  | { readonly kind: 'make-folder'; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'sync'; readonly number: number; readonly inode: number; readonly path: string }
  | { readonly kind: 'synced'; readonly number: number }

/** Writes down what a program that is started with its environment does to the files of a folder. */
export interface DiskLog {
  readonly environment: Readonly<Record<string, string>>
  /** What was written down, in order; the next program begins anew. To be called when no program writes any more. */
  readonly take: () => LogEntry[]
}

/** Why calls cannot be written down here, or false. */
export const noDiskLog: string | false =
  process.platform !== 'linux'
    ? 'calls on files are written down on Linux alone'
    : spawnSync('gcc', ['--version']).status === 0
      ? false
      : 'there is no gcc to build the library that writes calls down'

/** Builds the library in `folder`, a temporary one; `root`: an absolute path without links. */
export function buildDiskLog(folder: string, root: string): DiskLog {
  const library = join(folder, 'record.so')
  const log = join(folder, 'calls')
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl', '-lpthread'])
  if (built.status !== 0) throw new Error(`gcc: ${built.stderr.toString()}`)
  return {
    environment: { LD_PRELOAD: library, DISK_LOG: log, DISK_LOG_ROOT: root },
    take: () => {
      const entries = parseLog(readFileSync(log))
      rmSync(log)
      return entries
    },
  }
}

function parseLog(log: Buffer): LogEntry[] {
  const entries: LogEntry[] = []
  for (let at = 0; at < log.length;) {
    const end = log.indexOf('\n', at)
    const [kind = '', ...words] = log.toString('latin1', at, end).split(' ')
    const [inode = 0, first = 0, second = 0, size = 0] = words.map(Number)
    const bytes = log.subarray(end + 1, end + 1 + size)
    // A program that is killed in the midst of an entry did not go on from that call.
    if (end < 0 || bytes.length < size) break
    at = end + 1 + size
    entries.push(entryOf(kind, { inode, first, second, bytes }))
  }
  return entries
}

function entryOf(
  kind: string,
  words: { readonly inode: number; readonly first: number; readonly second: number; readonly bytes: Buffer },
): LogEntry {
  const { inode, first, second, bytes } = words
  const path = bytes.toString()
  switch (kind) {
    case 'W':
      return { kind: 'write', inode, at: first, isDurable: second === 1, bytes }
    case 'T':
      return { kind: 'truncate', inode, length: first }
    case 'C':
      return { kind: 'create', inode, path }
    case 'M':
      return { kind: 'make-folder', path }
    case 'R':
    case 'L':
      return {
        kind: kind === 'R' ? 'rename' : 'link',
        from: bytes.toString('utf8', 0, first),
        to: bytes.toString('utf8', first),
      }
    case 'U':
      return { kind: 'remove', path }
    case 'S':
      return { kind: 'sync', inode, number: first, path }
    case 'D':
      return { kind: 'synced', number: first }
    default:
      throw new Error(`the log of calls has an entry of kind ${JSON.stringify(kind)}`)
  }
}
