import type { Shape, StructureShape, ValueOf } from '../../model/shape.ts'

/**
 * Writes a structure as a JSON 1.1 body: members in the shape's order, absent ones left out, timestamps as epoch seconds with three decimals.
 * A float that is whole keeps a decimal (`1.0`), as Amazon's services write it: clients in Python print what they read.
 */
export function writeJson<S extends StructureShape>(shape: S, value: ValueOf<S>): string {
  return writeValue(shape, value)
}

function writeValue(shape: Shape, value: unknown): string {
  switch (shape.type) {
    case 'structure':
      return writeStructure(shape, value as Readonly<Record<string, unknown>>)
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => writeValue(shape.member, item)).join(',')}]`
    case 'timestamp':
      return (Number(value) / 1000).toFixed(3)
    case 'float':
    case 'double':
      return floatText(value)
    case 'string':
    case 'boolean':
    case 'integer':
    case 'long':
      return JSON.stringify(value)
    case 'map':
    case 'stream':
      throw new TypeError(`the JSON protocol has no ${shape.type}`)
  }
}

function floatText(value: unknown): string {
  const text = JSON.stringify(value)
  // From 1e21 on there is an exponent, which no decimal may follow.
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

function writeStructure(shape: StructureShape, value: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const [name, member] of Object.entries(shape.members)) {
    const given = value[name]
    if (given === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${writeValue(member.shape, given)}`
  }
  return `{${text}}`
}
