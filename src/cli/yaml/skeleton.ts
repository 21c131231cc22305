import { Float, Instant, isList, isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import type { LightsailOperationName } from '../../model/lightsail/index.ts'
import type { Member, Shape, StructureShape } from '../../model/shape.ts'
import { inputSkeleton } from '../skeleton.ts'

/**
 * The input of an operation to be filled in, in the order of the API, each member with what it means behind it. The operation comes by its
 * name, since the command line's own bundle leaves out what is said of its members (build/bundle.mjs).
 */
export async function yamlInputSkeleton(operationName: string): Promise<string> {
  // The name is that of an operation of the same table.
  const { input } = lightsailOperations[operationName as LightsailOperationName]
  const { writeDocument } = await import('./package.ts')
  return writeDocument(toPlain(inputSkeleton(input)), (path) => {
    const member = memberAt(input, path)
    return member === undefined ? '' : meaning(member)
  })
}

function toPlain(value: WireValue): unknown {
  if (isList(value)) return value.map(toPlain)
  if (isRecord(value)) return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member)]))
  if (value instanceof Float) return value.value
  return value instanceof Instant ? value.iso : value
}

function memberAt(shape: StructureShape, path: readonly string[]): Member | undefined {
  let member: Member | undefined
  let at: Shape = shape
  for (const name of path) {
    while (at.type === 'list') at = at.member
    member = at.type === 'structure' ? at.members[name] : undefined
    if (member === undefined) return undefined
    at = member.shape
  }
  return member
}

function meaning({ isRequired, doc, shape }: Member): string {
  const values =
    shape.type === 'string' && shape.values !== undefined
      ? `Valid values are: ${shape.values.join(', ')}.`
      : ''
  return [isRequired ? '[REQUIRED]' : '', doc ?? shape.doc ?? '', values]
    .filter((part) => part !== '')
    .join(' ')
}
