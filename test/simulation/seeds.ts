import { simulate, type Choices, type Outcome } from './simulation.ts'

/** What a failed run says: enough to run it again, and to see what happened to the key concerned. */
export function describeFailure({ seed, world, deeds, problems }: Outcome): string {
  return [
    `seed ${seed}: ${world}`,
    `again: LUGSAIL_TEST_SEED=${seed} LUGSAIL_SIMULATION_SEEDS=1 node test/run.mjs test/simulation/simulation.test`,
    ...problems,
    'what was done to the machines:',
    ...deeds.slice(-60).map((deed) => `  ${deed}`),
  ].join('\n')
}

/** Runs seeds one after the other until one fails, and gives that; null: none does. */
export async function findFailure(
  first: number,
  count: number,
  choices: Choices = {},
): Promise<{ readonly failure: Outcome | null; readonly operations: number }> {
  let operations = 0
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await simulate(seed, choices)
    operations += outcome.operations
    if (outcome.problems.length > 0) return { failure: outcome, operations }
  }
  return { failure: null, operations }
}
