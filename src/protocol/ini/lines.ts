/** The lines of INI text by the rules of Python's configparser, which the AWS files follow. */

/** Whether nothing on the line counts. */
export function isComment(line: string): boolean {
  const text = line.trimStart()
  return text.startsWith('#') || text.startsWith(';')
}

/** The section that a line begins, or null; what follows the bracket does not count. */
export const sectionNameOf = (line: string): string | null =>
  isComment(line) ? null : (/^\[(?<name>.+)\]/.exec(line.trim())?.groups?.['name'] ?? null)

/** The setting of a line, its name in lower case, or null. */
export function settingOf(line: string): { readonly name: string; readonly value: string } | null {
  if (isComment(line)) return null
  const { name = '', value = '' } = /^(?<name>.*?)\s*[=:]\s*(?<value>.*)$/.exec(line.trim())?.groups ?? {}
  return name === '' ? null : { name: name.toLowerCase(), value }
}
