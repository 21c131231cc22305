import type { WireValue } from '../../client/values.ts'
import type { ColorChoice } from '../grammar/global-options.ts'
import { formatJson } from './json.ts'

/** The forms of output, as `--output` spells them. */
export const OUTPUT_FORMATS = ['json', 'text', 'table', 'yaml', 'yaml-stream', 'off'] as const
/** One of {@link OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

const TERMINAL_WIDTH_DEFAULT = 80

/** Writes an output in a format; the less common ones are loaded when they are asked for. Throws OutputError where it cannot. */
export async function renderOutput(
  operationName: string,
  output: WireValue,
  { format, color }: { readonly format: OutputFormat; readonly color: ColorChoice },
): Promise<string> {
  if (format === 'json') return formatJson(output)
  if (format === 'text') return (await import('./text.ts')).formatText(output)
  if (format === 'off') return ''
  if (format !== 'table') return (await import('../yaml/format.ts')).formatYaml(output, format)
  const { formatTable } = await import('./table.ts')
  return formatTable(operationName, output, {
    widthMax: process.stdout.isTTY ? process.stdout.columns : TERMINAL_WIDTH_DEFAULT,
    isColored: color === 'on' || (color === 'auto' && process.stdout.isTTY),
  })
}
