import { spawn } from 'node:child_process'
import { terminalLine } from '../../base/terminal-text.ts'

/** The keyring of whoever runs the command: the operating system keeps it, and opens it at their login. */
export interface Keyring {
  /** What is kept under a name; null: nothing. Throws an Error where the keyring cannot be asked. */
  read(name: string): Promise<string | null>
  /** Keeps a text under a name, in the place of what was there. Throws an Error where the keyring does not have it then. */
  write(name: string, text: string): Promise<void>
  /** Resolves also where there is nothing of the name. */
  remove(name: string): Promise<void>
}

/** By which entries of other programs are told apart from these. */
const SERVICE = 'lugsail'

/** The keyring of this system, asked by the program that comes with it. Throws an Error for a system without one. */
export function openKeyring(platform: NodeJS.Platform = process.platform): Keyring {
  switch (platform) {
    case 'darwin':
      return new CheckedKeyring(new MacKeychain())
    case 'win32':
      throw new Error(
        'the keyring of Windows has no command that gives a key back: keep it in a file, with --key-file',
      )
    default:
      return new CheckedKeyring(new SecretService())
  }
}

/** Reads what was written: programs differ in what they tell of their failures. */
class CheckedKeyring implements Keyring {
  readonly #keyring: Keyring

  constructor(keyring: Keyring) {
    this.#keyring = keyring
  }

  read(name: string): Promise<string | null> {
    return this.#keyring.read(name)
  }

  async write(name: string, text: string): Promise<void> {
    await this.#keyring.write(name, text)
    if ((await this.#keyring.read(name)) !== text) throw new Error('the keyring did not keep the key')
  }

  remove(name: string): Promise<void> {
    return this.#keyring.remove(name)
  }
}

/** The Secret Service of Linux's desktops (GNOME Keyring, KWallet, KeePassXC), by libsecret's own program. */
class SecretService implements Keyring {
  async read(name: string): Promise<string | null> {
    const { status, stdout, stderr } = await this.#run(['lookup', ...this.#attributes(name)])
    if (status === 0) return stdout.replace(/\n$/, '')
    if (stderr === '') return null
    throw refusal('secret-tool', stderr)
  }

  async write(name: string, text: string): Promise<void> {
    const label = `--label=Lugsail key ${name}`
    const { status, stderr } = await this.#run(['store', label, ...this.#attributes(name)], text)
    if (status !== 0) throw refusal('secret-tool', stderr)
  }

  async remove(name: string): Promise<void> {
    const { stderr } = await this.#run(['clear', ...this.#attributes(name)])
    if (stderr !== '') throw refusal('secret-tool', stderr)
  }

  readonly #attributes = (name: string) => ['service', SERVICE, 'name', name]

  readonly #run = (args: readonly string[], input = '') =>
    runProgram({ program: 'secret-tool', of: 'libsecret (in Debian: libsecret-tools)' }, args, input)
}

/** The status of `security` where there is no such item. */
const NOT_FOUND = 44

/** The keychain of macOS, by the program that comes with it. */
class MacKeychain implements Keyring {
  async read(name: string): Promise<string | null> {
    const { status, stdout, stderr } = await this.#run(['find-generic-password', ...this.#item(name), '-w'])
    if (status === NOT_FOUND) return null
    if (status !== 0) throw refusal('security', stderr)
    // Other texts than ASCII come back as hexadecimal digits.
    return Buffer.from(stdout.trim(), 'base64').toString('utf8')
  }

  /** Its own command line is seen by every user, so that the command comes by standard input. */
  async write(name: string, text: string): Promise<void> {
    const item = this.#item(name).join(' ')
    const command = `add-generic-password -U ${item} -w ${Buffer.from(text).toString('base64')}\n`
    const { status, stderr } = await this.#run(['-i'], command)
    if (status !== 0) throw refusal('security', stderr)
  }

  async remove(name: string): Promise<void> {
    const { status, stderr } = await this.#run(['delete-generic-password', ...this.#item(name)])
    if (status !== 0 && status !== NOT_FOUND) throw refusal('security', stderr)
  }

  readonly #item = (name: string) => ['-s', SERVICE, '-a', name]

  readonly #run = (args: readonly string[], input = '') =>
    runProgram({ program: 'security', of: 'macOS' }, args, input)
}

/** How long somebody may take to unlock the keyring. */
const WAIT_MAX_MS = 120_000

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a keyring's program; what is secret goes through its standard streams alone. Throws an Error where it cannot be started, or does not end. */
function runProgram(
  { program, of }: { readonly program: string; readonly of: string },
  args: readonly string[],
  input: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    // The timer of `spawn` itself goes on where a program cannot be started.
    const timer = setTimeout(() => child.kill(), WAIT_MAX_MS)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (error) => {
      clearTimeout(timer)
      const isMissing = 'code' in error && error.code === 'ENOENT'
      reject(isMissing ? new Error(`the keyring is asked by ${program}, of ${of}, which is not here`) : error)
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      if (signal === null) resolve({ status, stdout, stderr })
      else reject(new Error(`${program} did not end: is the keyring locked?`))
    })
    // It may end without reading.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

const refusal = (program: string, stderr: string): Error =>
  new Error(`${program}: ${terminalLine(stderr.trim().replace(/^[\w-]+: /, '')) || 'it failed'}`)
