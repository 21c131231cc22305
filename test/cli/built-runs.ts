import { spawn } from 'node:child_process'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer } from '../harness/server.ts'
import type { CommandRuns } from './command-runs.ts'
import { ended } from './object-lab.ts'

/** The command and the server as they were built. */
export const builtRuns: CommandRuns = {
  withoutProcess: false,
  startServer: () => startServer({ isBuilt: true }),
  lugsail: async (args, { cwd, env, input = '' }) => {
    const child = spawn(EXECUTABLE, args, { cwd, env: { PATH: process.env['PATH'], ...env } })
    // A command that ends without reading its input is no failure.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const { exitCode, stdout, stderr } = await ended(child)
    return { status: exitCode, stdout, stderr }
  },
}
