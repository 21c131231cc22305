import { isComment, sectionNameOf, settingOf } from './lines.ts'

/** A config file that cannot be read as one. */
export class ConfigFileError extends Error {}

/** Settings by name, in lower case. A setting whose value is an indented block of settings is a map. */
export type Section = ReadonlyMap<string, string | ReadonlyMap<string, string>>

/** How INI text is read. */
export interface IniOptions {
  /** Whether a value of indented lines is a map of settings, which it is when absent; else it is a text of lines. */
  readonly hasBlocks?: boolean
}

/** The section whose settings all others have too. */
const DEFAULTS = 'DEFAULT'

/**
 * Parses INI text by the rules of Python's configparser, which the AWS files follow: `name = value` or `name: value`, names in any
 * case, comments on lines of their own, deeper lines go on a value, no section and no setting twice.
 */
export function parseIni(
  text: string,
  path: string,
  { hasBlocks = true }: IniOptions = {},
): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let option: string | undefined
  let optionIndent = 0
  const fail = (line: number): never => {
    throw new ConfigFileError(`Unable to parse config file: ${path} (line ${line})`)
  }
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const trimmed = line.trim()
    if (isComment(line)) continue
    const indent = line.length - line.trimStart().length
    if (trimmed === '') {
      if (section !== undefined && option !== undefined) section.set(option, `${section.get(option) ?? ''}\n`)
      continue
    }
    if (section !== undefined && option !== undefined && indent > optionIndent) {
      section.set(option, `${section.get(option) ?? ''}\n${trimmed}`)
      continue
    }
    const header = sectionNameOf(line)
    if (header !== null) {
      if (sections.has(header) && header !== DEFAULTS) fail(index + 1)
      section = sections.get(header) ?? new Map()
      sections.set(header, section)
      option = undefined
      continue
    }
    const setting = settingOf(line)
    if (section === undefined || setting === null || section.has(setting.name)) return fail(index + 1)
    section.set(setting.name, setting.value)
    option = setting.name
    optionIndent = indent
  }
  const defaults = sections.get(DEFAULTS) ?? new Map<string, string>()
  sections.delete(DEFAULTS)
  return new Map(
    [...sections].map(([name, settings]) => [
      name,
      new Map(
        [...defaults, ...settings].map(([key, value]) => [
          key,
          hasBlocks ? nested(value.trimEnd(), path) : value.trimEnd(),
        ]),
      ),
    ]),
  )
}

function nested(value: string, path: string): string | ReadonlyMap<string, string> {
  if (!value.startsWith('\n')) return value
  const settings = new Map<string, string>()
  for (const line of value.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '') continue
    const equals = trimmed.indexOf('=')
    if (equals < 0) throw new ConfigFileError(`Unable to parse config file: ${path}`)
    settings.set(trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim())
  }
  return settings
}
