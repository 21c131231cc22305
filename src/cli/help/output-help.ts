import { paragraph } from '../../base/paragraph.ts'
import { memberText } from '../../model/lightsail/documentation/index.ts'
import type { Shape, StructureShape } from '../../model/shape.ts'
import { valuesAndConstraints } from './shape-help.ts'

const TIMES =
  'Times are numbers: seconds since the start of 1970 (UTC), or dates where the profile has cli_timestamp_format = iso8601.'

/** The members of an output, each with its text and what it can be, those of a structure indented below it. */
export function outputHelp(output: StructureShape): string {
  const members = membersHelp(output, 4)
  return members.includes('(timestamp)') ? `${paragraph(TIMES)}\n${members}` : members
}

function membersHelp(structure: StructureShape, indent: number): string {
  return Object.entries(structure.members)
    .map(([name, member]) =>
      shapeHelp(
        `${name} -> (${member.shape.type})`,
        member.shape,
        memberText(structure, name, member),
        indent,
      ),
    )
    .join('\n')
}

function shapeHelp(title: string, shape: Shape, text: string | undefined, indent: number): string {
  const inner = indent + 4
  const parts = [
    `${' '.repeat(indent)}${title}\n`,
    text === undefined ? '' : paragraph(text, inner),
    // Of an output only what there is to choose from matters.
    shape.type === 'string' ? valuesAndConstraints({ type: 'string', ...valuesOf(shape) }, inner) : '',
  ]
  if (shape.type === 'structure') parts.push('\n', membersHelp(shape, inner))
  if (shape.type === 'list')
    parts.push('\n', shapeHelp(`(${shape.member.type})`, shape.member, shape.member.doc, inner))
  return parts.join('')
}

const valuesOf = ({
  values,
}: {
  readonly values?: readonly string[]
}): { readonly values?: readonly string[] } => (values === undefined ? {} : { values })
