import type { LightsailClient } from '../client/lightsail-client.ts'
import { displayText } from '../client/python-text.ts'
import { Float, isRecord } from '../client/values.ts'
import type { WireRecord, WireValue } from '../client/values.ts'
import type { TakingBack } from '../model/operation.ts'
import { toKebabCase } from '../model/operation.ts'
import type { ParsedArguments } from './grammar/argument.ts'
import { writesKey } from './grammar/operation-options.ts'
import type { KeyFiles } from './key-files/key-files.ts'
import type { OperationRun } from './operation-run.ts'
import { tlsSettings, type ClientPlan } from './session.ts'
import { outputSkeleton } from './skeleton.ts'

/** How an output is picked from and written; throws where it cannot be. */
type Render = (output: WireValue) => Promise<string>

/**
 * Tries on a sample whether the output can be shown, for a call whose secret is in this response and nowhere else. Throws what showing it
 * would throw, before anything is made, and whether the files can be written that the key is to be in.
 */
export async function rehearse(
  { session, operation, query }: OperationRun,
  render: Render,
  keyFiles: KeyFiles | null,
): Promise<void> {
  const isWire = session.settings.timestampStyle === 'wire'
  const sample = outputSkeleton(operation.output, isWire ? new Float(1.5) : '1970-01-01T00:00:00+00:00')
  const text = await render(sample)
  if (keyFiles === null && text === '' && query === undefined)
    throw new Error(
      `${toKebabCase(operation.name)} shows a secret this once, and the output "off" would show nothing of it: choose another one with --output`,
    )
  await keyFiles?.check()
}

/** The files that the key of the response is written to; null: none is named. Throws UsageError for what cannot be one. */
export async function findKeyFiles(
  { session, operation }: OperationRun,
  parsed: ParsedArguments,
  { endpoint, region }: ClientPlan,
): Promise<KeyFiles | null> {
  if (!writesKey(operation, parsed)) return null
  const { KeyFiles } = await import('./key-files/key-files.ts')
  const { caBundlePath } = tlsSettings(session)
  return new KeyFiles(parsed.values, session.settings.env, {
    endpointUrl: endpoint,
    region,
    caBundle: caBundlePath,
  })
}

/**
 * Calls the operation and writes its output. When that cannot be done, the call is taken back, since nobody will ever see the secret; the
 * error says so, or that it could not be taken back either.
 */
export async function callAndShow(
  { operation, writeOrThrow }: OperationRun,
  client: LightsailClient,
  call: {
    readonly parameters: WireRecord
    readonly takingBack: TakingBack
    /** Where the key is written instead; null: it is shown. */
    readonly keyFiles: KeyFiles | null
    readonly render: Render
  },
): Promise<void> {
  const { parameters, takingBack, keyFiles, render } = call
  const output = await client.call(operation, parameters)
  let shown: WireValue = output
  try {
    if (keyFiles) shown = await keyFiles.write(output, parameters)
    else writeOrThrow(await render(output))
  } catch (error) {
    const input = takeBackInput(takingBack, { input: parameters, output })
    const command = [
      `lugsail ${toKebabCase(takingBack.operation.name)}`,
      ...[...input].map(([name, value]) => `--${toKebabCase(name)} ${displayText(value)}`),
    ].join(' ')
    const [what, state] = keyFiles
      ? ['key of', 'in none of the files']
      : ['response to', 'nobody has its secret']
    const alone = keyFiles ? '' : ', which alone has the secret,'
    const problem = `The ${what} ${operation.name}${alone} could not be written: ${messageOf(error)}.`
    try {
      await client.call(takingBack.operation, input)
    } catch (failure) {
      throw new Error(
        `${problem} What was made is still there, and ${state} (${messageOf(failure)}). Delete it with: ${command}`,
        { cause: failure },
      )
    }
    throw new Error(`${problem} What was made has been deleted again.`, { cause: error })
  }
  // The key is kept by now.
  if (keyFiles) writeOrThrow(await render(shown))
}

function takeBackInput(
  { input }: TakingBack,
  values: { readonly input: WireRecord; readonly output: WireValue },
): WireRecord {
  const members = Object.entries(input).map(
    ([name, [side, ...path]]) => [name, valueAt(values[side], path)] as const,
  )
  return new Map(members.filter(([, value]) => value !== null))
}

const valueAt = (value: WireValue, path: readonly string[]): WireValue =>
  path.reduce<WireValue>((at, name) => (isRecord(at) ? (at.get(name) ?? null) : null), value)

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
