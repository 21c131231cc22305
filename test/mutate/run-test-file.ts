import { spawn } from 'node:child_process'

interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** 120 seconds when absent. */
  readonly timeLimitMs?: number
  /** It is JavaScript already. */
  readonly isBundled?: boolean
}

export interface TestRun {
  readonly outcome: 'passed' | 'failed' | 'out-of-time'
  readonly durationMs: number
}

const TIME_LIMIT_MS = 120_000
const RANDOM_STEPS = '600'
const TYPESCRIPT = ['--import', './build/typescript.mjs']

/** Runs one test file of the tree in `folder`, in a process of its own that is ended with all its children when the time runs out. */
export function runTestFile(folder: string, testFile: string, options: RunOptions = {}): Promise<TestRun> {
  const startedMs = Date.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.isBundled ? [] : TYPESCRIPT), testFile], {
      cwd: folder,
      // What the command's tests run is built by who asks for them.
      // Servers run the sources of the tree, not a bundle of ours.
      env: {
        ...process.env,
        LUGSAIL_TEST_FRESH: '1',
        LUGSAIL_TEST_BUNDLES: undefined,
        // Random ones: a fault that so many steps do not meet is asked of others.
        LUGSAIL_STEPS: RANDOM_STEPS,
        ...options.environment,
      },
      detached: true,
      stdio: 'ignore',
    })
    let isOutOfTime = false
    const timer = setTimeout(() => {
      isOutOfTime = true
      endGroup(child.pid)
    }, options.timeLimitMs ?? TIME_LIMIT_MS)
    child.once('error', reject)
    child.once('exit', () => endGroup(child.pid))
    child.once('close', (code) => {
      clearTimeout(timer)
      const ended = code === 0 ? 'passed' : 'failed'
      resolve({ outcome: isOutOfTime ? 'out-of-time' : ended, durationMs: Date.now() - startedMs })
    })
  })
}

/** Ends the test's process and the servers that it left. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of the group is left.
  }
}
