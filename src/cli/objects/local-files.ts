import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a walk through a folder finds: a file, or something that is none. */
export type FoundFile =
  | { readonly path: string; readonly name: string; readonly sizeBytes: number }
  | { readonly path: string; readonly problem: string }

/**
 * All files below a folder, in the order of their names; `name` is relative, with slashes. Symbolic links are followed, but not into a folder that
 * they lead back to. What cannot be read, or is no file, is told as a problem.
 */
export async function* filesBelow(
  folder: string,
  prefix = '',
  above: ReadonlySet<string> = new Set(),
): AsyncGenerator<FoundFile> {
  const own = await realpath(folder)
  if (above.has(own)) {
    yield { path: folder, problem: 'a symbolic link leads back to a folder above it' }
    return
  }
  const visited = new Set([...above, own])
  const names = (await readdir(folder)).sort()
  for (const name of names) {
    const path = join(folder, name)
    try {
      const found = await stat(path)
      if (found.isDirectory()) yield* filesBelow(path, `${prefix}${name}/`, visited)
      else if (found.isFile()) yield { path, name: prefix + name, sizeBytes: found.size }
      else yield { path, problem: 'it is no file' }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === '') throw error
      yield { path, problem: `it cannot be read (${code})` }
    }
  }
}
