import type { WireValue } from '../../client/values.ts'
import type { ColorChoice } from '../grammar/global-options.ts'
import { shownOn } from '../standard-streams.ts'
import { formatJson } from './json.ts'

/** The forms of output, as `--output` spells them. */
export const OUTPUT_FORMATS = ['json', 'text', 'table', 'yaml', 'yaml-stream', 'off'] as const
/** One of {@link OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

const TERMINAL_WIDTH_DEFAULT = 80

/**
 * Writes an output in a format, as standard output may show it; the less common formats are loaded when they are asked for. Throws OutputError
 * where it cannot.
 */
export async function renderOutput(
  operationName: string,
  output: WireValue,
  { format, color }: { readonly format: OutputFormat; readonly color: ColorChoice },
): Promise<string> {
  if (format === 'json') return shownOn(1, formatJson(output))
  if (format === 'text') return shownOn(1, (await import('./text.ts')).formatText(output))
  if (format === 'off') return ''
  if (format !== 'table')
    return shownOn(1, await (await import('../yaml/format.ts')).formatYaml(output, format))
  const { formatTable } = await import('./table.ts')
  const { isTTY, columns } = process.stdout
  return formatTable(operationName, output, {
    widthMax: isTTY ? columns : TERMINAL_WIDTH_DEFAULT,
    isColored: color === 'on' || (color === 'auto' && isTTY),
    isTerminal: isTTY,
  })
}
