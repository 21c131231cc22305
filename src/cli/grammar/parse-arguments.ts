import { quoted } from '../../client/python-text.ts'
import { parseInteger } from '../arguments/numbers.ts'
import { UsageError } from '../usage-error.ts'
import type { Argument, ArgumentValue, ParsedArguments } from './argument.ts'
import { invalidChoice } from './invalid-choice.ts'

/** What one word of the command line is: an option that is known, one that is not, or a plain word. */
interface Word {
  readonly text: string
  readonly kind: 'option' | 'unknown-option' | 'plain' | 'dashes'
  readonly argument?: Argument
  /** The part after `=`. */
  readonly attached?: string | undefined
}

/**
 * Takes a command line apart by the rules of Python's argparse, which AWS CLI v1 is built on: `--option value`, `--option=value`, any
 * prefix of an option that fits one only, the last of repeated options wins, options and positional words in any order, `--` ends the
 * options. What is not known is left over, so that a command further on can take it.
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], known: readonly Argument[]): ParsedArguments {
  return new Parse(args, known).run()
}

const isOption = ({ name }: Argument): boolean => name.startsWith('-')

class Parse {
  readonly #options: readonly Argument[]
  readonly #known: readonly Argument[]
  readonly #words: readonly Word[]
  #positionals: readonly Argument[]
  readonly #values = new Map<string, ArgumentValue>()
  readonly #rest: string[] = []
  readonly #seen = new Set<Argument>()

  constructor(args: readonly string[], known: readonly Argument[]) {
    this.#known = known
    this.#options = known.filter(isOption)
    this.#positionals = known.filter((argument) => !isOption(argument))
    const end = args.indexOf('--')
    this.#words = args.map((text, index) => {
      if (end >= 0 && index >= end) return { text, kind: index === end ? 'dashes' : 'plain' }
      return this.#classify(text)
    })
  }

  run(): ParsedArguments {
    const isAnyOption = ({ kind }: Word): boolean => kind === 'option' || kind === 'unknown-option'
    const lastOption = this.#words.findLastIndex(isAnyOption)
    let at = 0
    while (at <= lastOption) {
      const nextOption = this.#words.findIndex((word, index) => index >= at && isAnyOption(word))
      if (at !== nextOption) {
        const end = this.#takePositionals(at)
        if (end > at) {
          at = end
          continue
        }
        this.#leave(at, nextOption)
        at = nextOption
      }
      const { argument } = this.#words[nextOption] ?? {}
      at = this.#takeOption(at)
      if (argument?.endsParsing === true) return { values: this.#values, rest: this.#rest }
    }
    this.#leave(this.#takePositionals(at), this.#words.length)
    this.#checkRequired()
    return { values: this.#values, rest: this.#rest }
  }

  #leave(start: number, end: number): void {
    this.#rest.push(...this.#words.slice(start, end).map(({ text }) => text))
  }

  #classify(text: string): Word {
    if (!text.startsWith('-') || text === '-') return { text, kind: 'plain' }
    const exact = this.#options.find(({ name }) => name === text)
    if (exact !== undefined) return { text, kind: 'option', argument: exact }
    const equals = text.indexOf('=')
    const typed = equals < 0 ? text : text.slice(0, equals)
    const attached = equals < 0 ? undefined : text.slice(equals + 1)
    const named = attached === undefined ? undefined : this.#options.find(({ name }) => name === typed)
    const candidates = named === undefined ? this.#optionsWithPrefix(typed) : [named]
    if (candidates.length > 1)
      throw new UsageError(
        `ambiguous option: ${text} could match ${candidates.map(({ name }) => name).join(', ')}`,
      )
    const [argument] = candidates
    if (argument !== undefined) return { text, kind: 'option', argument, attached }
    const isPlain = /^-\d+$|^-\d*\.\d+$/.test(text) || text.includes(' ')
    return { text, kind: isPlain ? 'plain' : 'unknown-option' }
  }

  /** A long option may be typed by any part of its beginning. */
  #optionsWithPrefix(typed: string): readonly Argument[] {
    if (!typed.startsWith('--')) return []
    return this.#options.filter(({ name, isWhole }) => isWhole !== true && name.startsWith(typed))
  }

  #takeOption(at: number): number {
    const word = this.#words[at]
    const argument = word?.argument
    if (word === undefined || argument === undefined) {
      this.#leave(at, at + 1)
      return at + 1
    }
    if (word.attached !== undefined) {
      if (argument.takes === 'flag')
        throw new UsageError(`argument ${argument.name}: ignored explicit argument ${quoted(word.attached)}`)
      this.#store(argument, [word.attached])
      return at + 1
    }
    const limit = { one: 1, optional: 1, any: Infinity, flag: 0 }[argument.takes]
    let end = at + 1
    while (end - at - 1 < limit && this.#words[end]?.kind === 'plain') end++
    if (argument.takes === 'one' && end === at + 1)
      throw new UsageError(`argument ${argument.name}: expected one argument`)
    this.#store(
      argument,
      this.#words.slice(at + 1, end).map(({ text }) => text),
    )
    return end
  }

  /** Gives words from `at` on to the positionals still open; gives the index after the last one taken. */
  #takePositionals(at: number): number {
    const [argument] = this.#positionals
    if (argument === undefined) return at
    let end = at
    const texts: string[] = []
    const skipDashes = (): void => {
      while (this.#words[end]?.kind === 'dashes') end++
    }
    skipDashes()
    const word = this.#words[end]
    if (word?.kind === 'plain') {
      texts.push(word.text)
      end++
      skipDashes()
    } else if (argument.takes === 'one') return at
    this.#positionals = this.#positionals.slice(1)
    if (texts.length > 0) this.#store(argument, texts)
    return end
  }

  #store(argument: Argument, texts: readonly string[]): void {
    const { name, choices, alsoTakes, isInteger } = argument
    this.#seen.add(argument)
    for (const text of texts) {
      if (isInteger === true && parseInteger(text) === undefined)
        throw new UsageError(`argument ${name}: invalid int value: ${quoted(text)}`)
      if (choices !== undefined && !choices.includes(text) && alsoTakes?.includes(text) !== true)
        throw new UsageError(`argument ${name}: ${invalidChoice(text, choices)}`)
    }
    const [text] = texts
    const before = argument.isGathered === true ? this.#values.get(argument.key) : undefined
    if (argument.takes === 'any')
      this.#values.set(argument.key, Array.isArray(before) ? [...before.map(String), ...texts] : texts)
    else if (text !== undefined)
      this.#values.set(argument.key, isInteger === true ? Number(parseInteger(text)) : text)
    else if (argument.constant !== undefined) this.#values.set(argument.key, argument.constant)
  }

  #checkRequired(): void {
    if ([...this.#seen].some(({ liftsRequirements }) => liftsRequirements === true)) return
    const missing = this.#known.filter(
      (argument) => argument.isRequired === true && !this.#seen.has(argument),
    )
    if (missing.length > 0)
      throw new UsageError(
        `the following arguments are required: ${missing.map(({ name }) => name).join(', ')}`,
      )
  }
}
