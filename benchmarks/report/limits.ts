import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { join } from 'node:path'
import { median } from '../load/latencies.ts'

/** What this machine allows, whatever the program: measured beside the servers, in the same run. */
export interface Limits {
  readonly md5MegabytesPerSecond: number
  readonly memcpyMegabytesPerSecond: number
  readonly fdatasyncsPerSecond: number
  /** 64 MiB written and synced. */
  readonly syncedWriteMegabytesPerSecond: number
  readonly loopbackMegabytesPerSecond: number
}

const MIB = 1024 * 1024

export async function measureLimits(folder: string): Promise<Limits> {
  mkdirSync(folder, { recursive: true })
  const block = Buffer.alloc(MIB, 0x5a)
  const copy = Buffer.alloc(MIB)
  const megabytes = (mib: number, seconds: number) => (mib * MIB) / 1e6 / seconds
  const limits = {
    md5MegabytesPerSecond: megabytes(
      256,
      timed(() => {
        const hash = createHash('md5')
        for (let i = 0; i < 256; i++) hash.update(block)
        hash.digest()
      }),
    ),
    memcpyMegabytesPerSecond: megabytes(
      1024,
      timed(() => {
        for (let i = 0; i < 1024; i++) block.copy(copy)
      }),
    ),
    fdatasyncsPerSecond: 200 / timed(() => appendAndSync(join(folder, 'sync'), Buffer.alloc(4096), 200)),
    syncedWriteMegabytesPerSecond: megabytes(
      64,
      timed(() => writeAndSync(join(folder, 'write'), block, 64)),
    ),
    loopbackMegabytesPerSecond: megabytes(1024, await loopbackSeconds(block, 1024)),
  }
  rmSync(folder, { recursive: true, force: true })
  return limits
}

/** Median seconds of five runs. */
function timed(work: () => void): number {
  return median(
    Array.from({ length: 5 }, () => {
      const start = performance.now()
      work()
      return (performance.now() - start) / 1000
    }),
  )
}

function appendAndSync(file: string, bytes: Buffer, times: number): void {
  const target = openSync(file, 'w')
  for (let i = 0; i < times; i++) {
    writeSync(target, bytes)
    fdatasyncSync(target)
  }
  closeSync(target)
}

function writeAndSync(file: string, block: Buffer, times: number): void {
  const target = openSync(file, 'w')
  for (let i = 0; i < times; i++) writeSync(target, block)
  fdatasyncSync(target)
  closeSync(target)
}

/** One process at both ends, which reads into one buffer. */
async function loopbackSeconds(block: Buffer, times: number): Promise<number> {
  const server = createServer((socket) => {
    void (async () => {
      for (let i = 0; i < times; i++)
        if (!socket.write(block)) await new Promise((next) => socket.once('drain', next))
      socket.end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const start = performance.now()
  const onread = { buffer: Buffer.alloc(256 * 1024), callback: () => true }
  const socket = connect({ port: address.port, host: '127.0.0.1', onread })
  const closed = new Promise((next) => socket.once('close', next))
  socket.resume()
  await closed
  server.close()
  return (performance.now() - start) / 1000
}
