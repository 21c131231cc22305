import { terminalLine, terminalText } from '../../base/terminal-text.ts'
import { writeWhole } from '../../base/write-whole.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { CommandArguments } from './arguments.ts'

/** The option that chooses the form of a command's answer, without dashes. */
export const OUTPUT_OPTION = 'output'

/** Whether the command's answer is to be JSON. Throws ConfigurationError for any other form than `text` and `json`. */
export function wantsJson({ options }: CommandArguments): boolean {
  const output = options.get(OUTPUT_OPTION) ?? 'text'
  if (output !== 'text' && output !== 'json') {
    throw new ConfigurationError(`--${OUTPUT_OPTION}: expected text or json, got "${output}"`)
  }
  return output === 'json'
}

/** Prints a value as indented JSON on standard output; what a terminal would act on is escaped. */
export const printJson = (value: unknown): void => void process.stdout.write(jsonText(value))

const jsonText = (value: unknown): string => `${terminalText(JSON.stringify(value, null, 4))}\n`

/** A secret that could not be written, and was undone: `consequence` says how. */
export class NotShown extends Error {
  override readonly name = 'NotShown'

  constructor(cause: unknown, consequence: string) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`the secret could not be written (${reason}), so ${consequence}`, { cause })
  }
}

/** As {@link printJson}, for a value with a secret that is shown this once: throws when it cannot be written. */
export const printSecretJson = (value: unknown): void => writeWhole(1, jsonText(value))

type NamedValues = readonly (readonly [name: string, value: string])[]

/** Prints lines that may name what others named, an object's key for one: what a terminal would act on is escaped. */
export const printLines = (lines: readonly string[]): void =>
  void process.stdout.write(lines.map((line) => `${terminalLine(line)}\n`).join(''))

/** Prints `name  value` lines with the values in one column. */
export const printMembers = (members: NamedValues): void => void process.stdout.write(membersText(members))

/** As {@link printMembers}, with a secret that is shown this once: throws when they cannot be written. */
export const printSecretMembers = (members: NamedValues): void => writeWhole(1, membersText(members))

function membersText(members: NamedValues): string {
  const width = Math.max(...members.map(([name]) => name.length)) + 2
  return members.map(([name, value]) => `${name.padEnd(width)}${terminalLine(value)}\n`).join('')
}

/** Prints rows under headings, each column as wide as its widest value. */
export function printTable(headings: readonly string[], records: readonly (readonly string[])[]): void {
  const rows = records.map((cells) => cells.map(terminalLine))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  process.stdout.write([headings, ...rows].map((row) => `${line(row)}\n`).join(''))
}
