const ARROW = /^\s*([\w-]+) --> ([\w-]+)\s*$/

/** A plugin of markdown-it: a graph of arrows, which the repository's host draws, as a list of what leads where. Other graphs stay as they are. */
export function graphs(md) {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (...args) => {
    const [tokens, index] = args
    const { info, content } = tokens[index]
    const [head, ...lines] = content.trim().split('\n')
    const arrows = lines.map((line) => ARROW.exec(line))
    if (info.trim() !== 'mermaid' || !head.startsWith('graph') || arrows.includes(null)) return fence(...args)
    const targets = new Map()
    for (const [, from, to] of arrows) targets.set(from, [...(targets.get(from) ?? []), to])
    const rows = [...targets].map(([from, found]) => {
      const to = found.map((target) => `<code>${target}</code>`)
      return `<li><code>${from}</code> → ${to.join(', ')}</li>`
    })
    return `<ul>${rows.join('')}</ul>`
  }
}
