/* oxlint-disable no-console -- a command that prints what it measures */
// What somebody who means harm costs a server: processor time and memory of each attack beside those of a plain signed GET, and how long
// the server's health takes to answer meanwhile. Everything happens on the loopback interface, and every attack is bounded in number and time.
//   npm run build && node --import tsx benchmarks/hostile.ts [--only TEXT] [--seconds N]
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cpuMs, median } from './hostile/cpu-time.ts'
import { hostileConnections, type HostileConnections } from './hostile/connections.ts'
import { watchHealth, type HealthWatch } from './hostile/health.ts'
import { liveBytes, openDescriptors, resetPeak, residentBytes, tellingLiveBytes } from './hostile/memory.ts'
import { hostileRequests, type HostileRequest } from './hostile/requests.ts'
import { setUp } from './hostile/set-up.ts'
import { attackOnce, openSilent } from './hostile/wire.ts'
import { Content } from './load/content.ts'
import { HttpConnection } from './load/http-connection.ts'
import { signedRequest } from './load/signed-request.ts'
import type { Target } from './load/target.ts'
import { startLugsail } from './servers/lugsail.ts'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, seconds: { type: 'string', default: '0.6' } },
})
/** For each kind of request; as long again is a third of it before, unmeasured, since somebody who attacks goes on. */
const milliseconds = Number(values.seconds) * 1000
/** Measurements of which the middle one counts. */
const ROUNDS = 3
/** The yardstick: GETs of a server that has answered so many that it gets no faster, on connections that stay, several at a time. */
const PLAIN_REQUESTS = 800
const PLAIN_WARM_UP_REQUESTS = 16_000
const PLAIN_CONNECTIONS = 16
const WARM_UP_REQUESTS = 1_000
/** For so long no connection may come or go before they are counted; and the longest wait for that. */
const SETTLE_MS = 400
const SETTLE_MS_MAX = 4_000
const MIB = 1024 * 1024
// One address makes all of the attacks: without this, wrong signatures would soon be refused unread.
const OPTIONS = ['--failed-signatures-per-minute-max', '0']

/** A server that was just started and has answered some requests. */
interface Attacked {
  readonly pid: number
  readonly target: Target
  readonly health: HealthWatch
}

