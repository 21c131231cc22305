import { bareTypeName, displayText } from '../../client/python-text.ts'
import { isList, isRecord } from '../../client/values.ts'
import type { WireRecord, WireValue } from '../../client/values.ts'
import { compareCodePoints } from './order.ts'
import { OutputError } from './output-error.ts'

/**
 * The output as lines of fields between tabs: a structure's plain members in one line, sorted by name; what is nested follows in
 * lines that begin with the member's name in capitals. Throws OutputError for a list that mixes structures with other values, which the
 * reference cannot show either; what comes before it is shown.
 */
export function formatText(output: WireValue): string {
  const lines: string[] = []
  const text = (): string => lines.map((line) => `${line}\n`).join('')
  try {
    writeValue(output, undefined, undefined, lines)
  } catch (error) {
    throw error instanceof OutputError ? new OutputError(error.message, text()) : error
  }
  return text()
}

const isNested = (value: WireValue): value is WireRecord | WireValue[] => isRecord(value) || isList(value)

function writeValue(
  value: WireValue,
  label: string | undefined,
  columns: readonly string[] | undefined,
  lines: string[],
): void {
  if (isRecord(value)) writeRecord(value, label, columns, lines)
  else if (isList(value)) writeList(value, label, lines)
  else lines.push(displayText(value))
}

function writeList(list: readonly WireValue[], label: string | undefined, lines: string[]): void {
  if (list.length === 0) return
  if (list.some(isRecord)) {
    // All structures of a list have the same columns: every plain member that one of them has.
    const columns = new Set<string>()
    for (const element of list) {
      if (!isRecord(element))
        throw new OutputError(`'${bareTypeName(element)}' object has no attribute 'items'`)
      for (const [name, member] of element) if (!isNested(member)) columns.add(name)
    }
    const sorted = [...columns].sort(compareCodePoints)
    for (const element of list) writeValue(element, label, sorted, lines)
  } else if (list.some(isList)) {
    const plain = list.filter((element) => !isNested(element))
    if (plain.length > 0) writePlainList(plain, label, lines)
    for (const element of list.filter(isNested)) writeValue(element, label, undefined, lines)
  } else writePlainList(list, label, lines)
}

function writePlainList(list: readonly WireValue[], label: string | undefined, lines: string[]): void {
  if (label === undefined) lines.push(list.map(displayText).join('\t'))
  else for (const element of list) lines.push(`${label.toUpperCase()}\t${displayText(element)}`)
}

function writeRecord(
  record: WireRecord,
  label: string | undefined,
  columns: readonly string[] | undefined,
  lines: string[],
): void {
  const names = [...record.keys()].sort(compareCodePoints)
  const isColumn = (name: string): boolean =>
    columns === undefined ? !isNested(record.get(name) ?? null) : columns.includes(name)
  const fields = (columns ?? names.filter(isColumn)).map((name) => {
    const member = record.get(name)
    return member === undefined ? '' : displayText(member)
  })
  if (fields.length > 0)
    lines.push((label === undefined ? fields : [label.toUpperCase(), ...fields]).join('\t'))
  for (const name of names) if (!isColumn(name)) writeValue(record.get(name) ?? null, name, undefined, lines)
}
