import { Float, Instant, isList, isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import { memberText } from '../../model/lightsail/documentation/index.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import type { Operation } from '../../model/operation.ts'
import type { Member, Shape, StructureShape } from '../../model/shape.ts'
import { inputSkeleton } from '../skeleton.ts'

/**
 * The input of an operation to be filled in, in the order of the API, each member with what it means behind it. The operation comes by its
 * name, since the command line's own bundle leaves out what is said of its members (build/bundle.mjs).
 */
export async function yamlInputSkeleton(operationName: string): Promise<string> {
  const operations: Readonly<Record<string, Operation>> = { ...lightsailOperations, ...lugsailOperations }
  const { input } = operations[operationName] ?? {}
  if (input === undefined) throw new TypeError(`there is no operation ${operationName}`)
  const { writeDocument } = await import('./package.ts')
  return writeDocument(toPlain(inputSkeleton(input)), (path) => {
    const at = memberAt(input, path)
    return at === undefined ? '' : meaning(at.member, at.text)
  })
}

function toPlain(value: WireValue): unknown {
  if (isList(value)) return value.map(toPlain)
  if (isRecord(value)) return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member)]))
  if (value instanceof Float) return value.value
  return value instanceof Instant ? value.iso : value
}

function memberAt(
  shape: StructureShape,
  path: readonly string[],
): { readonly member: Member; readonly text: string | undefined } | undefined {
  let found: { readonly member: Member; readonly text: string | undefined } | undefined
  let at: Shape = shape
  for (const name of path) {
    while (at.type === 'list') at = at.member
    if (at.type !== 'structure') return undefined
    const member: Member | undefined = at.members[name]
    if (member === undefined) return undefined
    found = { member, text: memberText(at, name, member) }
    at = member.shape
  }
  return found
}

function meaning({ isRequired, shape }: Member, text: string | undefined): string {
  const values =
    shape.type === 'string' && shape.values !== undefined
      ? `Valid values are: ${shape.values.join(', ')}.`
      : ''
  return [isRequired ? '[REQUIRED]' : '', text ?? '', values].filter((part) => part !== '').join(' ')
}
