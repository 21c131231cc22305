import { readFileSync, statSync } from 'node:fs'
import { writeWhole } from '../../base/write-whole.ts'
import { parseJsonWithComments } from '../configuration/json-with-comments.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { EphemeralServer } from '../ephemeral/ephemeral-server.ts'
import { InvalidInput } from '../ephemeral/invalid-input.ts'
import { MovableClock } from '../ephemeral/movable-clock.ts'
import type { Seeder } from '../ephemeral/seed.ts'
import { TestPaths } from '../ephemeral/test-paths.ts'
import type { Logger } from '../logging/logger.ts'
import { waitForParent } from '../process/wait-for-parent.ts'
import { waitForStop } from '../process/wait-for-stop.ts'

/** Nobody is left who waits for the last requests. */
const ORPHAN_DRAIN_MS = 1_000
const STANDARD_OUTPUT = 1

/** `lugsail serve --ephemeral`: a server in memory, until a signal, or until its parent has ended. */
export async function serveEphemeral(
  settings: SettingValues,
  log: Logger,
  clock: MovableClock,
): Promise<number> {
  const stop = waitForStop()
  const orphaned = settings.endsWithParent === 'yes' ? waitForParent() : new Promise<void>(() => undefined)
  const { testPaths } = settings
  const paths = testPaths === 'off' ? null : new TestPaths(testPaths)
  const server = await start(settings, {
    settings,
    clock,
    log,
    holdsProcess: true,
    ...(paths && { answerTestPath: (...call) => paths.answer(...call) }),
  })
  let drainMs = settings.drainTimeoutSeconds * 1_000
  try {
    writeWhole(STANDARD_OUTPUT, `${JSON.stringify(introduction(server))}\n`)
    await Promise.race([stop, orphaned.then(() => (drainMs = ORPHAN_DRAIN_MS))])
  } finally {
    await server.close(drainMs)
  }
  return 0
}

/** The clock that the settings want. Throws ConfigurationError for a day that there is not. */
export function clockOf({ clock, clockStopped }: SettingValues): MovableClock {
  const startMs = clock === null ? undefined : Date.parse(clock)
  if (Number.isNaN(startMs)) throw new ConfigurationError(`clock: there is no such date: ${clock}`)
  return new MovableClock({ ...(startMs !== undefined && { startMs }), isStopped: clockStopped === 'yes' })
}

async function start(
  { seed }: SettingValues,
  options: Parameters<typeof EphemeralServer.start>[0],
): Promise<EphemeralServer> {
  try {
    return await EphemeralServer.start(options, (seeder) => plant(seed, seeder))
  } catch (error) {
    if (error instanceof InvalidInput) throw new ConfigurationError(error.message, { cause: error })
    throw error
  }
}

async function plant(seed: string | null, seeder: Seeder): Promise<void> {
  if (seed === null) return
  let content: unknown
  try {
    if (statSync(seed).isDirectory()) return await seeder.plantFolder(seed)
    content = parseJsonWithComments(readFileSync(seed, 'utf8'))
  } catch (error) {
    if (error instanceof InvalidInput) throw error
    throw new InvalidInput(
      `seed: ${seed} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  await seeder.plant(content)
}

/** What a program that started the server needs of it, in a line. */
const introduction = ({ url, region, accountId, rootKey }: EphemeralServer) => ({
  endpoint: url,
  region,
  accountId,
  credentials: rootKey,
  pid: process.pid,
})
