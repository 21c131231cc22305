import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { sourceProgram } from '../harness/source-program.ts'

const SOURCE = new URL('../harness/timed-waits/timed-waits.c', import.meta.url).pathname
const COMMITS = 30

it(
  'the thread that writes the metadata sleeps while a commit is made ready for it, and does not look again and again',
  { skip: noDiskFaults },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-sleeping-writer-'))
    try {
      const [library, told] = [join(folder, 'timed-waits.so'), join(folder, 'told')]
      const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl', '-lpthread'])
      assert.equal(built.status, 0, built.stderr.toString())
      const program = [
        ...sourceProgram('test/robustness/many-commits.ts'),
        join(folder, 'store'),
        String(COMMITS),
      ]
      const { status, stderr } = spawnSync(process.execPath, program, {
        encoding: 'utf8',
        env: { ...process.env, LD_PRELOAD: library, TIMED_WAITS: told },
      })
      assert.equal(status, 0, stderr)
      // Some may be the engine's own, at the beginning or the end; not one for each commit.
      const waits = Number(readFileSync(told, 'utf8').trim().split('\n').at(-1))
      assert.ok(waits < COMMITS / 3, `${waits} waits with a limit in ${COMMITS} commits`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
