import type { Member, StructureShape } from '../../shape.ts'
import { memberTexts } from './members.ts'

export { errorTexts } from './errors.ts'
export { operationTexts } from './operations.ts'
export type { Example, OperationText } from './operations.ts'

/** What a member of a structure means, in plain sentences; undefined when nothing is said of it. */
export function memberText(structure: StructureShape, name: string, member: Member): string | undefined {
  const texts = memberTexts[structure.name ?? '']
  return member.doc ?? texts?.[name] ?? member.shape.doc
}
