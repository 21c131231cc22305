import { GLOBAL_OPTIONS } from './grammar/global-options.ts'
import { readTimeSpan } from '../base/time-span.ts'
import { UsageError } from './usage-error.ts'

/** A word behind `key` or `role`: the command that it stands for, whether a name follows, and what it adds. */
export interface Verb {
  readonly command: string
  readonly summary: string
  readonly takesName: boolean
  readonly adds?: readonly string[]
}

/** What may follow `key`. */
export const KEY_VERBS: Readonly<Record<string, Verb>> = {
  create: {
    command: 'create-access-key',
    summary: 'Makes a key and shows its secret, once',
    takesName: true,
  },
  list: { command: 'get-access-keys', summary: 'Shows the keys of the account', takesName: false },
  show: { command: 'get-access-keys', summary: 'Shows one key', takesName: true },
  update: { command: 'update-access-key', summary: 'Changes rights, bounds or status', takesName: true },
  off: {
    command: 'update-access-key',
    summary: 'Makes a key Inactive',
    takesName: true,
    adds: ['--status', 'Inactive'],
  },
  on: {
    command: 'update-access-key',
    summary: 'Makes a key Active again',
    takesName: true,
    adds: ['--status', 'Active'],
  },
  who: {
    command: 'get-access-key-use',
    summary: 'Shows who used a key, by day, address and agent',
    takesName: true,
  },
  rotate: {
    command: 'rotate-access-key',
    summary: 'Gives a key a new id and secret; the old ones go on for a time',
    takesName: true,
  },
  revoke: {
    command: 'revoke',
    summary: 'Switches a key off after a leak, and tells what it did',
    takesName: true,
  },
  delete: { command: 'delete-access-key', summary: 'Deletes a key', takesName: true },
  import: {
    command: 'import-access-key',
    summary: 'Keeps an id and a secret that exist elsewhere',
    takesName: true,
  },
}

const REVOKE = 'revoke'

/** What may follow `role`. */
export const ROLE_VERBS: Readonly<Record<string, Verb>> = {
  create: { command: 'create-role', summary: 'Makes a role', takesName: true },
  list: { command: 'get-roles', summary: 'Shows the roles of the account', takesName: false },
  show: { command: 'get-roles', summary: 'Shows one role', takesName: true },
  update: { command: 'update-role', summary: 'Changes rights, bounds, trusts or status', takesName: true },
  off: {
    command: 'update-role',
    summary: 'Makes a role Inactive, and its sessions with it',
    takesName: true,
    adds: ['--status', 'Inactive'],
  },
  on: {
    command: 'update-role',
    summary: 'Makes a role Active again',
    takesName: true,
    adds: ['--status', 'Active'],
  },
  revoke: {
    command: 'update-role',
    summary: 'Ends the sessions that there are for good',
    takesName: true,
    adds: ['--ends-sessions'],
  },
  delete: { command: 'delete-role', summary: 'Deletes a role, and its sessions with it', takesName: true },
}

/** The commands that have a shorter form of operations, by the word in front. */
const NOUNS: Readonly<Record<string, Readonly<Record<string, Verb>>>> = { key: KEY_VERBS, role: ROLE_VERBS }

/** Options of a time, `30d` or `12h`, each in the place of the operation's that counts seconds: `--expires-in` of `--expires-in-seconds`. */
export const TIME_OPTIONS: readonly string[] = ['--expires-in', '--retire-in', '--retire-when-idle']
/** An id as this server mints them stands for a key of any kind, in the place of a name. */
export const MINTED_ID = /^AKIA[A-Z2-7]{16}$/
/** An option of an instant, which may be said as the time that passed since then. */
const SINCE_OPTION = '--since'

/**
 * `key create NAME …` as the command of the operation that it stands for; null for all other command lines, and for `key` and `role` without such a
 * word. Throws UsageError for a word that does not follow.
 */
export function expandKeyWords(
  args: readonly string[],
  nowMs: number = Date.now(),
): readonly string[] | null {
  const at = firstWord(args)
  const noun = args[at] ?? ''
  const verbs = Object.hasOwn(NOUNS, noun) ? NOUNS[noun] : undefined
  if (!verbs) return null
  const [word, ...rest] = args.slice(at + 1)
  if (word === undefined || word === 'help' || word === '--help') return null
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined
  if (!verb)
    throw new UsageError(
      `${noun}: expected ${Object.keys(verbs).join(', ')} or help, got ${JSON.stringify(word.slice(0, 100))}`,
    )
  const [name] = rest
  const isNamed = verb.takesName && name !== undefined && !name.startsWith('-') && name !== 'help'
  // It is a command of its own, with options of its own, which finds out what the word names.
  if (verb.command === REVOKE) return [...args.slice(0, at), REVOKE, ...rest]
  return [
    ...args.slice(0, at),
    verb.command,
    ...(isNamed
      ? [idOptionOf(verb.command, name), name, ...withTimes(noun, rest.slice(1), nowMs)]
      : withTimes(noun, rest, nowMs)),
    ...(rest[0] === 'help' ? [] : (verb.adds ?? [])),
  ]
}

/** Where the first word is that is neither a global option nor the value of one; -1: nowhere. */
function firstWord(args: readonly string[]): number {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (!arg.startsWith('-')) return at
    const option = GLOBAL_OPTIONS.find(({ name }) => name === arg)
    if (option?.takes === 'one') at++
  }
  return -1
}

/** Commands that find a key of any kind by its id. */
const FINDS_IDS: ReadonlySet<string> = new Set(['get-access-key-use', 'get-access-keys'])

const idOptionOf = (command: string, name: string): string =>
  FINDS_IDS.has(command) && MINTED_ID.test(name) ? '--access-key-id' : '--name'

/** Times as `7d` in the form that the options of the operation have. */
function withTimes(noun: string, words: readonly string[], nowMs: number): readonly string[] {
  return words.flatMap((word, at) => {
    const option = words[at - 1] ?? ''
    if (TIME_OPTIONS.includes(word)) {
      if (words[at + 1] === undefined) secondsOf(`${noun}: ${word}`, '')
      return [`${word}-seconds`]
    }
    if (TIME_OPTIONS.includes(option)) return [String(secondsOf(`${noun}: ${option}`, word))]
    // Anything else is an instant, which the operation reads itself.
    const ago = option === SINCE_OPTION ? readTimeSpan(word) : null
    return [ago === null ? word : new Date(nowMs - ago * 1_000).toISOString()]
  })
}

/** The seconds of a time as `90d`. Throws UsageError naming the `option`. */
export function secondsOf(option: string, typed: string): number {
  const seconds = readTimeSpan(typed)
  if (seconds === null)
    throw new UsageError(
      `${option}: expected a time as 90d, 12h or 30m, got ${JSON.stringify(typed.slice(0, 100))}`,
    )
  return seconds
}

/** An instant in the past, epoch milliseconds: a time that passed since then, as `7d`, or a date. Throws UsageError. */
export function readPastInstant(option: string, typed: string, nowMs: number = Date.now()): number {
  const seconds = readTimeSpan(typed)
  const at = seconds === null ? Date.parse(typed) : nowMs - seconds * 1_000
  if (Number.isNaN(at))
    throw new UsageError(
      `${option}: expected a time as 30d, or a date as 2030-01-31, got ${JSON.stringify(typed.slice(0, 100))}`,
    )
  return at
}
