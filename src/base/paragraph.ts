/** Columns of the terminal that help is laid out for. */
export const HELP_WIDTH = 80

/** Breaks a text into lines that fit a terminal, each indented; a word that is longer than a line is broken too. */
export function paragraph(text: string, indent = 4): string {
  const width = HELP_WIDTH - indent
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((each) => piecesOf(each, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((each) => `${' '.repeat(indent)}${each}\n`).join('')
}

/** A word in pieces of at most `width` characters, each but the last ending with a comma, colon or bar where there is one. */
function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = []
  let rest = word
  while (rest.length > width) {
    const fitting = rest.slice(0, width)
    const end = /^.+[,:|]/s.exec(fitting)?.[0].length ?? width
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest]
}

/** Names and what they mean, in two columns. */
export function columns(rows: readonly (readonly [name: string, text: string])[], indent = 2): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows
    .map(([name, text]) => {
      const rest = paragraph(text, indent + width)
      return `${' '.repeat(indent)}${name.padEnd(width)}${rest.slice(indent + width)}`
    })
    .join('')
}

/** Words side by side, in order down each column: as many columns as fit a terminal. */
export function grid(words: readonly string[], indent = 2): string {
  for (let rows = 1; ; rows++) {
    const lines = gridLines(words, rows, ' '.repeat(indent))
    if (rows >= words.length || lines.every((line) => line.length <= HELP_WIDTH))
      return lines.map((line) => `${line}\n`).join('')
  }
}

function gridLines(words: readonly string[], rows: number, space: string): string[] {
  const columns: (readonly string[])[] = []
  for (let start = 0; start < words.length; start += rows) columns.push(words.slice(start, start + rows))
  const widths = columns.map((column) => Math.max(...column.map((word) => word.length)))
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map((column, index) => space + (column[row] ?? '').padEnd(widths[index] ?? 0))
      .join('')
      .trimEnd(),
  )
}
