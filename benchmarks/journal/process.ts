// One process of the comparison in ../journal.ts: node --import tsx process.ts ROLE FOLDER CONNECTIONS
//   lmdb       commits to LMDB by its own commit; any number of them on one folder
//   alone      has the journal, and commits to it
//   committer  has the journal, and takes the commits of others through a socket
//   client     sends its commits there
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { Committer, type Put } from './committer.ts'

const KEY_BYTES = 88
const VALUE_BYTES = 4_400
const [role, folder = '', connections = '1'] = process.argv.slice(2)
const value = randomBytes(VALUE_BYTES)
const socketPath = join(folder, 'socket')
const FRAME_HEAD_BYTES = 6

function committing(): Promise<(put: Put) => Promise<unknown>> | ((put: Put) => Promise<unknown>) {
  if (role === 'lmdb') {
    const store = LmdbMetadataStore.open(folder)
    return (put) => store.commit({ sets: [put] })
  }
  if (role === 'client') return sendingTo(connect(socketPath))
  return Committer.open(folder).then((committer) => {
    process.on('exit', () =>
      process.stderr.write(`longest checkpoint ${committer.checkpointMsMax.toFixed(0)} ms\n`),
    )
    if (role === 'committer') createServer((socket) => serve(socket, committer)).listen(socketPath)
    return (put: Put) => committer.commit(put)
  })
}

/** Frames of a number and a put, and of the number alone as the response. */
function sendingTo(socket: Socket): (put: Put) => Promise<void> {
  const open = new Map<number, () => void>()
  let next = 0
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece])
    for (; rest.length >= 4; rest = rest.subarray(4)) {
      const id = rest.readUInt32BE(0)
      open.get(id)?.()
      open.delete(id)
    }
  })
  return ({ key, value: bytes }) =>
    new Promise((resolve) => {
      const id = next++
      open.set(id, resolve)
      const head = Buffer.alloc(FRAME_HEAD_BYTES)
      head.writeUInt32BE(id, 0)
      head.writeUInt16BE(bytes.length, 4)
      socket.write(Buffer.concat([head, key, bytes]))
    })
}

function serve(socket: Socket, committer: Committer): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (piece: Buffer) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    while (rest.length >= FRAME_HEAD_BYTES) {
      const length = FRAME_HEAD_BYTES + KEY_BYTES + rest.readUInt16BE(4)
      if (rest.length < length) return
      const id = Buffer.from(rest.subarray(0, 4))
      const key = Buffer.from(rest.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + KEY_BYTES))
      const bytes = Buffer.from(rest.subarray(FRAME_HEAD_BYTES + KEY_BYTES, length))
      rest = rest.subarray(length)
      void committer.commit({ key, value: bytes }).then(() => socket.write(id))
    }
  })
}

const commit = await committing()
process.on('message', (seconds: number) => void run(seconds))
process.send?.('ready')

async function run(seconds: number): Promise<void> {
  let commits = 0
  const until = performance.now() + seconds * 1_000
  const before = process.cpuUsage()
  if (role !== 'committer')
    await Promise.all(
      Array.from({ length: Number(connections) }, async () => {
        for (; performance.now() < until; commits++) await commit({ key: newKey(), value })
      }),
    )
  else await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const { user, system } = process.cpuUsage(before)
  process.send?.({ commits, cpuMicros: user + system })
}

/** Sorts where chance puts it, as the keys of objects do; its first byte is none of the engine's. */
function newKey(): Buffer {
  return Buffer.from(randomBytes(KEY_BYTES / 2).toString('hex'))
}
