/**
 * The command line against AWS CLI version 1.45.11: what it printed, answered and sent for these command lines was recorded once, in
 * expected.json for what people do and in corners.json for what hardly anyone does (there, signatures were not recorded). A case with `better` is one where the recorded program breaks what its own documentation says; it then holds what is
 * right. A case with `mentions` leaves the wording of the error free, but for these words.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { CommandLab } from '../cli/run-lugsail.ts'
import type { CommandLine } from '../cli/run-lugsail.ts'
import type { SeenRequest } from '../cli/stub-endpoint.ts'

interface ParityCase extends CommandLine {
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

const cases = ['expected.json', 'corners.json'].flatMap(
  (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as readonly ParityCase[],
)

/** How many command lines run at a time, each with an endpoint of its own. */
const CONCURRENCY = 4

describe('The command line does as AWS CLI v1', { concurrency: CONCURRENCY }, () => {
  const idle = Array.from({ length: CONCURRENCY }, () => new CommandLab())
  before(() => Promise.all(idle.map((lab) => lab.start())))
  after(() => Promise.all(idle.map((lab) => lab.stop())))

  for (const parityCase of cases) {
    const { id, args, endpoint, mentions, expect } = parityCase
    test(`${id}: lugsail ${args.join(' ')}`, async () => {
      const lab = idle.pop()
      assert.ok(lab !== undefined, 'more tests at a time than labs')
      const result = await lab
        .run({
          ...parityCase,
          args: endpoint === false ? args : [...args, '--endpoint-url', '{ENDPOINT}'],
        })
        .finally(() => idle.push(lab))
      assert.equal(result.exitCode, expect.rc, result.stderr)
      assert.equal(result.stdout, expect.stdout)
      const error = errorOf(result.stderr)
      if (mentions === undefined) assert.equal(error, expect.error)
      for (const words of mentions ?? [])
        assert.ok(error.includes(words), `${error} does not mention ${words}`)
      assert.doesNotMatch(result.stderr, /\n\s+at .*:\d+:\d+/)
      const requests = result.requests.map(({ signature, ...rest }, index) =>
        expect.requests[index]?.signature === undefined ? rest : { ...rest, signature },
      )
      assert.deepEqual(requests, expect.requests)
    })
  }
})

/** The error as a user reads it: without the usage text, the program's name left out. */
function errorOf(stderr: string): string {
  const text = stderr.replaceAll('\r', '')
  const misuse = /^\S+: error: ([\s\S]*)$/m.exec(text)?.[1]
  if (misuse !== undefined) return `{prog}: error: ${misuse.trim()}`
  return /^Unknown options: .*$/m.exec(text)?.[0].trim() ?? text.trim()
}
