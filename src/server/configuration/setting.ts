/** One setting of the server: what it means, how it is written, and how a written value is checked. */
export interface Setting<T> {
  /** The heading under which the documentation shows it. */
  readonly group: SettingGroup
  /** Command-line option without the dashes; the environment name follows from it. */
  readonly option: string
  /** What stands for the value in help: `HOST:PORT`. */
  readonly placeholder: string
  /** The values that are allowed, in words; used in documentation and in every error. */
  readonly allowed: string
  readonly default: T
  /** How the default is shown. */
  readonly defaultText: string
  readonly doc: string
  /** The value may hold a password: it is never shown. */
  readonly isSecret: boolean
  /** The allowed words, where they are a list: the nearest is suggested. */
  readonly choices?: readonly string[]
  /** Gives undefined when the text is not one of the allowed values. */
  readonly parse: (text: string) => T | undefined
}

type SettingGroup =
  | 'Listening'
  | 'Storage'
  | 'Backups'
  | 'Secrets'
  | 'New buckets'
  | 'Limits'
  | 'Logs and metrics'
  | 'Background work'
  | 'Ephemeral servers'

interface Words {
  readonly group: SettingGroup
  readonly option: string
  readonly doc: string
}

/** Free text, not empty. `default: null` means that the setting may be left out. */
export function text<D extends string | null>(
  words: Words & {
    readonly placeholder: string
    readonly allowed?: string
    readonly default: D
    readonly defaultText?: string
    readonly pattern?: RegExp
    readonly isSecret?: boolean
  },
): Setting<string | D> {
  return {
    group: words.group,
    option: words.option,
    placeholder: words.placeholder,
    allowed: words.allowed ?? 'a text that is not empty',
    default: words.default,
    defaultText: words.defaultText ?? words.default ?? 'none',
    doc: words.doc,
    isSecret: words.isSecret ?? false,
    parse: (value) => (value !== '' && (words.pattern?.test(value) ?? true) ? value : undefined),
  }
}

/**
 * A whole number between two bounds, both inclusive. The unit belongs in the option's name. `default: null` means that the setting may be left out, and
 * `defaultText` what it is then.
 */
export function integer<D extends number | null>(
  words: Words & {
    readonly min: number
    readonly max: number
    readonly default: D
    readonly defaultText?: string
  },
): Setting<number | D> {
  return {
    group: words.group,
    option: words.option,
    placeholder: 'N',
    allowed: `a whole number from ${words.min} to ${words.max}`,
    default: words.default,
    defaultText: words.defaultText ?? String(words.default),
    doc: words.doc,
    isSecret: false,
    parse: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN
      return number >= words.min && number <= words.max ? number : undefined
    },
  }
}

/** One of several words. */
export function choice<const C extends string>(
  words: Words & {
    readonly choices: readonly C[]
    readonly default: NoInfer<C>
    /** What stands for the value in help, where the list would be too long. */
    readonly placeholder?: string
  },
): Setting<C> {
  return {
    group: words.group,
    option: words.option,
    placeholder: words.placeholder ?? words.choices.join('|'),
    allowed: `one of ${words.choices.join(', ')}`,
    default: words.default,
    defaultText: words.default,
    doc: words.doc,
    isSecret: false,
    choices: words.choices,
    parse: (value) => words.choices.find((candidate) => candidate === value),
  }
}

/** `tls-cert` → `LUGSAIL_TLS_CERT`. */
export const environmentName = (option: string): string =>
  `LUGSAIL_${option.replaceAll('-', '_').toUpperCase()}`
