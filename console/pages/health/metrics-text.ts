/** A number with its labels, as Prometheus' text form has it. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g

/** Reads metrics in Prometheus' text form; lines that are none are passed over. */
export function parseMetrics(text: string): readonly Sample[] {
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    const [, name, labels = '', value = ''] = LINE.exec(line) ?? []
    if (name === undefined) continue
    samples.push({
      name,
      value: Number(value),
      labels: Object.fromEntries(
        [...labels.matchAll(LABEL)].map(([, label = '', quoted = '']) => [
          label,
          quoted.replace(/\\(.)/g, '$1'),
        ]),
      ),
    })
  }
  return samples
}
