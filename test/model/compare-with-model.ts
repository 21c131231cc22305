import assert from 'node:assert/strict'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { Refusal } from './s3-model.ts'
import type { Lab, Step } from './lab.ts'
import { nextStep } from './steps.ts'

const TITLES_SHOWN = 15

/** Takes so many random steps on the server and in the model. Rejects at the first response that differs, with the steps that led there. */
export async function compareWithModel(lab: Omit<Lab, 'step'>, steps: number): Promise<void> {
  const titles: string[] = []
  for (let step = 1; step <= steps; step++) {
    const next = nextStep({ ...lab, step })
    titles.push(`${step}. ${next.title}`)
    const { response, expected } = await outcomes(next)
    assert.deepEqual(
      response,
      expected,
      `LUGSAIL_TEST_SEED=${lab.random.seed}: the server's response and the model's differ in the last of these steps\n` +
        `${titles.slice(-TITLES_SHOWN).join('\n')}\nserver: ${JSON.stringify(response)}\nmodel: ${JSON.stringify(expected)}`,
    )
  }
}

type Outcome = Readonly<Record<string, unknown>>

async function outcomes({
  run,
  expect,
}: Step): Promise<{ readonly response: Outcome; readonly expected: Outcome }> {
  let response: Outcome
  let isRefused = false
  try {
    response = await run()
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    response = { refused: codeOf(error) }
    isRefused = true
  }
  try {
    return { response, expected: expect(isRefused ? null : response) }
  } catch (error) {
    if (!(error instanceof Refusal))
      throw new Error(`the model does not know of ${JSON.stringify(response)}`, { cause: error })
    return { response, expected: { refused: error.code } }
  }
}

/** The error's code; the status where the response has no body to tell one. */
function codeOf(error: S3ServiceException): string {
  const hasCode =
    !['NotFound', 'NotModified', 'Unknown', 'UnknownError'].includes(error.name) && !/^\d/.test(error.name)
  return hasCode ? error.name : String(error.$metadata.httpStatusCode)
}
