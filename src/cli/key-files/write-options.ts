import type { Argument } from '../grammar/argument.ts'

const WORDS = ['profile', 'env', 'rclone', 's3cfg', 'k8s-secret', 'json', 'keyring'] as const

/** The name of an option that has a key written into a file or the keyring, so that it is never on a screen. */
export type WriteOptionName = `--write-${(typeof WORDS)[number]}`

interface WriteOption extends Argument {
  readonly name: WriteOptionName
}

/** These options, in the order of help. Words that were typed for the options of AWS CLI must not become ambiguous by them. */
export const WRITE_OPTIONS: readonly WriteOption[] = WORDS.map((word) => ({
  name: `--write-${word}`,
  key: `write-${word}`,
  takes: 'one',
  isWhole: true,
}))
