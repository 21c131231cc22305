import { readFileSync } from 'node:fs'
import { ConfigFileError, parseIni, type IniOptions, type Section } from '../../protocol/ini/parse-ini.ts'

/** Reads an INI file; undefined when there is none. */
export function readIniFile(path: string, options?: IniOptions): ReadonlyMap<string, Section> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))
    )
      return undefined
    throw new ConfigFileError(`Unable to parse config file: ${path}`, { cause: error })
  }
  return parseIni(text, path, options)
}
