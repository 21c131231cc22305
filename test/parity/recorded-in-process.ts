import { after, before, it } from 'node:test'
import { CommandWorld } from '../cli/command-world.ts'
import { executeInProcess } from '../cli/run-in-process.ts'
import { checkRecordedCase, recordedCases, titleOf } from './recorded-cases.ts'
import type { RecordedCase } from './recorded-cases.ts'

/** What a case is about, for the unit tests: one file that runs them all would take seconds. */
export type RecordedTopic = 'output' | 'settings' | 'refusals' | 'calls'

const OUTPUT_OPTIONS = ['--output', '--query', '--generate-cli-skeleton']

function topicOf({ args, env, config, credentials, expect }: RecordedCase): RecordedTopic {
  if (args.some((word) => OUTPUT_OPTIONS.includes(word))) return 'output'
  if (env !== undefined || config !== undefined || credentials !== undefined) return 'settings'
  return expect.requests.length === 0 ? 'refusals' : 'calls'
}

/** Needs a process of its own for its time zone, or waits before it tries the same request again. */
const needsItsOwn = ({ env, expect: { requests } }: RecordedCase): boolean =>
  env?.['TZ'] !== undefined || new Set(requests.map((each) => JSON.stringify(each))).size < requests.length

/** Runs the cases about a topic in this process, each as a test. */
export function testRecordedInProcess(topic: RecordedTopic): void {
  const world = new CommandWorld(executeInProcess)
  before(() => world.start())
  after(() => world.stop())
  for (const recorded of recordedCases)
    if (topicOf(recorded) === topic && !needsItsOwn(recorded))
      it(titleOf(recorded), () => checkRecordedCase(world, recorded))
}
