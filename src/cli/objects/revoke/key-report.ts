import { closeSync, openSync } from 'node:fs'
import { terminalLine } from '../../../base/terminal-text.ts'
import { writeWhole } from '../../../base/write-whole.ts'
import { shownOn } from '../../standard-streams.ts'

/** One thing that is known of what a key did. */
export interface KeyEvent {
  readonly [member: string]: string | number | boolean | undefined
}

/** Where events come from, each a list of the report. */
export type EventSource = 'uses' | 'auditLog' | 'accessLogs'

const STANDARD_OUTPUT = 1

/**
 * The report of what a key did, written as it is read, however long it is: a line of words for each event, or one JSON document with a list for each
 * source. A file is made anew, for its owner alone, and never written over: it may be evidence.
 */
export class KeyReport {
  readonly #isJson: boolean
  readonly #file: number
  #source: EventSource | undefined
  #hasEvents = false

  /** `path`: a file that does not exist yet, or `-` for standard output. Throws the system's error. */
  constructor(path: string, { isJson }: { readonly isJson: boolean }) {
    this.#isJson = isJson
    this.#file = path === '-' ? STANDARD_OUTPUT : openSync(path, 'wx', 0o600)
  }

  /** Begins the events of a source; each source has its turn once. */
  begin(source: EventSource): void {
    if (this.#isJson) this.#write(this.#source ? '\n],\n' : '{\n')
    if (this.#isJson) this.#write(`${JSON.stringify(source)}: [`)
    this.#source = source
    this.#hasEvents = false
  }

  /** Writes an event of the source that was begun last. */
  add(event: KeyEvent): void {
    if (this.#isJson) this.#write(`${this.#hasEvents ? ',' : ''}\n  ${JSON.stringify(event)}`)
    else this.#write(`${lineOf(this.#source ?? '', event)}\n`)
    this.#hasEvents = true
  }

  /** Ends the document. */
  finish(): void {
    if (this.#isJson) this.#write(this.#source ? '\n]}\n' : '{}\n')
    if (this.#file !== STANDARD_OUTPUT) closeSync(this.#file)
  }

  #write(text: string): void {
    writeWhole(this.#file, this.#file === STANDARD_OUTPUT ? shownOn(STANDARD_OUTPUT, text) : text)
  }
}

/** `uses day=2030-01-10 address=192.0.2.1 …`: what has spaces is in quotes, and nothing in it ends the line. */
function lineOf(source: string, event: KeyEvent): string {
  const members = Object.entries(event).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${wordOf(String(value))}`],
  )
  return terminalLine([source, ...members].join(' '))
}

const wordOf = (text: string): string => (/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text))
