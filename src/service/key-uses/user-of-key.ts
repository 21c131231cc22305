import { createHash } from 'node:crypto'
import { terminalLine } from '../../base/terminal-text.ts'

/** Longest name of a client that is kept, in characters; more of it is cut. */
const AGENT_LENGTH_MAX = 128

/**
 * As much of a client's User-Agent as is kept, in memory of its own: a part of a text keeps the whole of it alive, and clients choose how long
 * that is.
 */
export function cutAgent(agent: string | undefined): string {
  if (agent === undefined || agent.length <= AGENT_LENGTH_MAX) return agent ?? ''
  return Buffer.from(agent.slice(0, AGENT_LENGTH_MAX), 'utf16le').toString('utf16le')
}

/** A cut name as it is stored: whoever shows it shows no control characters. */
export const shownAgent = (agent: string): string => terminalLine(agent)

/** What a user's row is called: the same on every gateway, and of one length whatever the client's name is. */
export const userRow = (address: string, agent: string): string =>
  createHash('sha256').update(`${address}\n${agent}`).digest('base64url').slice(0, 22)

/** The row of all users beyond those that are told apart; no user's own is that short. */
export const OTHERS_ROW = 'others'
