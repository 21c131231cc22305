import { lightsailOperations } from '../../model/lightsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import { handWrittenCommands } from '../commands/index.ts'
import { SERVER_COMMANDS } from '../commands/server-commands.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { columns, paragraph } from './paragraph.ts'

const firstSentence = (text: string): string =>
  /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/[.:]$/, '') ?? text

const operationRows = (): [string, string][] =>
  Object.values(lightsailOperations)
    .map(({ name, doc = '' }): [string, string] => [toKebabCase(name), firstSentence(doc)])
    .sort(([a], [b]) => (a < b ? -1 : 1))

const optionNames = (): string => GLOBAL_OPTIONS.map(({ name }) => name).join(' ')

/** Everything the program does, on one screen. */
export const productHelp = (): string => `lugsail: Amazon Lightsail's object storage that you run yourself

usage: lugsail [options] <command> [parameters]

Server:
${columns(Object.entries(SERVER_COMMANDS))}
This machine's settings:
${columns(Object.entries(handWrittenCommands).map(([name, { summary }]) => [name, summary]))}
Buckets and their access keys (also as lugsail lightsail <command>, as the AWS CLI types them):
${columns(operationRows())}
Options of every bucket command (explained by lugsail lightsail help):
${paragraph(optionNames(), 2)}
More: lugsail <command> help
`

/** The operations, and what they have in common. */
export const serviceHelp = (): string => `NAME
    lugsail lightsail: the bucket commands of Amazon Lightsail

DESCRIPTION
${paragraph("Each command makes one call to a Lightsail endpoint: a Lugsail server's, or Amazon's own where no endpoint is given or set. Options, output and exit codes are those of AWS CLI version 1, so either can stand in for the other.")}
COMMANDS
${columns(operationRows(), 4)}
OPTIONS
${columns(
  GLOBAL_OPTIONS.map(({ name, doc }): [string, string] => [name, doc]),
  4,
)}
EXIT CODES
${columns(
  [
    ['0', 'The call succeeded.'],
    ['2', 'The command line could not be understood.'],
    ['130', 'Ended by Ctrl-C.'],
    ['255', 'Anything else: wrong values or settings, no answer, or an error from the service.'],
  ],
  4,
)}`
