import { terminalLine } from '../../base/terminal-text.ts'
import { displayWidth } from './east-asian-width.ts'

/** How tables look. */
export interface TableStyle {
  readonly isColored: boolean
  /** Control characters in a cell are shown rather than passed on. */
  readonly isTerminal: boolean
}

/** Space around the content of a cell. */
const PADDING = 4
const BORDER = 2

interface Section {
  readonly title: string
  readonly level: number
  readonly headers: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

interface OpenSection extends Section {
  headers: readonly string[]
  readonly rows: (readonly string[])[]
  /** What the first headers or row had; later headers do not change it. */
  cellCount: number | undefined
  /** How many columns have a width. */
  columnCount: number
}

/** The reference keeps a width for each column of the first headers or row, and fails on one more, in these words. */
function takeColumns(section: OpenSection, count: number): void {
  if (section.columnCount === 0) section.columnCount = count
  if (count > section.columnCount) throw new Error('list index out of range')
}

/** Sections one below the other, all of one width; a section of a deeper level stands inside the frame of the ones above. */
export class Table {
  readonly #sections: OpenSection[] = []

  startSection(title: string, level: number): void {
    this.#sections.push({ title, level, headers: [], rows: [], cellCount: undefined, columnCount: 0 })
  }

  /** @throws Error when there are more than the section has columns. */
  setHeaders(headers: readonly string[]): void {
    const section = this.#current
    section.cellCount ??= headers.length
    section.headers = headers
    takeColumns(section, headers.length)
  }

  /** @throws Error when rows of one section differ in their number of cells. */
  addRow(cells: readonly string[]): void {
    const section = this.#current
    section.cellCount ??= cells.length
    if (section.cellCount !== cells.length)
      throw new Error(`Row should have ${section.cellCount} elements, instead it has ${cells.length}`)
    section.rows.push(cells)
    takeColumns(section, cells.length)
  }

  get #current(): OpenSection {
    const section = this.#sections.at(-1)
    if (section === undefined) throw new Error('a row needs a section')
    return section
  }

  render({ widthMax, isColored, isTerminal }: TableStyle & { readonly widthMax: number }): string {
    let sections: readonly Section[] = isTerminal ? this.#sections.map(shownSection) : this.#sections
    let width = widthOf(sections)
    if (width > widthMax) {
      sections = sections.map(uprightSection)
      width = widthOf(sections)
    }
    const writer = new TableWriter(isColored)
    writer.top(width)
    for (const section of sections) renderSection(section, width - section.level * 2, writer)
    return writer.text
  }
}

/** A section with nothing in it that a terminal would act on. */
const shownSection = ({ title, level, headers, rows }: Section): Section => ({
  title: terminalLine(title),
  level,
  headers: headers.map(terminalLine),
  rows: rows.map((row) => row.map(terminalLine)),
})

/** A section of one row under headers, turned: one row for each header and its cell. */
function uprightSection(section: Section): Section {
  const [row] = section.rows
  if (section.rows.length !== 1 || row === undefined || section.headers.length === 0) return section
  return { ...section, headers: [], rows: section.headers.map((header, index) => [header, row[index] ?? '']) }
}

function widthOf(sections: readonly Section[]): number {
  let widest = 0
  for (const section of sections) {
    const content = columnWidths(section).reduce((sum, width) => sum + width, 0)
    widest = Math.max(widest, Math.max(displayWidth(section.title), content) + BORDER + section.level * 2)
  }
  return widest
}

function columnWidths({ headers, rows }: Section): number[] {
  const widths: number[] = []
  for (const row of [headers, ...rows])
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell))
    })
  return widths.map((width) => width + PADDING)
}

/** Stretches the columns so that together they have the given width; what rounding leaves goes to the outer columns. */
function scaledWidths(section: Section, width: number): number[] {
  const widths = columnWidths(section)
  if (widths.length === 0) return widths
  const factor = width / widths.reduce((sum, column) => sum + column, 0)
  const scaled = widths.map((column) => roundHalfEven(factor * column))
  let excess = scaled.reduce((sum, column) => sum + column, 0) - width
  for (let index = 0; excess > 0; index = (index + 1) % scaled.length) {
    scaled[index] = (scaled[index] ?? 0) - 1
    excess--
  }
  for (let index = scaled.length - 1; excess < 0; index = (index + scaled.length - 1) % scaled.length) {
    scaled[index] = (scaled[index] ?? 0) + 1
    excess++
  }
  return scaled
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

function renderSection(section: Section, width: number, writer: TableWriter): void {
  const { title, level, headers, rows } = section
  if (title !== '') {
    writer.line(centered(title, title, width, '|'), level)
    if (headers.length === 0 && rows.length === 0)
      writer.line(`+${'-'.repeat(Math.max(0, width - 2))}+`, level)
  }
  const widths = scaledWidths(section, width)
  const rule = widths
    .map((column, index) =>
      index === 0 ? `+${'-'.repeat(Math.max(0, column - 2))}+` : `${'-'.repeat(Math.max(0, column - 1))}+`,
    )
    .join('')
  const row = (
    cells: readonly string[],
    cell: (text: string, width: number, left: string) => string,
  ): string =>
    cells
      .slice(0, widths.length)
      .map((text, index) => cell(text, widths[index] ?? 0, index === 0 ? '|' : ''))
      .join('')
  if (headers.length > 0) {
    writer.line(rule, level)
    writer.line(
      row(headers, (text, column, left) => centered(text, text, column, left)),
      level,
    )
  }
  if (rows.length === 0 || widths.length === 0) return
  writer.line(rule, level)
  for (const cells of rows)
    writer.line(
      row(cells, (text, column, left) => leftAligned(text, writer.cell(text), column, left)),
      level,
    )
  writer.line(rule, level)
}

const spaces = (count: number): string => ' '.repeat(Math.max(0, count))

function centered(text: string, shown: string, width: number, left: string): string {
  const before = Math.floor(width / 2) - Math.floor(displayWidth(text) / 2) - 1
  const after = width - 1 - left.length - before - displayWidth(text)
  return `${left}${spaces(before)}${shown}${spaces(after)}|`
}

function leftAligned(text: string, shown: string, width: number, left: string): string {
  const textWidth = displayWidth(text)
  const padding = width - (textWidth + 2 + left.length + 1) >= 0 ? 2 : 0
  return `${left}${spaces(padding)}${shown}${spaces(width - left.length - padding - textWidth - 1)}|`
}

const RESET = '\u001b[0m'

/** Puts lines together, with the frames of the levels around them and, where asked for, colours. */
class TableWriter {
  readonly #isColored: boolean
  #text = ''

  constructor(isColored: boolean) {
    this.#isColored = isColored
  }

  get text(): string {
    return this.#text
  }

  cell(text: string): string {
    return this.#isColored ? `\u001b[1m\u001b[34m${text}${RESET}` : text
  }

  /** The rule above everything, which is written in one piece. */
  top(width: number): void {
    this.#text += `${'-'.repeat(width)}\n${this.#isColored ? RESET : ''}`
  }

  line(text: string, level: number): void {
    if (!this.#isColored) {
      this.#text += `${'|'.repeat(level)}${text}${'|'.repeat(level)}\n`
      return
    }
    // Colours are reset after each piece that is written, as the reference's colour library does it.
    const frame = `\u001b[2m\u001b[33m|${RESET}`.repeat(level)
    this.#text += `${frame}${RESET}${text}${RESET}${frame}${RESET}\n${RESET}`
  }
}
