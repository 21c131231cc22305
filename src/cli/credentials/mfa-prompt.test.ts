import assert from 'node:assert/strict'
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import tty from 'node:tty'
import { after, afterEach, beforeEach, describe, it, mock } from 'node:test'
import { promptForMfaCode } from './mfa-prompt.ts'

const TERMINAL = 77

describe('the prompt for the code of a device', () => {
  /** What was done, in its order. */
  let done: string[] = []
  let typed = ''
  let [isTerminal, hasTerminal] = [true, true]

  beforeEach(() => {
    ;[done, isTerminal, hasTerminal] = [[], true, true]
    mock.method(tty, 'isatty', () => isTerminal)
    mock.method(fs, 'openSync', (path: string, flags: string) => {
      if (!hasTerminal) throw Object.assign(new Error('ENXIO'), { code: 'ENXIO' })
      done.push(`open ${path} ${flags}`)
      return TERMINAL
    })
    mock.method(fs, 'closeSync', (descriptor: number) => void done.push(`close ${descriptor}`))
    mock.method(fs, 'writeSync', (descriptor: number, text: string) => {
      done.push(`write ${descriptor} ${text}`)
      return text.length
    })
    let at = 0
    mock.method(fs, 'readSync', (descriptor: number, into: Uint8Array) => {
      if (at === 0) done.push(`read ${descriptor}`)
      if (at >= typed.length) return 0
      into[0] = typed.charCodeAt(at++)
      return 1
    })
    mock.method(
      childProcess,
      'spawnSync',
      (program: string, args: string[], { stdio }: { stdio: unknown[] }) => {
        done.push(`${program} ${args.join(' ')} of ${String(stdio[0])}`)
        return {}
      },
    )
    syncBuiltinESMExports()
  })
  afterEach(() => {
    mock.restoreAll()
    syncBuiltinESMExports()
  })
  after(() => mock.reset())

  it('asks on the terminal, and shows nothing of what is typed there', () => {
    typed = '123456\nrest'
    assert.equal(promptForMfaCode('arn:aws:iam::1:mfa/me'), '123456')
    assert.deepEqual(done, [
      'open /dev/tty r+',
      `write ${TERMINAL} Enter MFA code for arn:aws:iam::1:mfa/me: `,
      `stty -echo of ${TERMINAL}`,
      `read ${TERMINAL}`,
      `stty echo of ${TERMINAL}`,
      `write ${TERMINAL} \n`,
      `close ${TERMINAL}`,
    ])
  })

  it('reads standard input where that is no terminal, or there is none to open', () => {
    for (const [input, terminal] of [
      [false, true],
      [true, false],
    ] as const) {
      ;[done, isTerminal, hasTerminal] = [[], input, terminal]
      mock.method(fs, 'readSync', (descriptor: number) => {
        done.push(`read ${descriptor}`)
        return 0
      })
      syncBuiltinESMExports()
      assert.equal(promptForMfaCode('me'), '')
      assert.deepEqual(done, ['write 2 Enter MFA code for me: ', 'read 0'])
    }
  })

  it('leaves the terminal as it was where reading fails', () => {
    mock.method(fs, 'readSync', () => {
      throw new Error('EIO')
    })
    syncBuiltinESMExports()
    assert.throws(() => promptForMfaCode('me'), { message: 'EIO' })
    assert.deepEqual(done.slice(-3), [
      `stty echo of ${TERMINAL}`,
      `write ${TERMINAL} \n`,
      `close ${TERMINAL}`,
    ])
  })

  it('takes a line without blanks around it, or all there is, of at most 1024 bytes', () => {
    isTerminal = false
    typed = '  12 34 \r\n'
    assert.equal(promptForMfaCode('me'), '12 34')
  })

  it('ends a line that never ends', () => {
    isTerminal = false
    typed = '7'.repeat(2_000)
    assert.equal(promptForMfaCode('me'), '7'.repeat(1_024))
  })
})
