import { spawn } from 'node:child_process'
import { EXECUTABLE } from '../harness/executable.ts'
import { CommandWorld } from './command-world.ts'
import type { Execute } from './command-world.ts'

export { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './command-world.ts'

/** Runs bin/lugsail as a user does, against a stub endpoint, in a home folder of its own. */
export class CommandLab extends CommandWorld {
  constructor() {
    super(runExecutable)
  }
}

const runExecutable: Execute = (args, { env, cwd, stdin }) =>
  new Promise((resolvePromise, reject) => {
    const child = spawn(EXECUTABLE, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (exitCode) => resolvePromise({ exitCode, stdout, stderr }))
    // A command that ends without reading its input is no failure.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
  })
