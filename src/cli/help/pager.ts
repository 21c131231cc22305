import { spawnSync } from 'node:child_process'
import { writeStdout } from '../standard-streams.ts'

/** Writes a text; on a terminal with fewer lines than it, through PAGER (`less -R` when it is not set). */
export function page(text: string): void {
  const { stdout, env } = process
  if (!stdout.isTTY || text.split('\n').length <= stdout.rows) {
    writeStdout(text)
    return
  }
  const pager = env['PAGER'] || 'less -R'
  const { status } = spawnSync('/bin/sh', ['-c', pager], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  // 127: there is no such pager.
  if (status === 127) writeStdout(text)
}
