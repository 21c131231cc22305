/** The steps in their order. */
export const STEP_NAMES = [
  'put',
  'get',
  'range',
  'head',
  'parts',
  'copy',
  'list',
  'presign',
  'missing',
  'wrong-secret',
  'unknown-key',
  'other-bucket',
  'delete',
] as const

/** A step by its short name. */
export type Step = (typeof STEP_NAMES)[number]

/** What each client of the matrix does with a bucket key, in this order; the values are in steps.json, which every program reads. */
export const STEPS: Readonly<Record<Step, string>> = {
  put: 'puts objects with keys that are hard to encode',
  get: 'reads them back whole',
  range: 'reads ranges of them',
  head: 'asks their size',
  parts: 'puts an object in parts, and reads it whole and across two parts',
  copy: 'copies objects on the server',
  list: 'lists keys in order and over several pages',
  presign: 'signs URLs that open the objects without a key',
  missing: 'is told that a key is not there',
  'wrong-secret': 'is refused with a wrong secret',
  'unknown-key': 'is refused with a key that nobody made',
  'other-bucket': 'is refused another bucket',
  delete: 'deletes what it put',
}

/** What a client that tells the server's own code is told when it is refused. */
export const REFUSALS: Partial<Readonly<Record<Step, RegExp>>> = {
  missing: /^(NoSuchKey|NotFound)$/,
  'wrong-secret': /^SignatureDoesNotMatch$/,
  'unknown-key': /^InvalidAccessKeyId$/,
  'other-bucket': /^AccessDenied$/,
}

/** A line that a program prints once a step is done. */
export interface StepLine {
  readonly step: string
  /** What went wrong; absent when all was as it should be. */
  readonly error?: string
  /** Of a step that must be refused: with what it was. */
  readonly refusedWith?: string
}

/** Reads what a program of the matrix printed: a line of JSON for each step. */
export function readStepLines(output: string): ReadonlyMap<string, StepLine> {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(readStepLine)
  return new Map(lines.map((line) => [line.step, line]))
}

function readStepLine(line: string): StepLine {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null) throw new TypeError(`not a step: ${line}`)
  const text = (name: string): string | undefined => {
    const member: unknown = Reflect.get(value, name)
    return typeof member === 'string' ? member : undefined
  }
  const [step, error, refusedWith] = [text('step'), text('error'), text('refusedWith')]
  if (step === undefined) throw new TypeError(`a line without a step: ${line}`)
  return { step, ...(error !== undefined && { error }), ...(refusedWith !== undefined && { refusedWith }) }
}
