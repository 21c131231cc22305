import type { Argument } from '../grammar/argument.ts'

/** An option of such a command, with its line of help. */
export interface ObjectOption extends Argument {
  /** What follows it, as help shows it; none for a flag. */
  readonly placeholder?: string
  readonly text: string
}

/** How such a command is typed, and what its help says. */
export interface ObjectCommand {
  /** The words behind the name, as errors and help name them: a name in brackets may be left out. */
  readonly words: readonly string[]
  readonly options: readonly ObjectOption[]
  /** Global options that it has words of its own for, or that would do nothing. */
  readonly omits?: readonly string[]
  /** What is to be said of exit codes besides 0, where it is another thing than with the others. */
  readonly exitStatus?: readonly (readonly [code: string, meaning: string])[]
  readonly summary: string
  readonly paragraphs: readonly string[]
  readonly examples: readonly (readonly [command: string, meaning: string])[]
}

/** An option that no word follows. */
export const flag = (name: string, key: string, text: string): ObjectOption => ({
  name,
  key,
  takes: 'flag',
  constant: true,
  text,
})
