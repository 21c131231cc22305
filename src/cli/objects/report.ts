import { fstatSync } from 'node:fs'
import { terminalLine } from '../../base/terminal-text.ts'
import { shownOn, writeStderr, writeStdoutOrThrow } from '../standard-streams.ts'
import type { Progress } from './progress.ts'

/** A value of the JSON document that `--json` prints. */
export type JsonRecord = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * What a command says: a line for each thing, or with `--json` one document whose members are lists, written entry by entry, so that its length
 * needs no memory. Problems go to standard error as well, one line each.
 */
export class Report {
  readonly #isJson: boolean
  readonly #isQuiet: boolean
  readonly #command: string
  readonly #progress: Progress | undefined
  #list: string | undefined
  #hasEntry = false
  #isReaderGone = false
  #hasFailed = false
  #hasSkipped = false

  constructor(options: {
    readonly command: string
    readonly isJson: boolean
    readonly isQuiet: boolean
    readonly progress?: Progress | undefined
  }) {
    this.#command = options.command
    this.#isJson = options.isJson
    this.#isQuiet = options.isQuiet
    this.#progress = options.progress
  }

  /** Says one thing, as `line` or as an entry of the list `name` of the document. Lists do not mix: each is one run of entries. */
  entry(name: string, line: string, record: JsonRecord): void {
    if (!this.#isJson) {
      if (!this.#isQuiet) this.#write(`${shownLine(line)}\n`)
      return
    }
    this.beginList(name)
    this.#write(`${this.#hasEntry ? ',' : ''}\n  ${JSON.stringify(record)}`)
    this.#hasEntry = true
  }

  /** Makes sure that the document has the list, also when nothing will be in it. */
  beginList(name: string): void {
    if (!this.#isJson || this.#list === name) return
    this.#write(this.#list === undefined ? `{${JSON.stringify(name)}: [` : `],\n${JSON.stringify(name)}: [`)
    this.#list = name
    this.#hasEntry = false
  }

  /** Says that something could not be done; the command ends with 1. */
  failure(name: string, message: string, record: JsonRecord): void {
    this.#hasFailed = true
    this.#problem(name, message, record)
  }

  /** Says that something was passed over, which a file cannot be or S3 does not have; the command ends with 2. */
  skip(name: string, message: string, record: JsonRecord): void {
    this.#hasSkipped = true
    this.#problem(name, message, record)
  }

  /** What failed or was passed over before is tried again: only what does from now on decides the exit code. */
  startOver(): void {
    this.#hasFailed = false
    this.#hasSkipped = false
  }

  /** Ends the document; gives the exit code. */
  finish(): number {
    if (this.#isJson && this.#list !== undefined) this.#write(`${this.#hasEntry ? '\n' : ''}]}\n`)
    this.#progress?.finish()
    if (this.#hasFailed) return 1
    return this.#hasSkipped ? 2 : 0
  }

  #problem(name: string, message: string, record: JsonRecord): void {
    this.#progress?.clear()
    writeStderr(`lugsail ${this.#command}: ${terminalLine(message)}\n`)
    if (this.#isJson) this.entry(name, '', { ...record, error: message })
  }

  #write(text: string): void {
    if (this.#isReaderGone) return
    this.#progress?.clear()
    try {
      writeStdoutOrThrow(this.#isJson ? shownOn(1, text) : text)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
      // A listing is for its reader alone; transfers go on, so that none is left half done.
      if (this.#command === 'ls') process.exit(0)
      this.#isReaderGone = true
    }
  }
}

let isTerminal: boolean | undefined

/** A line as standard output is to get it: on a terminal, what would act there is shown instead. */
function shownLine(line: string): string {
  isTerminal ??= fstatSync(1).isCharacterDevice()
  return isTerminal ? terminalLine(line) : line
}
