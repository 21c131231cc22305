import { shellWord } from '../../base/shell-word.ts'
import { CONTRARY_VARIABLES, variablesOf } from '../config/key-variables.ts'
import type { WrittenKey } from './written-key.ts'

/**
 * A file of variables, a line each, with those of the key in the place of its own, and without what would win over them: as shells, Docker and systemd
 * read it. Values stand without quotes where shells need none, since Docker takes quotes for a part of them.
 */
export function envText(text: string, key: WrittenKey): string {
  const variables = variablesOf(key)
  const missing = new Map(Object.entries(variables))
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const kept = lines.flatMap((line) => {
    const [, beginning = '', name = ''] = /^(\s*(?:export\s+)?)(\w+)=/.exec(line) ?? []
    if (CONTRARY_VARIABLES.includes(name)) return []
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (value === undefined) return [line]
    // Of two lines of a name the last one counts: none of before stays.
    return missing.delete(name) ? [`${beginning}${name}=${shellWord(value)}`] : []
  })
  const added = [...missing].map(([name, value]) => `${name}=${shellWord(value)}`)
  return `${[...kept, ...added].join('\n')}\n`
}
