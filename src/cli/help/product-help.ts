import { columns, grid, paragraph } from '../../base/paragraph.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import { handWrittenCommands } from '../commands/index.ts'
import { SERVER_COMMANDS } from '../commands/server-commands.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { objectCommands } from '../objects/commands.ts'
import { EXIT_STATUS } from './exit-status.ts'
import { firstSentence } from './first-sentence.ts'

const operationRows = (): [string, string][] =>
  Object.values(lightsailOperations)
    .map(({ name, doc = '' }): [string, string] => [toKebabCase(name), firstSentence(doc)])
    .sort(([a], [b]) => (a < b ? -1 : 1))

const others = Object.entries(handWrittenCommands).filter(([name]) => !(name in objectCommands))
const rows = others
  .filter(([, { isSeldomTyped }]) => isSeldomTyped !== true)
  .map(([name, { summary }]): [string, string] => [name, summary])
const seldomTyped = others.filter(([, { isSeldomTyped }]) => isSeldomTyped === true).map(([name]) => name)

/** What changes nothing needs no room here. */
const shownOptions = GLOBAL_OPTIONS.filter(
  ({ name, isWhole }) => isWhole !== true && name !== '--v2-debug',
).map(({ name }) => name)

/** Everything the program does, on one screen of 80 columns and 24 lines, the last of which is the shell's prompt. */
export const productHelp = (): string => `lugsail: Amazon Lightsail's object storage that you run yourself
usage: lugsail [options] <command> [parameters], or lugsail <command> help

${columns([...Object.entries(SERVER_COMMANDS), ...rows])}Also: ${seldomTyped.join(', ')}
Objects: ${Object.keys(objectCommands).join(', ')}, as aws s3 types them
Buckets and their access keys, also typed as lugsail lightsail <command>:
${grid(operationRows().map(([name]) => name))}${paragraph(`Their options (lugsail lightsail help): ${shownOptions.join(' ')}`, 0)}`

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
EXIT STATUS
${columns(EXIT_STATUS, 4)}`