const folder = mkdtempSync(join(tmpdir(), 'lugsail-hostile-'))
mkdirSync(join(folder, 'attacked'))
const content = new Content()
try {
  const { prepared, anyTarget } = await onServer(async ({ target }) => ({
    prepared: await setUp(target),
    anyTarget: target,
  }))
  const privateObject = `/${prepared.privateBucket}/object`
  const paths = { privateObject, publicObject: prepared.publicObject }
  cpSync(join(folder, 'attacked'), join(folder, 'reference'), { recursive: true })
  // The yardstick's own server stays: what else the machine does changes from attack to attack.
  await onServer(
    async (reference) => {
      await plainCpuMs(reference, privateObject, PLAIN_WARM_UP_REQUESTS)
      const plainMs = () => plainCpuMs(reference, privateObject, PLAIN_REQUESTS)
      console.log(
        `plain signed GET of 4 KiB: ${((await plainMs()) * 1000).toFixed(0)} µs of processor time\n`,
      )
      console.log(
        columns(['request', 'sender', 'status', 'CPU ms', 'GETs', 'memory MiB', 'health ms', 'sent']),
      )
      await overAll(
        (target) => hostileRequests(target, prepared),
        (attack, attacked) => measureRequests(attack, attacked, plainMs),
      )
    },
    join(folder, 'reference'),
  )
  console.log()
  console.log(
    columns([
      'connections',
      'sender',
      'opened',
      'KiB each',
      'KiB live',
      'MiB held',
      'descriptors',
      'left MiB',
      'left desc.',
      'health ms',
    ]),
  )
  await overAll((target) => hostileConnections(target, paths), measureConnections)

  /** Each attack on a server of its own, so that none hides in memory that the one before left. */
  async function overAll<A extends { readonly name: string }>(
    attacksOn: (target: Target) => readonly A[],
    measure: (attack: A, attacked: Attacked) => Promise<void>,
  ): Promise<void> {
    for (const [index, { name }] of attacksOn(anyTarget).entries()) {
      if (!name.includes(values.only)) continue
      await onServer(async (attacked) => {
        await plainCpuMs(attacked, privateObject, WARM_UP_REQUESTS)
        // Signatures name the server's port.
        const attack = attacksOn(attacked.target)[index]
        if (attack) await measure(attack, attacked)
      })
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function onServer<T>(
  work: (attacked: Attacked) => Promise<T>,
  inFolder = join(folder, 'attacked'),
): Promise<T> {
  const server = await startLugsail({ options: OPTIONS, environment: tellingLiveBytes(folder) })(inFolder)
  const health = watchHealth(server.port)
  try {
    return await work({ pid: server.pids[0] ?? 0, target: { ...server, bucket: '', content }, health })
  } finally {
    health.stop()
    await server.stop()
  }
}

/** Processor time of one plain GET. */
async function plainCpuMs({ pid, target }: Attacked, path: string, requests: number): Promise<number> {
  const request = signedRequest(target, { method: 'GET', path })
  const before = cpuMs(pid)
  await Promise.all(
    Array.from({ length: PLAIN_CONNECTIONS }, async () => {
      const connection = new HttpConnection(target.host, target.port)
      for (let sent = 0; sent < requests / PLAIN_CONNECTIONS; sent++) await connection.send(request)
      connection.close()
    }),
  )
  return (cpuMs(pid) - before) / requests
}

async function measureRequests(
  { name, isSigned, request }: HostileRequest,
  { pid, target, health }: Attacked,
  measurePlainMs: () => Promise<number>,
): Promise<void> {
  resetPeak(pid)
  const memoryBefore = residentBytes(pid, 'VmRSS')
  const statuses = new Set<number>()
  let sent = 0
  const attackFor = async (durationMs: number) => {
    const deadline = performance.now() + durationMs
    const [cpuBefore, sentBefore] = [cpuMs(pid), sent]
    do {
      statuses.add(await attackOnce(target, request))
      sent++
    } while (performance.now() < deadline)
    return (cpuMs(pid) - cpuBefore) / (sent - sentBefore)
  }
  await attackFor(milliseconds / ROUNDS)
  const plainBefore = await measurePlainMs()
  health.take()
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await attackFor(milliseconds / ROUNDS))
  const spentMs = median(rounds)
  const plainMs = (plainBefore + (await measurePlainMs())) / 2
  const grownBytes = residentBytes(pid, 'VmHWM') - memoryBefore
  console.log(
    columns([
      name,
      isSigned ? 'a key' : 'anyone',
      [...statuses].join(' '),
      spentMs.toFixed(2),
      (spentMs / plainMs).toFixed(1),
      (grownBytes / MIB).toFixed(1),
      health.take().slowestMs.toFixed(0),
      String(sent),
    ]),
  )
}

async function measureConnections(
  { name, isSigned, count, bytes }: HostileConnections,
  { pid, target, health }: Attacked,
): Promise<void> {
  health.take()
  const aliveBefore = await liveBytes(pid, folder)
  const memoryBefore = residentBytes(pid, 'VmRSS')
  const descriptorsBefore = openDescriptors(pid)
  // What the process itself grows by, however few connections there are, is not held by each of them: the second half tells.
  const half = Math.ceil(count / 2)
  const sockets = await openSilent(target, half, () => bytes)
  await settle(pid)
  const heldByHalfBytes = residentBytes(pid, 'VmRSS') - memoryBefore
  sockets.push(...(await openSilent(target, count - half, () => bytes)))
  await settle(pid)
  const heldBytes = residentBytes(pid, 'VmRSS') - memoryBefore
  // A collection changes what is resident, so it comes after that was read.
  const aliveBytes = (await liveBytes(pid, folder)) - aliveBefore
  const descriptors = openDescriptors(pid) - descriptorsBefore
  for (const socket of sockets) socket.destroy()
  await settle(pid)
  console.log(
    columns([
      name,
      isSigned ? 'a key' : 'anyone',
      String(count),
      ((heldBytes - heldByHalfBytes) / 1024 / (count - half)).toFixed(1),
      (aliveBytes / 1024 / count).toFixed(1),
      (heldBytes / MIB).toFixed(1),
      String(descriptors),
      ((residentBytes(pid, 'VmRSS') - memoryBefore) / MIB).toFixed(1),
      String(openDescriptors(pid) - descriptorsBefore),
      health.take().slowestMs.toFixed(0),
    ]),
  )
}

/** Waits until no connection came or went for a while: the server takes them in one by one, between what it does for the others. */
async function settle(pid: number): Promise<void> {
  const deadline = performance.now() + SETTLE_MS_MAX
  for (let before = -1; performance.now() < deadline;) {
    const now = openDescriptors(pid)
    if (now === before) return
    before = now
    await new Promise((next) => setTimeout(next, SETTLE_MS))
  }
}

function columns([first = '', ...others]: readonly string[]): string {
  return first.padEnd(56) + others.map((text) => text.padStart(12)).join('')
}
