import { columns, paragraph } from '../../base/paragraph.ts'
import { errorTexts, operationTexts } from '../../model/lightsail/documentation/index.ts'
import type { Example } from '../../model/lightsail/documentation/index.ts'
import { lightsailErrors } from '../../model/lightsail/errors.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailTexts } from '../../model/lugsail/documentation.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import type { Operation } from '../../model/operation.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { EXIT_STATUS } from './exit-status.ts'
import { firstSentence } from './first-sentence.ts'
import { optionsHelp, synopsis } from './option-help.ts'
import { outputHelp } from './output-help.ts'

const operations = { ...lightsailOperations, ...lugsailOperations }
const texts = { ...operationTexts, ...lugsailTexts }

/** An operation of either API. */
type OperationName = keyof typeof operations

/** Whether there is help of an operation of that name. */
export const isDescribed = (name: string): name is OperationName => Object.hasOwn(operations, name)

/**
 * The help of one operation's command, in the order of AWS CLI's pages: what it does, how it is typed, each option, examples, what it
 * prints; then its errors, exit codes and related commands. The operation comes by its name, since the command line's own bundle leaves out
 * what is said of its members (build/bundle.mjs).
 */
export function operationHelp(name: OperationName): string {
  const operation: Operation = operations[name]
  const { notes, examples } = texts[name]
  const related: readonly string[] = texts[name].related
  const command = toKebabCase(name)
  const text = operation.doc ?? name
  return [
    `NAME\n${paragraph(`${command} - ${firstSentence(text)}`)}`,
    `DESCRIPTION\n${[text, ...notes, ...pagingNote(operation)].map((each) => paragraph(each)).join('\n')}`,
    `SYNOPSIS\n      ${command}\n${[...synopsis(operation), ...globalSynopsis()].map((line) => `    ${line}\n`).join('')}`,
    `OPTIONS\n${optionsHelp(operation)}`,
    `GLOBAL OPTIONS\n${globalOptionsHelp()}`,
    `EXAMPLES\n${examples.map(exampleHelp).join('\n')}`,
    `OUTPUT\n${outputHelp(operation.output)}`,
    `ERRORS\n${errorsHelp(operation)}`,
    `EXIT STATUS\n${columns(EXIT_STATUS, 4)}`,
    `SEE ALSO\n${columns(
      related
        .filter(isDescribed)
        .map((other): [string, string] => [toKebabCase(other), firstSentence(operations[other].doc ?? '')]),
      4,
    )}`,
  ].join('\n')
}

function pagingNote({ pagination }: Operation): string[] {
  if (pagination === undefined) return []
  return [
    `The response comes in pages; all of them are fetched and put together, unless --no-paginate is given. With --output text, a --query sees each page's ${pagination.result} by itself.`,
  ]
}

const ownGlobals = GLOBAL_OPTIONS.filter(({ isWhole }) => isWhole !== true)

const globalSynopsis = (): string[] =>
  ownGlobals.map(({ name, takes }) => (takes === 'flag' ? `[${name}]` : `[${name} <value>]`))

const globalOptionsHelp = (): string =>
  ownGlobals
    .map(
      ({ name, takes, doc }) =>
        `    ${name} (${takes === 'flag' ? 'boolean' : 'string'})\n${paragraph(doc, 8)}`,
    )
    .join('\n')

function exampleHelp({ title, command, output }: Example): string {
  const typed = command.map((line, index) => `        ${index === 0 ? 'lugsail ' : '    '}${line}\n`).join('')
  const printed =
    output === undefined ? '' : `\n    Output:\n\n${output.map((line) => `        ${line}\n`).join('')}`
  return `    ${title}:\n\n${typed}${printed}`
}

function errorsHelp({ errors }: Operation): string {
  const statuses: Readonly<Record<string, number>> = lightsailErrors
  return errors
    .map((code) => `    ${code} (HTTP ${statuses[code] ?? 400})\n${paragraph(errorTexts[code] ?? '', 8)}`)
    .join('')
}
