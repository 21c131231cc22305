import { bareTypeName, displayText } from '../../client/python-text.ts'
import { isList, isNothing, isRecord } from '../../client/values.ts'
import type { WireRecord, WireValue } from '../../client/values.ts'
import { compareCodePoints } from './order.ts'
import { OutputError } from './output-error.ts'
import { Table } from './table-layout.ts'
import type { TableStyle } from './table-layout.ts'

/** What a table is made with besides its values. */
export interface TableOptions extends TableStyle {
  /** Columns of the terminal; a wider table shows its single rows as columns. */
  readonly widthMax: number
}

/**
 * The output as a table under a title: a structure's plain members are a row, sorted by name, under a row of their names; what is nested
 * follows as a table inside. An empty output gives nothing. Throws OutputError for a list that begins with a structure and goes on with
 * other values, which the reference cannot show either.
 */
export function formatTable(title: string, output: WireValue, options: TableOptions): string {
  const table = new Table()
  return build(table, title, output, 0) ? table.render(options) : ''
}

const isPlain = (value: WireValue): boolean => !isRecord(value) && !isList(value)

function build(table: Table, title: string | undefined, value: WireValue, level: number): boolean {
  if (isNothing(value)) return false
  if (title !== undefined) table.startSection(title, level)
  if (isRecord(value)) buildRecord(table, value, level)
  if (isList(value)) {
    const [first] = value
    if (isRecord(first)) buildRecords(table, title, value, level)
    else
      for (const element of value) {
        if (isPlain(element)) table.addRow([displayText(element)])
        else if (isList(element) && element.every(isPlain)) table.addRow(element.map(displayText))
        else if (isRecord(element) && [...element.keys()].every((name) => name !== '')) {
          // A structure among plain elements shows its member names alone.
          table.addRow([...element.keys()])
        } else build(table, undefined, element, 0)
      }
  }
  return true
}

interface Names {
  readonly plain: readonly string[]
  readonly nested: readonly string[]
}

function namesOf(records: readonly WireRecord[]): Names {
  const plain = new Set<string>()
  const nested = new Set<string>()
  for (const record of records)
    for (const [name, member] of record) (isPlain(member) ? plain : nested).add(name)
  return { plain: [...plain].sort(compareCodePoints), nested: [...nested].sort(compareCodePoints) }
}

function buildRecord(table: Table, record: WireRecord, level: number): void {
  const { plain, nested } = namesOf([record])
  const fields = plain.map((name) => displayText(record.get(name) ?? null))
  if (plain.length === 1) table.addRow([...plain, ...fields])
  else if (plain.length > 1) {
    table.setHeaders(plain)
    table.addRow(fields)
  }
  for (const name of nested) build(table, name, record.get(name) ?? null, level + 1)
}

/** An element of a list of structures; what is none fails in the words of the reference, which asks it for its members. */
function recordOf(element: WireValue): WireRecord {
  if (isRecord(element)) return element
  const first = isList(element)
    ? element[0]
    : typeof element === 'string'
      ? (element[0] ?? undefined)
      : undefined
  if (first !== undefined)
    throw new OutputError(
      isList(element)
        ? `list indices must be integers or slices, not ${bareTypeName(first)}`
        : "string indices must be integers, not 'str'",
    )
  if (isList(element) || element === '') return new Map<string, WireValue>()
  throw new OutputError(`'${bareTypeName(element)}' object is not iterable`)
}

function buildRecords(
  table: Table,
  title: string | undefined,
  list: readonly WireValue[],
  level: number,
): void {
  const records = list.map(recordOf)
  const { plain, nested } = namesOf(records)
  if (plain.length > 0) {
    // An empty list or text has no members that are missing; only that it is none is noticed.
    const other = list.find((element) => !isRecord(element))
    if (other !== undefined) throw new OutputError(`'${bareTypeName(other)}' object has no attribute 'get'`)
  }
  table.setHeaders(plain)
  records.forEach((record, index) => {
    if (index > 0 && nested.length > 0) {
      table.startSection(title ?? '', level)
      table.setHeaders(plain)
    }
    table.addRow(
      plain.map((name) => {
        const member = record.get(name)
        return member === undefined ? '' : displayText(member)
      }),
    )
    for (const name of nested) if (record.has(name)) build(table, name, record.get(name) ?? null, level + 1)
  })
}
