import { join, sep } from 'node:path'
import { ObjectError } from './object-error.ts'

/**
 * The path below `folder` that an object gets whose key goes on with `rest` behind the prefix.
 * @throws ObjectError for a name that would lead out of the folder, or that another key would have as well
 */
export function pathBelow(folder: string, rest: string): string {
  const names = rest.split('/')
  const wrong = names.find((name) => name === '' || name === '.' || name === '..' || !isOneName(name))
  if (wrong !== undefined)
    throw new ObjectError(
      wrong === '..' || rest.startsWith('/')
        ? 'its name would lead out of the target folder; copy it alone, under a name of your own'
        : `no file can have its name, which has the part ${JSON.stringify(wrong)}; copy it alone, under a name of your own`,
    )
  return join(folder, ...names)
}

/** Whether a text is one name of the file system: no separator, and not what a C string ends with. */
const isOneName = (name: string): boolean =>
  !name.includes('\0') && !name.includes(sep) && !(sep === '\\' && /[:/]/.test(name))

/** The last name of a key or path, without slashes at its end; empty where there is none. */
export function lastName(text: string): string {
  const trimmed = text.replace(/\/+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}
