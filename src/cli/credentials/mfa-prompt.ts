import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { shownOn } from '../standard-streams.ts'

/** Asks on the terminal for the code of a device, without showing what is typed; where standard input is none, the code is read from there. */
export function promptForMfaCode(serial: string): string {
  const terminal = isatty(0) ? openTerminal() : undefined
  const [input, output] = terminal === undefined ? [0, 2] : [terminal, terminal]
  const setEcho = (setting: 'echo' | '-echo'): void =>
    void spawnSync('stty', [setting], { stdio: [input, 'ignore', 'ignore'] })
  writeSync(output, shownOn(output, `Enter MFA code for ${serial}: `))
  if (terminal !== undefined) setEcho('-echo')
  try {
    return readLine(input)
  } finally {
    if (terminal !== undefined) {
      setEcho('echo')
      writeSync(output, '\n')
      closeSync(terminal)
    }
  }
}

function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+')
  } catch {
    return undefined
  }
}

const LINE_BYTES_MAX = 1024

function readLine(fileDescriptor: number): string {
  const byte = Buffer.alloc(1)
  let line = ''
  while (line.length < LINE_BYTES_MAX && readSync(fileDescriptor, byte, 0, 1, null) === 1) {
    if (byte[0] === 0x0a) break
    line += byte.toString('latin1')
  }
  return line.trim()
}
