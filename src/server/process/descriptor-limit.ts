import { readFileSync } from 'node:fs'

/** Descriptors that are not for connections: the stores, the log, threads, listening sockets. */
const OTHER_DESCRIPTORS = 128

/**
 * How many connections the process may have at once with the descriptors that the system grants it, each with one file open besides; Infinity
 * where the system does not tell. One connection too many would keep the process from opening its own files.
 */
export function connectionsForDescriptors(readLimits = readProcessLimits): number {
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(readLimits())?.[1] ?? Infinity)
  return Math.max(1, Math.floor((descriptors - OTHER_DESCRIPTORS) / 2))
}

/** As Linux tells them; empty elsewhere. */
function readProcessLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1')
  } catch {
    return ''
  }
}
