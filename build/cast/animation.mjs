/** Sizes of the picture, in pixels of it. */
const FONT = { size: 13, width: 7.83, height: 19 }
const COLUMNS = 104
const ROWS = 19
const PADDING = 16
const BAR = 26
const WIDTH = Math.ceil(COLUMNS * FONT.width) + 2 * PADDING
const HEIGHT = ROWS * FONT.height + 2 * PADDING + BAR

/** Seconds. */
const PACE = {
  letter: 0.011,
  beforeCommand: 0.25,
  beforeOutput: 0.2,
  line: 0.05,
  reading: 0.7,
  atTheEnd: 3.5,
}

const STYLE = `
:root{color-scheme:light dark}
.b{fill:#f6f8fa;stroke:#d0d7de}.t{fill:#1f2328}.c{fill:#0550ae}.d{fill:#59636e}.h{fill:#f6f8fa}
@media (prefers-color-scheme:dark){.b{fill:#151b23;stroke:#3d444d}.t{fill:#e6edf3}.c{fill:#79c0ff}.d{fill:#9198a1}.h{fill:#151b23}}
text{font:${FONT.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;white-space:pre}
@media (prefers-reduced-motion:reduce){*{animation:none!important}.h{display:none}}`

/**
 * An SVG in which commands are typed and their lines appear, again and again; lines that leave at the top make room. Where motion is not
 * wanted it is the last screen. `scenes`: what is typed, and the lines that follow. Returns it with the seconds that it takes.
 */
export function animation(scenes) {
  const rows = []
  /** When the screen moves up, and by how many rows it has moved then. */
  const scrolls = []
  let time = 0.4
  const add = (row) => {
    rows.push(row)
    if (rows.length > ROWS) scrolls.push({ at: row.at, rows: rows.length - ROWS })
  }
  for (const { command, lines } of scenes) {
    time += PACE.beforeCommand
    for (const [index, text] of command.split('\n').entries()) {
      const seconds = text.length * PACE.letter
      add({ text: index === 0 ? text : text.trimEnd(), at: time, seconds, prompt: index === 0 ? '$ ' : '' })
      time += seconds
    }
    time += PACE.beforeOutput
    for (const line of lines.flatMap(wrapped)) {
      add({ text: line, at: time })
      time += PACE.line
    }
    time += PACE.reading
  }
  const total = time + PACE.atTheEnd
  const percent = (at) => `${((at / total) * 100).toFixed(2)}%`
  const css = [STYLE, `.r{opacity:1;animation:${total.toFixed(2)}s step-end infinite}`]
  const drawn = rows.map(({ text, at, seconds, prompt }, index) => {
    const y = (index + 1) * FONT.height - 5
    css.push(`@keyframes r${index}{0%{opacity:0}${percent(at)}{opacity:1}}`)
    const style = `style="animation-name:r${index}"`
    if (seconds === undefined) return `<text class="r d" ${style} y="${y}">${escaped(text)}</text>`
    const from = prompt.length * FONT.width
    const length = Math.max(1, text.length)
    const away = `translateX(${(length * FONT.width).toFixed(1)}px)`
    css.push(
      `@keyframes h${index}{0%,${percent(at)}{transform:none}${percent(at + seconds)},100%{transform:${away}}}`,
      `.h${index}{transform:${away};animation:h${index} ${total.toFixed(2)}s steps(${length}) infinite}`,
    )
    // What is not typed yet lies under a sheet of the background's colour, which moves one letter at a time.
    return (
      `<g class="r" ${style}><text y="${y}"><tspan class="c">${prompt}</tspan><tspan class="t">${escaped(text)}</tspan></text>` +
      `<svg x="${from.toFixed(1)}" y="${y - FONT.size}" width="${(length * FONT.width).toFixed(1)}" height="${FONT.height}" overflow="hidden">` +
      `<rect class="h h${index}" width="${WIDTH}" height="${FONT.height}"/></svg></g>`
    )
  })
  const up = (count) => `translateY(${-count * FONT.height}px)`
  css.push(
    `@keyframes up{0%{transform:none}${scrolls.map(({ at, rows: count }) => `${percent(at)}{transform:${up(count)}}`).join('')}}`,
    `.up{transform:${up(Math.max(0, rows.length - ROWS))};animation:up ${total.toFixed(2)}s step-end infinite}`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Lugsail in a terminal">
<style>${css.join('\n')}</style>
<rect class="b" x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8"/>
${[0, 1, 2].map((dot) => `<circle class="d" cx="${18 + dot * 16}" cy="15" r="4.5" opacity=".45"/>`).join('')}
<svg x="${PADDING}" y="${BAR + PADDING}" width="${WIDTH - 2 * PADDING}" height="${ROWS * FONT.height}" overflow="hidden"><g class="up">
${drawn.join('\n')}
</g></svg>
</svg>
`
  return { svg, seconds: total }
}

/** A line that is too long, broken between words. */
function wrapped(line) {
  return line === '' ? [''] : (line.match(new RegExp(`.{1,${COLUMNS}}(?: |$)|.{1,${COLUMNS}}`, 'gu')) ?? [])
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
