import { columns, paragraph } from '../../base/paragraph.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { objectCommands } from './commands.ts'
import type { ObjectCommandName } from './commands.ts'

/** The global options that mean something to the commands that work on objects. */
const OBJECT_GLOBALS: readonly string[] = [
  '--debug',
  '--endpoint-url',
  '--no-verify-ssl',
  '--profile',
  '--region',
  '--no-sign-request',
  '--ca-bundle',
  '--cli-read-timeout',
  '--cli-connect-timeout',
]

/** Those that one of them takes. */
export const objectGlobals = (name: ObjectCommandName): readonly string[] =>
  OBJECT_GLOBALS.filter((option) => objectCommands[name].omits?.includes(option) !== true)

const EXIT_STATUS = [
  ['0', 'All was done.'],
  ['1', 'Something could not be done; or ls, given a prefix, found nothing.'],
  ['2', 'The command line could not be understood, or files were passed over.'],
  ['130', 'Ended by Ctrl-C. Uploads in parts were taken back.'],
] as const

/** The help of a command that works on objects. */
export function objectHelp(name: ObjectCommandName): string {
  const { words, options, summary, paragraphs, examples, exitStatus = EXIT_STATUS } = objectCommands[name]
  const globals = GLOBAL_OPTIONS.filter((option) => objectGlobals(name).includes(option.name))
  return [
    `NAME\n${paragraph(`${name} - ${summary}`)}`,
    `DESCRIPTION\n${paragraphs.map((each) => paragraph(each)).join('\n')}`,
    `SYNOPSIS\n${paragraph(`lugsail ${name} ${words.join(' ')} [OPTION...]`)}`,
    ...(options.length === 0
      ? []
      : [
          `OPTIONS\n${columns(
            options.map(({ name: option, placeholder, text }): [string, string] => [
              placeholder === undefined ? option : `${option} ${placeholder}`,
              text,
            ]),
            4,
          )}`,
        ]),
    `GLOBAL OPTIONS\n${columns(
      globals.map(({ name: option, doc }): [string, string] => [option, doc]),
      4,
    )}`,
    `EXAMPLES\n${columns(
      examples.map(([command, meaning]): [string, string] => [`lugsail ${command}`, meaning]),
      4,
    )}`,
    `EXIT STATUS\n${columns(exitStatus, 4)}`,
  ].join('\n')
}
