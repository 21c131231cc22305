import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { resolve } from 'node:path'

/** Where the driver listens. */
export interface SocketPath {
  readonly path: string
  /** As gRPC takes it: `unix:/var/lib/cosi/cosi.sock`. */
  readonly endpoint: string
}

/** Longest path of a socket on the systems where it is shortest, macOS and the BSDs; Linux takes four more. */
const PATH_BYTES_MAX = 103

/** Reads `unix:///PATH`, `unix:PATH` or a path. @throws Error for anything else, and a path that is too long */
export function readSocketPath(endpoint: string): SocketPath {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(endpoint)?.[1]
  const given = scheme === 'unix' ? endpoint.replace(/^unix:(?:\/\/(?=\/))?/, '') : endpoint
  if (
    (scheme !== undefined && scheme !== 'unix') ||
    given === '' ||
    given.includes('\0') ||
    /^\/\/|\/$/.test(given)
  )
    throw new Error(
      `Bad value for --endpoint: expected unix:///PATH, got ${JSON.stringify(endpoint.slice(0, 200))}`,
    )
  const path = resolve(given)
  if (Buffer.byteLength(path) > PATH_BYTES_MAX)
    throw new Error(
      `Bad value for --endpoint: a socket's path has at most ${PATH_BYTES_MAX} bytes; got ${path}`,
    )
  return { path, endpoint: `unix:${path}` }
}

/**
 * Has `listen` make the socket, for its owner alone, in the place of one that a process left behind.
 * @throws Error when another process answers there, or what is there is no socket
 */
export async function listenPrivately({ path }: SocketPath, listen: () => Promise<void>): Promise<void> {
  const existing = lstatSync(path, { throwIfNoEntry: false })
  if (existing !== undefined) {
    if (!existing.isSocket()) throw new Error(`${path} is there, and is no socket`)
    if (await answers(path)) throw new Error(`Another process listens on ${path}`)
    rmSync(path, { force: true })
  }
  // The mode counts from the first moment, which a chmod afterwards would not give.
  const mask = process.umask(0o177)
  try {
    await listen()
  } finally {
    process.umask(mask)
  }
  chmodSync(path, 0o600)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
