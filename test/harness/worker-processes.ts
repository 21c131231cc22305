import { readFileSync } from 'node:fs'
import { BACKGROUND_MARK } from '../../src/server/workers/messages.ts'
import type { RunningServer } from './server.ts'

/** The processes under a server with several workers, by what they are for. Those that are about to begin, or gone, are in neither. */
export interface WorkerProcesses {
  readonly requests: readonly number[]
  /** Null: there is none now. */
  readonly background: number | null
}

export function workersOf({ pid }: RunningServer): WorkerProcesses {
  const requests: number[] = []
  let background: number | null = null
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  for (const child of children.filter(Boolean)) {
    const environment = environmentOf(child)
    if (!environment.includes('NODE_UNIQUE_ID=')) continue
    if (environment.includes(`${BACKGROUND_MARK}=`)) background = Number(child)
    else requests.push(Number(child))
  }
  return { requests, background }
}

function environmentOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/environ`, 'utf8')
  } catch {
    return ''
  }
}
