import { toKebabCase } from '../../model/operation.ts'
import type { Operation } from '../../model/operation.ts'
import type { Member, Shape } from '../../model/shape.ts'
import {
  INPUT_JSON,
  MAX_ITEMS,
  memberOptions,
  SKELETON,
  STARTING_TOKEN,
} from '../grammar/operation-options.ts'
import { paragraph } from './paragraph.ts'

/** The help of one operation's command: what it does, how it is typed, each option, and what its output looks like. */
export function operationHelp(operation: Operation): string {
  const command = toKebabCase(operation.name)
  return `NAME
    ${command}

DESCRIPTION
${paragraph(operation.doc ?? operation.name)}${pagingNote(operation)}
SYNOPSIS
    ${command}
${synopsis(operation)
  .map((line) => `      ${line}\n`)
  .join('')}
OPTIONS
${options(operation)}
OUTPUT
${describeOutput(operation.output)}
ERRORS
${paragraph(operation.errors.join(', '))}
GLOBAL OPTIONS
${paragraph('See lugsail lightsail help.')}`
}

function pagingNote({ pagination }: Operation): string {
  if (pagination === undefined) return ''
  return `\n${paragraph(
    `The answer comes in pages; all of them are fetched and put together, unless --no-paginate is given. With --output text, a --query sees each page's ${pagination.result} by itself.`,
  )}`
}

function synopsis(operation: Operation): string[] {
  const members = Object.entries(operation.input.members).map(([memberName, member]) => {
    const name = toKebabCase(memberName)
    const typed = member.shape.type === 'boolean' ? `--${name} | --no-${name}` : `--${name} <value>`
    return member.isRequired ? typed : `[${typed}]`
  })
  const paging =
    operation.pagination === undefined
      ? []
      : [`[${STARTING_TOKEN.name} <value>]`, `[${MAX_ITEMS.name} <value>]`]
  return [...members, ...paging, `[${INPUT_JSON.name} <value>]`, `[${SKELETON.name} [input|output]]`]
}

function options(operation: Operation): string {
  const described = memberOptions(operation)
    .filter(({ constant }) => constant !== false)
    .map(({ name, memberName, member }) => {
      const shown = member.shape.type === 'boolean' ? `${name} | --no-${name.slice(2)}` : name
      const required = member.isRequired ? ', required' : ''
      return `    ${shown} (${member.shape.type}${required})\n${paragraph(docOf(member) ?? memberName, 8)}${details(name, member.shape)}`
    })
  const paging = [
    [
      `${STARTING_TOKEN.name} (string)`,
      'Goes on where an earlier command stopped: the NextToken it printed.',
    ],
    [
      `${MAX_ITEMS.name} (integer)`,
      'Stops after so many items. When there are more, the output has a NextToken to go on with.',
    ],
  ] as const
  const general = [
    [
      `${INPUT_JSON.name} (string)`,
      'All parameters as one JSON object, or file:// and the path of one, in the form that --generate-cli-skeleton prints. What is given on the command line counts first.',
    ],
    [
      `${SKELETON.name} (string)`,
      'Sends nothing. Prints a JSON object of all parameters to fill in (input, which is also meant without a value), or checks the parameters and prints a sample of the output (output).',
    ],
  ] as const
  return [
    ...described,
    ...[...(operation.pagination === undefined ? [] : paging), ...general].map(
      ([name, doc]) => `    ${name}\n${paragraph(doc, 8)}`,
    ),
  ].join('\n')
}

const docOf = (member: Member): string | undefined => member.doc ?? member.shape.doc

/** How a value is written, where that is not plain. */
function details(name: string, shape: Shape): string {
  if (shape.type === 'string' && shape.values !== undefined)
    return `\n${paragraph(`One of: ${shape.values.join(', ')}`, 8)}`
  if (shape.type === 'timestamp')
    return `\n${paragraph('Epoch seconds, or a date as 2030-01-31T12:00:00Z.', 8)}`
  if (shape.type === 'list' && isPlain(shape.member)) {
    const values = shape.member.type === 'string' ? shape.member.values : undefined
    return `\n${paragraph(values === undefined ? 'Values with spaces between.' : `Any of, with spaces between: ${values.join(', ')}`, 8)}`
  }
  if (isPlain(shape)) return ''
  const repeated = shape.type === 'list' ? ' ...' : ''
  const short = shorthand(shape.type === 'list' ? shape.member : shape, true)
  return `\n        As ${name} ${short}${repeated}\n        or as JSON:\n\n${json(shape, 8)}\n`
}

const isPlain = ({ type }: Shape): boolean => type !== 'list' && type !== 'structure' && type !== 'map'

function shorthand(shape: Shape, isTop = false): string {
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).map(
      ([name, { shape: member }]) => `${name}=${shorthand(member)}`,
    )
    return isTop ? members.join(',') : `{${members.join(',')}}`
  }
  if (shape.type === 'list') return `[${shorthand(shape.member)},...]`
  return shape.type
}

function json(shape: Shape, indent: number): string {
  const space = ' '.repeat(indent)
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).map(
      ([name, { shape: member }]) => `${space}  "${name}": ${json(member, indent + 2).trimStart()}`,
    )
    return `${space}{\n${members.join(',\n')}\n${space}}`
  }
  if (shape.type === 'list') return `${space}[\n${json(shape.member, indent + 2)}\n${space}  ...\n${space}]`
  if (shape.type === 'string') return `${space}"${shape.values?.join('"|"') ?? 'string'}"`
  return `${space}${shape.type === 'boolean' ? 'true|false' : shape.type}`
}

function describeOutput(shape: Shape, indent = 4): string {
  if (shape.type === 'list') return describeOutput(shape.member, indent)
  if (shape.type !== 'structure') return ''
  return Object.entries(shape.members)
    .map(([name, member]) => {
      const doc = docOf(member) ?? (member.shape.type === 'list' ? member.shape.member.doc : undefined)
      const text = doc === undefined ? '' : paragraph(doc, indent + 4)
      return `${' '.repeat(indent)}${name} (${member.shape.type})\n${text}${describeOutput(member.shape, indent + 2)}`
    })
    .join('')
}
