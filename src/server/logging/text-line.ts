import { terminalText } from '../../base/terminal-text.ts'

const LEVEL_COLOURS: Readonly<Record<string, string>> = {
  debug: '\x1b[2m',
  warn: '\x1b[33m',
  error: '\x1b[31m',
}
const RESET = '\x1b[0m'
const HIDDEN = new Set(['level', 'time', 'pid', 'msg', 'error'])

/** One line of the JSON log as people like to read it: `12:01:02 info  put object  status=200 durationMs=3.1`, with a newline. */
export function textLine(json: string): string {
  const entry = JSON.parse(json) as Readonly<Record<string, unknown>>
  const level = textOf(entry['level'])
  const time = textOf(entry['time']).slice(11, 19)
  const fields = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${name}=${quoted(textOf(value))}`)
  const line = [time, level.padEnd(5), textOf(entry['msg']), fields.length > 0 ? ` ${fields.join(' ')}` : '']
    .join(' ')
    .trimEnd()
  const colour = process.stderr.isTTY ? LEVEL_COLOURS[level] : undefined
  const stack = stackOf(entry['error'])
  return `${colour === undefined ? line : `${colour}${line}${RESET}`}${stack === '' ? '' : `\n${stack}`}\n`
}

const textOf = (value: unknown): string =>
  terminalText(typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))

const quoted = (text: string): string => (/^[\x21\x23-\x7e]+$/.test(text) ? text : JSON.stringify(text))

const stackOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'stack' in error ? textOf(error.stack) : ''
