import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/base/clock.ts'
import { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { endAllLeases } from '../../src/service/blobs/written-leases.ts'
import { FileBlobStore } from '../../src/storage/files/blob-store.ts'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { SeededRandom } from '../seeded-random.ts'
import { findBroken, readHash } from './stored-text.ts'
import { sourceProgram } from '../harness/source-program.ts'

const WRITER = 'test/crash/writer-process.ts'

/** What each name may have: one hash (or `-`) when its last write was acknowledged; more when a write was under way. */
type Possible = Map<string, Set<string>>

export interface KillReport {
  readonly seed: number
  readonly acknowledged: number
  readonly swept: number
}

/**
 * Kills a writing process at random moments and checks after each: every acknowledged write is there with its bytes, every other is there
 * whole or not at all, and after the sweep no blob is without an owner.
 */
export async function killRounds(rounds: number): Promise<KillReport> {
  const random = new SeededRandom()
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-crash-'))
  const possible: Possible = new Map()
  let [acknowledged, swept] = [0, 0]
  try {
    for (let round = 1; round <= rounds; round++) {
      const output = await runAndKill(folder, round, random.below(150))
      acknowledged += noteWrites(possible, output)
      swept += await verify(folder, possible, `seed ${random.seed}, round ${round}`)
    }
    return { seed: random.seed, acknowledged, swept }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runAndKill(folder: string, round: number, afterMs: number): Promise<string> {
  const child = spawn(process.execPath, [...sourceProgram(WRITER), folder, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('started')) resolve()
    })
    child.once('exit', () => reject(new Error('the writing process ended before it was killed')))
  })
  await pause(afterMs)
  child.kill('SIGKILL')
  await closed
  return output
}

/** Takes over what the process said; gives how many writes were acknowledged. */
function noteWrites(possible: Possible, output: string): number {
  let acknowledged = 0
  // The last line may be cut.
  for (const line of output.slice(0, output.lastIndexOf('\n')).split('\n')) {
    const [mark, name = '', hash = ''] = line.split(' ')
    if (mark === '>') possible.set(name, new Set([...(possible.get(name) ?? ['-']), hash]))
    if (mark !== '<') continue
    possible.set(name, new Set([hash]))
    acknowledged++
  }
  return acknowledged
}

async function verify(folder: string, possible: Possible, where: string): Promise<number> {
  const metadata = LmdbMetadataStore.open(join(folder, 'metadata'))
  const blobs = await FileBlobStore.open(join(folder, 'blobs'))
  try {
    for (const [name, hashes] of possible) {
      const hash = (await readHash({ metadata, blobs }, name)) ?? '-'
      assert.ok(hashes.has(hash), `${name} has ${hash}, may have ${[...hashes].join(' or ')} (${where})`)
      possible.set(name, new Set([hash]))
    }
    await endAllLeases(metadata)
    const ledger = await BlobLedger.open({ metadata, blobs, clock: systemClock })
    const { blobsRemoved } = await ledger.sweep()
    assert.deepEqual(await findBroken({ metadata, blobs }), [], where)
    await ledger.close()
    return blobsRemoved
  } finally {
    await metadata.close()
    await blobs.close()
  }
}
