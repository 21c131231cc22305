import { shellWord } from '../base/shell-word.ts'
import { expandPath } from './config/expand-path.ts'
import { readIniFile } from './config/ini-file.ts'
import { splitShellWords } from './config/shell-words.ts'

const ALIAS_FILE = '~/.aws/cli/alias'

/** The aliases of `[toplevel]` in the alias file, by name: what is typed instead, or with `!` a command of the shell. */
export function readAliases(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const section = readIniFile(expandPath(ALIAS_FILE, env), { hasBlocks: false })?.get('toplevel')
  return new Map(
    [...(section ?? [])].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']),
  )
}

/** The words that an alias stands for. Throws an Error for one with a quote that is left open. */
export function aliasWords(name: string, value: string): readonly string[] {
  const words = splitShellWords(value)
  if (words !== undefined) return words.map((word) => word.replace(/^\n+|\n+$/g, ''))
  throw new Error(
    `Value of alias "${name}" could not be parsed. Received error: No closing quotation when parsing:\n${value}`,
  )
}

/** Runs an alias of the shell, with the words that were typed behind it; gives its exit code. */
export async function runShellAlias(value: string, args: readonly string[]): Promise<number> {
  const { spawnSync } = await import('node:child_process')
  const command = [value.slice(1), ...args.map(shellWord)].join(' ')
  const { status, signal } = spawnSync('/bin/sh', ['-c', command], { stdio: 'inherit' })
  const { signals } = process.getBuiltinModule('node:os').constants
  return status ?? 128 + (signal === null ? 0 : signals[signal])
}
