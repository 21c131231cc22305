import { createHash } from 'node:crypto'
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { isPutAside } from './audit-file.ts'

/** Lines of a page. */
const LINES_MAX = 100
/** Bytes that are read at once, and for a page at most. */
const CHUNK_BYTES = 64 * 1024
const PAGE_BYTES_MAX = 4 * 1024 * 1024
const LINE_FEED = 0x0a

/** Of the beginning of a file, which stays as it is: so many bytes tell whether it is the same one. */
const BEGINNING_BYTES = 512
/** Characters of the digest of a beginning. */
const DIGEST_LENGTH = 16

interface Place {
  /** Which file, whatever it is called by now. */
  readonly inode: bigint
  /** What is wanted ends here. */
  readonly end: number
  /** Of the file's beginning: when a file is removed, another one may get its inode. */
  readonly beginning: string
}

/** The names of what is in a folder. */
type ReadNames = (folder: string) => Promise<readonly string[]>

/**
 * Reads the audit log from its end backwards, in the file and in those that were put aside. A page ends after so many lines, or after so much that was
 * read. A file that is put aside meanwhile is read once, wherever that finds it.
 */
export const auditLogReader =
  (path: string, readNames: ReadNames = readdir): AuditLogReader =>
  async ({ pageToken, isWanted }) => {
    const from = pageToken === undefined ? null : placeOf(pageToken)
    const lines: string[] = []
    let bytesRead = 0
    let isReached = from === null
    for await (const file of filesOf(path, readNames)) {
      const { ino: inode, size: sizeBytes } = await file.stat({ bigint: true })
      const size = Number(sizeBytes)
      if (!isReached && !(from && (await isAt(file, inode, from)))) continue
      let end = isReached ? size : Math.min(size, from?.end ?? size)
      isReached = true
      while (end > 0) {
        if (lines.length >= LINES_MAX || bytesRead >= PAGE_BYTES_MAX)
          return { lines, nextPageToken: `${inode}-${end}-${await beginningOf(file, end)}` }
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
    }
    return { lines, nextPageToken: null }
  }

function placeOf(token: string): Place {
  const [, inode, end, beginning] = /^(\d{1,20})-(\d{1,15})-([\da-f]{16})$/.exec(token) ?? []
  if (inode === undefined || end === undefined || beginning === undefined)
    throw new RangeError('no place in the audit log')
  return { inode: BigInt(inode), end: Number(end), beginning }
}

const isAt = async (file: FileHandle, inode: bigint, place: Place): Promise<boolean> =>
  inode === place.inode && (await beginningOf(file, place.end)) === place.beginning

/** A digest of how a file begins, before `end`. */
async function beginningOf(file: FileHandle, end: number): Promise<string> {
  const length = Math.min(end, BEGINNING_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, DIGEST_LENGTH)
}

/**
 * The files of the log, the newest first, each open until the next is asked for: names of those that were put aside have their time. The names are read
 * once the file itself is open; where it has been put aside by then, it is among them, and so is what is newer.
 */
async function* filesOf(path: string, readNames: ReadNames): AsyncGenerator<FileHandle> {
  const current = await open(path, 'r').catch(unlessGone)
  try {
    const inode = current && (await current.stat({ bigint: true })).ino
    const names = (await readNames(dirname(path)).catch(unlessGone)) ?? []
    const old = names.filter((name) => isPutAside(name, basename(path))).sort()
    if (current) yield current
    const aside = old.toReversed().map((name) => join(dirname(path), name))
    const at = inode === null ? -1 : await placeOfInode(aside, inode)
    for (const each of aside.slice(at + 1)) {
      const file = await open(each, 'r').catch(unlessGone)
      if (!file) continue
      try {
        yield file
      } finally {
        await file.close()
      }
    }
  } finally {
    await current?.close()
  }
}

/** Which of some files has an inode; −1: none. */
async function placeOfInode(paths: readonly string[], inode: bigint): Promise<number> {
  for (const [at, path] of paths.entries())
    if ((await stat(path, { bigint: true }).catch(unlessGone))?.ino === inode) return at
  return -1
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
