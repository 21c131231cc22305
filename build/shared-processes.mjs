// Which test files run in one process: to begin one, and to load what they import, takes longer than most of them.
import { readFileSync } from 'node:fs'

/** Folders whose tests have all that they need in their own process; the files of one folder share it. */
const FOLDERS = /^(?:src\/[^/]+|console|test\/(?:auth|control|features|objects|s3))(?=\/)/

/**
 * What a process has once, and a test may have changed when the next one looks; and other processes and threads, which outlast a test that forgot them.
 * Hooks of a whole file would be those of all that share.
 */
const ASKS_OF_PROCESS =
  /\bprocess\.(?!platform\b|hrtime\b|nextTick\b|version)|child_process|worker_threads|harness\/server\.ts|server-command\.ts|globalThis|\bmock\b|^(?:before|beforeEach|afterEach)\(/m

/** Groups of files, named after the folder whose tests they are; and the files that have a process of their own. */
export function sharedProcesses(files) {
  const groups = new Map()
  const alone = []
  for (const file of files) {
    const folder = FOLDERS.exec(file)?.[0]
    if (
      folder === undefined ||
      file.endsWith('.long.test.ts') ||
      ASKS_OF_PROCESS.test(readFileSync(file, 'utf8'))
    )
      alone.push(file)
    else groups.set(folder, [...(groups.get(folder) ?? []), file])
  }
  for (const [folder, members] of groups) {
    if (members.length > 1) continue
    groups.delete(folder)
    alone.push(...members)
  }
  return { groups, alone: alone.sort() }
}
