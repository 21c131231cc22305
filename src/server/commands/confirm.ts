import { createInterface } from 'node:readline/promises'
import { terminalLine } from '../../base/terminal-text.ts'

/** Asks on the terminal; yes where nobody can be asked, as in a script. */
export async function isAgreedTo(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${terminalLine(question)} [y/N] `)
  terminal.close()
  return /^y(?:es)?$/i.test(answer.trim())
}
