import { summarize, type Cell } from './results.ts'

const COLOURS = ['#1f6f8b', '#c1582f', '#7a8b3a', '#8d6fae', '#6b6b6b', '#b8932f']
const WIDTH = 720
const BAR = 16
const LABEL = 150

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A bar chart of one workload: requests per second by server, grouped by number of connections. */
export function plot(title: string, cells: readonly Cell[]): string {
  const servers = [...new Set(cells.map(({ server }) => server))]
  const groups = [...new Set(cells.map(({ connections }) => connections))]
  const rateOf = (connections: number, server: string) => {
    const cell = cells.find((one) => one.connections === connections && one.server === server)
    return (cell && summarize(cell)?.requestsPerSecond) ?? 0
  }
  const largest = Math.max(1e-9, ...cells.map((cell) => summarize(cell)?.requestsPerSecond ?? 0))
  const groupHeight = servers.length * (BAR + 3) + 18
  const height = 40 + groups.length * groupHeight
  const bars = groups.flatMap((connections, groupIndex) => {
    const top = 36 + groupIndex * groupHeight
    return [
      `<text x="8" y="${top + groupHeight / 2 - 10}" font-weight="bold">${connections} conn.</text>`,
      ...servers.map((server, index) => {
        const rate = rateOf(connections, server)
        const y = top + index * (BAR + 3)
        const width = (rate / largest) * (WIDTH - LABEL - 230)
        const shown = rate >= 100 ? rate.toFixed(0) : rate.toFixed(1)
        return (
          `<rect x="${LABEL + 80}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[index % COLOURS.length] ?? '#000'}"/>` +
          `<text x="${LABEL + 74}" y="${y + 12}" text-anchor="end">${escape(server)}</text>` +
          `<text x="${(LABEL + 86 + width).toFixed(1)}" y="${y + 12}">${rate === 0 ? 'none' : shown}</text>`
        )
      }),
    ]
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">` +
    `<rect width="100%" height="100%" fill="#fff"/><text x="8" y="20" font-size="15">${escape(title)}: requests per second</text>` +
    `${bars.join('')}</svg>\n`
  )
}
