import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { mkdir, open, realpath, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Files in the making, which do not outlive the program, however it ends. */
const unfinished = new Set<string>()
process.once('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true })
})

const MODE_NEW = 0o666

/**
 * Writes a body into a file, which has its name only once it is whole: until then it lies beside it. Folders above are made. The mode is that of the
 * file that is replaced, or what the umask leaves of 0666; a symbolic link stays, and what it leads to is replaced. What is no file, as a device or
 * a pipe, is written to as it is.
 */
export async function writeFileWhole(
  path: string,
  body: Readable,
  { signal, modifiedAt }: { readonly signal: AbortSignal; readonly modifiedAt?: Date | undefined },
): Promise<void> {
  const before = await statOf(path)
  if (before?.isDirectory() === true) throw Object.assign(new Error('is a folder'), { code: 'EISDIR', path })
  if (before !== undefined && !before.isFile()) {
    const handle = await open(path, 'w')
    await pipeline(body, handle.createWriteStream(), { signal })
    return
  }
  const target = before === undefined ? path : await realpath(path)
  const folder = dirname(target)
  await mkdir(folder, { recursive: true })
  const beside = join(folder, `.lugsail-${randomBytes(8).toString('hex')}.part`)
  const handle = await open(beside, 'wx', MODE_NEW)
  unfinished.add(beside)
  try {
    if (before !== undefined) await handle.chmod(before.mode & 0o777)
    await pipeline(body, handle.createWriteStream(), { signal })
    if (modifiedAt !== undefined) await utimes(beside, modifiedAt, modifiedAt)
    signal.throwIfAborted()
    await rename(beside, target)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(beside, { force: true })
    throw error
  } finally {
    unfinished.delete(beside)
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
