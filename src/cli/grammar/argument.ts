/** One thing that may be typed: an option (its name starts with `--`) or a positional word. */
export interface Argument {
  /** `--bucket-name`, or for a positional the name that errors give it. */
  readonly name: string
  /** Where the value is put; arguments with the same key overwrite each other. */
  readonly key: string
  /**
   * How many words it takes: `one` exactly, `optional` none or one, `any` all up to the next option, `flag` none (it then stands
   * for `constant`).
   */
  readonly takes: 'one' | 'optional' | 'any' | 'flag'
  /** The value of a flag, or of an `optional` option without its word. */
  readonly constant?: boolean | string
  readonly choices?: readonly string[]
  /** Choices of AWS CLI version 2 that are taken as well; what is said of a wrong choice is what version 1 says. */
  readonly alsoTakes?: readonly string[]
  /** Only the whole name counts, not a part of its beginning: an option of version 2 that must not make those of version 1 ambiguous. */
  readonly isWhole?: boolean
  /** The word must be an integer. */
  readonly isInteger?: boolean
  readonly isRequired?: boolean
  /** Of `any`: what it is given a second time comes besides, rather than instead. */
  readonly isGathered?: boolean
  /** Once it is read, the words after it are not. */
  readonly endsParsing?: boolean
  /** Once it is seen, nothing else is required. */
  readonly liftsRequirements?: boolean
}

/** What was typed for an argument: a text, a number, a switch, or several texts. */
export type ArgumentValue = string | number | boolean | readonly string[]

/** A command line taken apart. */
export interface ParsedArguments {
  readonly values: ReadonlyMap<string, ArgumentValue>
  /** Words and options that no argument took, in a fixed order: options and what stands before the next known one as they came. */
  readonly rest: readonly string[]
}
