import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { run } from '../../src/cli/run.ts'
import type { Execute } from './command-world.ts'

/** What a command line did, as its user saw it. */
interface InProcessResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command line in this process, which takes a millisecond where starting `bin/lugsail` takes a tenth of a second: for unit tests. What it writes to
 * the descriptors of standard output and standard error is kept instead. One at a time.
 */
export function runInProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<InProcessResult> {
  return withOutputKept(() => run(args, env))
}

/** For a {@link CommandWorld}: as {@link runInProcess}, with environment and working folder of the process set as long. Standard input is this process's. */
export const executeInProcess: Execute = async (args, { env, cwd }) => {
  const [folder, environment] = [process.cwd(), process.env]
  process.chdir(cwd)
  process.env = env
  try {
    return await runInProcess(args, env)
  } finally {
    process.chdir(folder)
    process.env = environment
  }
}

/** As {@link runInProcess}, for anything that gives an exit code and writes through `standard-streams.ts`. */
export async function withOutputKept(work: () => number | Promise<number>): Promise<InProcessResult> {
  const kept: Record<number, Buffer[]> = { 1: [], 2: [] }
  const { writeSync } = fs
  const keep = (fileDescriptor: number, bytes: NodeJS.ArrayBufferView | string, ...more: never[]): number => {
    const pieces = kept[fileDescriptor]
    if (pieces === undefined || !Buffer.isBuffer(bytes))
      return writeSync(fileDescriptor, bytes as NodeJS.ArrayBufferView, ...more)
    pieces.push(Buffer.from(bytes))
    return bytes.length
  }
  const replace = (replacement: typeof writeSync): void => {
    fs.writeSync = replacement
    syncBuiltinESMExports()
  }
  replace(keep as typeof writeSync)
  try {
    const exitCode = await work()
    const text = (fileDescriptor: 1 | 2): string => Buffer.concat(kept[fileDescriptor] ?? []).toString()
    return { exitCode, stdout: text(1), stderr: text(2) }
  } finally {
    replace(writeSync)
  }
}
