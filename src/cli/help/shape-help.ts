import { paragraph } from '../../base/paragraph.ts'
import type { Shape } from '../../model/shape.ts'

/** As many values stand in a list, one on a line; more are one paragraph. */
const LISTED_MAX = 8

/** Which values a shape (or each item of it: `of`) takes, as the lines that follow what it means; empty where it takes any. */
export function valuesAndConstraints(shape: Shape, indent: number, of = ''): string {
  const values = shape.type === 'string' ? (shape.values ?? []) : []
  return [
    values.length > LISTED_MAX
      ? `\n${paragraph(`Possible values${of}: ${values.join(', ')}`, indent)}`
      : bullets(`Possible values${of}:`, values, indent),
    bullets(`Constraints${of}:`, constraintsOf(shape), indent),
  ].join('')
}

function constraintsOf(shape: Shape): string[] {
  if (shape.type === 'string') {
    const { lengthMin, lengthMax, pattern } = shape
    return [...bounds(lengthMin, lengthMax), ...(pattern === undefined ? [] : [patternText(pattern)])]
  }
  if (shape.type === 'list') return bounds(undefined, shape.lengthMax)
  return 'min' in shape || 'max' in shape ? bounds(shape.min, shape.max) : []
}

const bounds = (min: number | undefined, max: number | undefined): string[] => [
  ...(min === undefined ? [] : [`min: ${min}`]),
  ...(max === undefined ? [] : [`max: ${max}`]),
]

const patternText = ({ source }: RegExp): string =>
  source === String.raw`\S` ? 'not blank' : `pattern: ${source.replaceAll(String.raw`\/`, '/')}`

function bullets(title: string, items: readonly string[], indent: number): string {
  if (items.length === 0) return ''
  const rows = items.map((item) => {
    const text = paragraph(item, indent + 4)
    return `${' '.repeat(indent + 2)}- ${text.slice(indent + 4)}`
  })
  return `\n${' '.repeat(indent)}${title}\n${rows.join('')}`
}
