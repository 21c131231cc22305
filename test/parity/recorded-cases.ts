import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandLine, CommandWorld } from '../cli/command-world.ts'
import type { SeenRequest } from '../cli/stub-endpoint.ts'

/**
 * A command line with what AWS CLI 1.45.11 printed, answered and sent for it. A case with `better` is one where that program breaks what its own
 * documentation says; it then holds what is right. A case with `mentions` leaves the wording of the error free, but for these words.
 */
export interface RecordedCase extends CommandLine {
  readonly id: string
  /** False: the endpoint is not named on the command line. */
  readonly endpoint?: boolean
  readonly mentions?: readonly string[]
  readonly expect: {
    readonly rc: number
    readonly stdout: string
    readonly error: string
    readonly requests: readonly Partial<SeenRequest>[]
  }
}

/** Recorded once: expected.json is what people do, corners.json what hardly anyone does (there, signatures were not recorded). */
export const recordedCases: readonly RecordedCase[] = ['expected.json', 'corners.json'].flatMap(
  (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as readonly RecordedCase[],
)

/** The command line, after the name of its case. */
export const titleOf = ({ id, args }: RecordedCase): string => `${id}: lugsail ${args.join(' ')}`

/** Runs the command line of a case and compares what it did. */
export async function checkRecordedCase(world: CommandWorld, recorded: RecordedCase): Promise<void> {
  const { args, endpoint, mentions, expect } = recorded
  const result = await world.run({
    ...recorded,
    args: endpoint === false ? args : [...args, '--endpoint-url', '{ENDPOINT}'],
  })
  assert.equal(result.exitCode, expect.rc, result.stderr)
  assert.equal(result.stdout, expect.stdout)
  const error = errorOf(result.stderr)
  if (mentions === undefined) assert.equal(error, expect.error)
  for (const words of mentions ?? []) assert.ok(error.includes(words), `${error} does not mention ${words}`)
  assert.doesNotMatch(result.stderr, /\n\s+at .*:\d+:\d+/)
  const requests = result.requests.map(({ signature, ...rest }, index) =>
    expect.requests[index]?.signature === undefined ? rest : { ...rest, signature },
  )
  assert.deepEqual(requests, expect.requests)
}

/** The error as a user reads it: without the usage text, the program's name left out. */
function errorOf(stderr: string): string {
  const text = stderr.replaceAll('\r', '')
  const misuse = /^\S+: error: ([\s\S]*)$/m.exec(text)?.[1]
  if (misuse !== undefined) return `{prog}: error: ${misuse.trim()}`
  return /^Unknown options: .*$/m.exec(text)?.[0].trim() ?? text.trim()
}
