/** A table as it is shown. */
export interface CsvTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Whether there is more than is shown. */
  readonly isCut: boolean
}

/** Lines and columns that are shown at most. */
const ROWS_MAX = 500
const COLUMNS_MAX = 50
const SEPARATORS = [',', ';', '\t', '|']

/** Reads comma-separated values, with the separator that its first line has most, and quotes as RFC 4180 has them. */
export function readCsv(text: string): CsvTable {
  const separator = separatorOf(text)
  const lines: string[][] = []
  let line: string[] = []
  let field = ''
  let isQuoted = false
  let at = text.startsWith('\ufeff') ? 1 : 0
  const endField = (): void => {
    line.push(field)
    field = ''
  }
  for (; at < text.length && lines.length <= ROWS_MAX; at++) {
    const character = text[at] ?? ''
    if (isQuoted) {
      if (character !== '"') field += character
      else if (text[at + 1] === '"') field += text[++at] ?? ''
      else isQuoted = false
    } else if (character === '"' && field === '') isQuoted = true
    else if (character === separator) endField()
    else if (character === '\n') {
      endField()
      lines.push(line)
      line = []
    } else if (character !== '\r') field += character
  }
  if (field !== '' || line.length > 0) {
    endField()
    lines.push(line)
  }
  const [header = [], ...rows] = lines
  const isWide = lines.some(({ length }) => length > COLUMNS_MAX)
  return {
    header: header.slice(0, COLUMNS_MAX),
    rows: rows.slice(0, ROWS_MAX).map((row) => row.slice(0, COLUMNS_MAX)),
    isCut: at < text.length || isWide,
  }
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'))
  const counted = SEPARATORS.map((separator) => ({ separator, count: first.split(separator).length }))
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).separator
}
