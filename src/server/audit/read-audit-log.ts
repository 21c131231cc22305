import { open, readdir, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { isPutAside } from './audit-file.ts'

/** Lines of a page. */
const LINES_MAX = 100
/** Bytes that are read at once, and for a page at most. */
const CHUNK_BYTES = 64 * 1024
const PAGE_BYTES_MAX = 4 * 1024 * 1024
const LINE_FEED = 0x0a

interface Place {
  /** Which file, whatever it is called by now. */
  readonly inode: bigint
  /** What is wanted ends here. */
  readonly end: number
}

/** Reads the audit log from its end backwards, in the file and in those that were put aside. A page ends after so many lines, or after so much that was read. */
export const auditLogReader =
  (path: string): AuditLogReader =>
  async ({ pageToken, isWanted }) => {
    const from = pageToken === undefined ? null : placeOf(pageToken)
    const lines: string[] = []
    let bytesRead = 0
    let isReached = from === null
    for (const each of await filesOf(path)) {
      const file = await open(each, 'r').catch(unlessGone)
      if (!file) continue
      try {
        const { ino: inode, size: sizeBytes } = await file.stat({ bigint: true })
        const size = Number(sizeBytes)
        if (!isReached && inode !== from?.inode) continue
        let end = isReached ? size : Math.min(size, from?.end ?? size)
        isReached = true
        while (end > 0) {
          if (lines.length >= LINES_MAX || bytesRead >= PAGE_BYTES_MAX)
            return { lines, nextPageToken: `${inode}-${end}` }
          const chunk = await linesBefore(file, end)
          bytesRead += end - chunk.start
          end = chunk.start
          for (const { line, start } of chunk.lines.toReversed()) {
            if (!isWanted(line)) continue
            lines.push(line)
            if (lines.length >= LINES_MAX) {
              end = start
              break
            }
          }
        }
      } finally {
        await file.close()
      }
    }
    return { lines, nextPageToken: null }
  }

function placeOf(token: string): Place {
  const [, inode, end] = /^(\d{1,20})-(\d{1,15})$/.exec(token) ?? []
  if (inode === undefined || end === undefined) throw new RangeError('no place in the audit log')
  return { inode: BigInt(inode), end: Number(end) }
}

/** The newest first: names of files that were put aside have their time. */
async function filesOf(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(unlessGone)
  const old = (names ?? []).filter((name) => isPutAside(name, basename(path))).sort()
  return [path, ...old.toReversed().map((name) => join(dirname(path), name))]
}

function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** Whole lines that end at `end`, as many as a chunk has, one at least. */
async function linesBefore(
  file: FileHandle,
  end: number,
): Promise<{ readonly start: number; readonly lines: readonly { line: string; start: number }[] }> {
  for (let length = CHUNK_BYTES; ; length *= 2) {
    const start = Math.max(0, end - length)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    const bytes = buffer.subarray(0, bytesRead)
    // What stands before the first end of a line may be the rest of one.
    const first = start === 0 ? 0 : bytes.indexOf(LINE_FEED) + 1
    if (first === bytes.length || (start > 0 && first === 0)) {
      if (start === 0) return { start: 0, lines: [] }
      continue
    }
    const lines: { line: string; start: number }[] = []
    let at = first
    for (let next = bytes.indexOf(LINE_FEED, at); next !== -1; next = bytes.indexOf(LINE_FEED, at)) {
      lines.push({ line: bytes.toString('utf8', at, next), start: start + at })
      at = next + 1
    }
    return { start: start + first, lines }
  }
}
