import { readFileSync } from 'node:fs'
import { quoted } from '../../client/python-text.ts'
import { expandPath } from '../config/expand-path.ts'

/** A `file://`, `fileb://` or URL value that could not be read. */
export class ParameterFileError extends Error {}

/** Fetches the text behind a URL, for values that start with http:// or https://. */
export type FetchText = (url: string) => Promise<string>

/** The content a value refers to: text of `file://`, bytes of `fileb://`; undefined when it is a plain value. */
export function readLocalParameter(value: string, env: NodeJS.ProcessEnv): string | Uint8Array | undefined {
  if (value.startsWith('fileb://')) return readBytes(value, expandPath(value.slice('fileb://'.length), env))
  if (!value.startsWith('file://')) return undefined
  const path = expandPath(value.slice('file://'.length), env)
  const bytes = readBytes(value, path)
  try {
    // Line ends become \n, as in every text that Python reads.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    throw new ParameterFileError(
      `Unable to load paramfile (${path}), text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix instead of the file:// prefix.`,
    )
  }
}

/** As {@link readLocalParameter}, and follows URLs too, where a way to fetch them is given. */
export async function readParameter(
  value: string,
  env: NodeJS.ProcessEnv,
  fetchText: FetchText | undefined,
): Promise<string | Uint8Array | undefined> {
  if (fetchText === undefined || !/^https?:\/\//.test(value)) return readLocalParameter(value, env)
  try {
    return await fetchText(value)
  } catch (error) {
    throw new ParameterFileError(
      `Unable to retrieve ${value}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

const STANDARD_INPUT = 0

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: '[Errno 2] No such file or directory',
  EACCES: '[Errno 13] Permission denied',
  ENOTDIR: '[Errno 20] Not a directory',
  EISDIR: '[Errno 21] Is a directory',
  ENAMETOOLONG: '[Errno 36] File name too long',
  ELOOP: '[Errno 40] Too many levels of symbolic links',
}

function readBytes(value: string, path: string): Buffer {
  try {
    // Standard input may be a socket, which cannot be opened by its name.
    return readFileSync(path === '/dev/stdin' ? STANDARD_INPUT : path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ParameterFileError(
      `Unable to load paramfile ${value}: ${SYSTEM_ERRORS[code] ?? code}: ${quoted(path)}`,
    )
  }
}
