import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SeededRandom } from '../../seeded-random.ts'
import { startServer, type RunningServer } from '../../harness/server.ts'
import { SignedClient } from '../../harness/signed-client.ts'
import { lookAtStore } from '../../harness/verify-store.ts'
import { KeyWriter } from './key-writer.ts'
import { ObjectWriter } from './object-writer.ts'
import { expectStatus, UnexpectedResponse, type Session, type Writer } from './session.ts'
import { VersionWriter } from './version-writer.ts'

const OBJECT_WRITERS = 6
const VERSION_WRITERS = 3
const WRITING_MS_MAX = 1_500

export interface ServerKillReport {
  readonly seed: number
  readonly rounds: number
  /** Writes that the server acknowledged, over all rounds. */
  readonly acknowledged: number
  /** Writes under way when the process was killed. */
  readonly cutOff: number
  /** What the sweeps after the kills removed. */
  readonly blobsSwept: number
  readonly uploadsFinished: number
  /** At the end. */
  readonly versions: number
}

interface KillOptions {
  readonly isBuilt?: boolean
  readonly workers?: number
  readonly around?: AroundKills
}

/** What is done to the folder of a server that is killed. */
interface AroundKills {
  /** Is removed at the end. */
  readonly dataFolder: string
  readonly environment: Readonly<Record<string, string>>
  readonly beforeStart: (dataFolder: string) => void
  readonly afterKill: (dataFolder: string, random: SeededRandom) => void
}

/**
 * Kills the server at random moments while clients write to it, and starts it again: each write that was acknowledged is there with its
 * bytes and ETag, each other is there whole or not at all; keys acknowledged as made work, as deleted do not; the usage counters are the sum
 * of what is stored; and after a sweep no blob is without an owner.
 */
export async function serverKillRounds(
  rounds: number,
  { around, ...options }: KillOptions = {},
): Promise<ServerKillReport> {
  const random = new SeededRandom()
  const dataFolder = around?.dataFolder ?? mkdtempSync(join(tmpdir(), 'lugsail-kill-'))
  const counts = { acknowledged: 0, cutOff: 0, blobsSwept: 0, uploadsFinished: 0, versions: 0 }
  const sessionOf = (server: RunningServer): Session => ({
    client: new SignedClient(server, server.credentials),
    random,
    acknowledge: () => {
      counts.acknowledged++
    },
  })
  let writers: readonly Writer[] | undefined
  try {
    for (let round = 1; round <= rounds; round++) {
      around?.beforeStart(dataFolder)
      const server = await startServer({
        dataFolder,
        ...options,
        ...(around && { environment: around.environment }),
      })
      try {
        const session = sessionOf(server)
        writers ??= await makeBuckets(session, server)
        for (const writer of writers) if (writer instanceof KeyWriter) writer.moveTo(server.endpoint)
        for (const writer of writers) await writer.verify(session)
        counts.cutOff += await writeAndKill(server, session, writers)
      } finally {
        await killAll(server)
      }
      around?.afterKill(dataFolder, random)
      // Some rounds start on what the kill left, others on a swept store.
      if (round < rounds && random.below(2) === 0) await verifyStopped(dataFolder, null)
      else await verifyStopped(dataFolder, counts)
    }
    const server = await startServer({ dataFolder, ...options })
    for (const writer of writers ?? []) if (writer instanceof KeyWriter) writer.moveTo(server.endpoint)
    for (const writer of writers ?? []) await writer.verify(sessionOf(server))
    assert.equal(await server.stop(), 0)
    return { seed: random.seed, rounds, ...counts }
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`seed ${random.seed}, ${counts.acknowledged} writes acknowledged: ${reason}`, {
      cause: error,
    })
  } finally {
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function makeBuckets({ client }: Session, server: RunningServer): Promise<Writer[]> {
  for (const [bucketName, enableObjectVersioning] of [
    ['plain-bucket', false],
    ['version-bucket', true],
  ] as const) {
    const input = { bucketName, bundleId: 'small_1_0', enableObjectVersioning }
    expectStatus(await client.lightsail('CreateBucket', input), 200)
  }
  return [
    ...Array.from({ length: OBJECT_WRITERS }, (_, index) => new ObjectWriter('plain-bucket', `w${index}`)),
    ...Array.from(
      { length: VERSION_WRITERS },
      (_, index) => new VersionWriter('version-bucket', `v${index}`),
    ),
    new KeyWriter('plain-bucket', server),
  ]
}

/** Lets all write until the kill; gives how many writes that cut off. */
async function writeAndKill(
  server: RunningServer,
  session: Session,
  writers: readonly Writer[],
): Promise<number> {
  let isKilled = false
  const writing = writers.map(async (writer) => {
    try {
      for (;;) await writer.write(session)
    } catch (error) {
      if (!isKilled || error instanceof UnexpectedResponse || error instanceof assert.AssertionError)
        throw error
    }
  })
  const failed = Promise.all(writing)
  await Promise.race([pause(session.random.below(WRITING_MS_MAX)), failed])
  isKilled = true
  await killAll(server)
  await failed
  session.client.close()
  return writers.length
}

/** Ends the server and its workers at one moment; resolves when none of them is left. */
async function killAll(server: RunningServer): Promise<void> {
  const workers = workersOf(server)
  const ended = server.kill()
  for (const pid of workers) process.kill(pid, 'SIGKILL')
  await ended
  while (workers.some(isRunning)) await pause(1)
}

function workersOf({ pid }: RunningServer): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}

/** Whether the process still does something; one that nobody waits for stays as a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Looks at the store itself; with `counts`, after a sweep. */
async function verifyStopped(
  data: string,
  counts: { blobsSwept: number; uploadsFinished: number; versions: number } | null,
): Promise<void> {
  const { report, sweep } = await lookAtStore(data, { sweeps: counts !== null })
  assert.deepEqual(report.problems, [])
  if (!counts || !sweep) return
  counts.blobsSwept += sweep.blobsRemoved
  counts.uploadsFinished += sweep.uploadsFinished
  counts.versions = report.versions
}
