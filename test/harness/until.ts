import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'

/**
 * How long a test waits for what must come: far beyond what it takes where others keep a slow machine busy, so that only what never comes fails by it; and well
 * within the time that the runner gives a file, so that it is told what did not come.
 */
export const PATIENCE_MS = 120_000

const LOOK_EVERY_MS = 20

/** Looks again and again until it is so. Fails with `what` after `PATIENCE_MS`. */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  what: string | (() => string) = 'it has not come to what is waited for',
): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > endsAt) assert.fail(typeof what === 'string' ? what : what())
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Asks again and again until the answer is the expected one. Fails with the last answer after `PATIENCE_MS`. */
export async function comesTo<T>(expected: T, ask: () => Promise<T> | T): Promise<void> {
  let answer = await ask()
  const endsAt = performance.now() + PATIENCE_MS
  while (!isDeepStrictEqual(answer, expected) && performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    answer = await ask()
  }
  assert.deepEqual(answer, expected)
}
