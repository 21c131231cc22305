import { HELP_WIDTH, paragraph } from '../../base/paragraph.ts'
import { memberText } from '../../model/lightsail/documentation/index.ts'
import type { Operation } from '../../model/operation.ts'
import type { Shape } from '../../model/shape.ts'
import {
  INPUT_JSON,
  INPUT_YAML,
  MAX_ITEMS,
  memberOptions,
  SKELETON,
  STARTING_TOKEN,
  writeOptions,
} from '../grammar/operation-options.ts'
import type { WriteOptionName } from '../key-files/write-options.ts'
import { valuesAndConstraints } from './shape-help.ts'

const PAGING = [
  [`${STARTING_TOKEN.name} (string)`, 'Goes on where an earlier command stopped: the NextToken it printed.'],
  [
    `${MAX_ITEMS.name} (integer)`,
    'Stops after so many items. When there are more, the output has a NextToken to go on with.',
  ],
] as const

const GENERAL = [
  [
    `${INPUT_JSON.name} (string)`,
    'All parameters as one JSON object, or file:// and the path of one, in the form that --generate-cli-skeleton prints. What is given on the command line counts first.',
  ],
  [`${INPUT_YAML.name} (string)`, 'The same as YAML, as AWS CLI version 2 has it.'],
  [
    `${SKELETON.name} (string)`,
    'Sends nothing. input, which is also meant without a value, prints a JSON object of all parameters to fill in, yaml-input the same as YAML. output checks the parameters and prints a sample of the output, yaml-output the same as YAML.',
  ],
] as const

/** What each option does that has a key written. */
const WRITES: Readonly<Record<WriteOptionName, string>> = {
  '--write-profile': 'Writes the key as a profile of this name into the AWS config and credentials files.',
  '--write-env': 'Writes the key as variables into this file, a line each, for shells, Docker and systemd.',
  '--write-rclone': 'Writes the key as a remote of this name into rclone’s configuration.',
  '--write-s3cfg': 'Writes the key into this file, a configuration of s3cmd.',
  '--write-k8s-secret': 'Writes a manifest of a Secret of Kubernetes with the key into this file.',
  '--write-json': 'Writes the key as JSON into this file, which "lugsail credentials" reads.',
  '--write-keyring':
    'Keeps the key under this name in the keyring of the operating system, which "lugsail credentials --keyring" asks.',
}

/** What holds for each of them. */
const WRITTEN =
  'The secret then is not shown. The file is its owner’s alone; a copy of what it had before stays beside it. Whether it can be written is found out before there is a key.'

/** How the command of an operation is typed: a line for each option. */
export function synopsis(operation: Operation): string[] {
  const members = memberOptions(operation)
    .filter(({ constant }) => constant !== false)
    .map(({ name, member }) => {
      const typed = member.shape.type === 'boolean' ? `${name} | --no-${name.slice(2)}` : `${name} <value>`
      return member.isRequired ? typed : `[${typed}]`
    })
  const paging = operation.pagination === undefined ? [] : [STARTING_TOKEN, MAX_ITEMS]
  return [
    ...members,
    ...paging.map(({ name }) => `[${name} <value>]`),
    ...[INPUT_JSON, INPUT_YAML, SKELETON, ...writeOptions(operation)].map(({ name }) => `[${name} <value>]`),
  ]
}

/** Each option of an operation's command: what it means, which values it takes and how they are typed. */
export function optionsHelp(operation: Operation): string {
  const described = memberOptions(operation)
    .filter(({ constant }) => constant !== false)
    .map(({ name, memberName, member }) => {
      const shown = member.shape.type === 'boolean' ? `${name} | --no-${name.slice(2)}` : name
      const required = member.isRequired ? ' [required]' : ''
      const text = memberText(operation.input, memberName, member) ?? memberName
      return `    ${shown} (${member.shape.type})${required}\n${paragraph(text, 8)}${typing(name, member.shape)}`
    })
  const writing = writeOptions(operation).map(
    ({ name }) => [`${name} (string)`, `${WRITES[name]} ${WRITTEN}`] as const,
  )
  const others = [...(operation.pagination === undefined ? [] : PAGING), ...GENERAL, ...writing]
  return [...described, ...others.map(([name, text]) => `    ${name}\n${paragraph(text, 8)}`)].join('\n')
}

/** Which values are taken, and how one is typed where that is not plain. */
function typing(name: string, shape: Shape): string {
  const rules = valuesAndConstraints(shape, 8)
  if (shape.type === 'timestamp')
    return `${rules}\n${paragraph('Epoch seconds, or a date as 2030-01-31T12:00:00Z.', 8)}`
  if (shape.type === 'list' && isPlain(shape.member))
    return `${rules}${valuesAndConstraints(shape.member, 8, ' of each item')}\n${paragraph(`Typed with spaces between: ${name} ${shape.member.type} ${shape.member.type} ...`, 8)}`
  if (isPlain(shape)) return rules
  const structure = shape.type === 'list' ? shape.member : shape
  const repeated = shape.type === 'list' ? ' ...' : ''
  return `${rules}${memberLines(structure)}\n${paragraph('Short form:', 8)}\n${shortForm(`${name} ${shorthand(structure, true)}${repeated}`)}\n${paragraph('JSON:', 8)}\n${json(shape, 12)}\n`
}

/** The members of a structure that is typed, each with what it means, at any depth. */
function memberLines(shape: Shape, indent = 8): string {
  if (shape.type === 'list') return memberLines(shape.member, indent)
  if (shape.type !== 'structure') return ''
  return Object.entries(shape.members)
    .map(([name, member]) => {
      const required = member.isRequired ? ' [required]' : ''
      const text = memberText(shape, name, member)
      const { shape: inner } = member
      const rules = valuesAndConstraints(inner, indent + 4)
      return `\n${' '.repeat(indent)}${name} -> (${inner.type})${required}\n${text === undefined ? '' : paragraph(text, indent + 4)}${rules}${memberLines(inner, indent + 4)}`
    })
    .join('')
}

const isPlain = ({ type }: Shape): boolean => type !== 'list' && type !== 'structure' && type !== 'map'

/** The short form is one word: where it is longer than a line, it goes on after a comma. */
function shortForm(text: string): string {
  return paragraph(text, text.length + 12 > HELP_WIDTH ? 10 : 12)
}

function shorthand(shape: Shape, isTop = false): string {
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).map(
      ([name, { shape: member }]) => `${name}=${shorthand(member)}`,
    )
    return isTop ? members.join(',') : `{${members.join(',')}}`
  }
  if (shape.type === 'list') return `[${shorthand(shape.member)},${shorthand(shape.member)}]`
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
  if (shape.type === 'list') return `${space}[\n${json(shape.member, indent + 2)},\n${space}  ...\n${space}]`
  if (shape.type === 'string') return `${space}"${shape.values?.join('"|"') ?? 'string'}"`
  return `${space}${shape.type === 'boolean' ? 'true|false' : shape.type}`
}
