import { createInterface } from 'node:readline/promises'
import { terminalLine } from '../../base/terminal-text.ts'

/** Whether somebody sits at a terminal who can be asked; a script cannot. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** Asks on the terminal. */
export async function isAgreedTo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${terminalLine(question)} [y/N] `)
  terminal.close()
  return /^y(?:es)?$/i.test(answer.trim())
}
