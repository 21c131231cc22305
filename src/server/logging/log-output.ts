/** Takes one piece of the log; calls back when it is written, or with the error that lost it. Gets the next piece only then. */
export type LogTarget = (piece: string, done: (error?: Error | null) => void) => void

interface LogOutputOptions {
  readonly target: LogTarget
  /** Whether each line is written at once, for people who watch; else lines are gathered, for a moment. */
  readonly isImmediate: boolean
  /** Told how many lines were lost, once there is room again. */
  readonly onRoom: (droppedLines: number) => void
}

/** Lines are handed over in pieces of about this size: what POSIX lets several processes write to one pipe without mixing their lines. */
const PIECE_CHARACTERS = 4_096
const GATHER_MS = 250
/** Beyond this much unwritten log, lines are dropped: a log that nobody reads must not fill the memory. */
const BACKLOG_CHARACTERS_MAX = 8 * 1024 * 1024

interface Piece {
  text: string
  lines: number
}

/** The way of the log out of the process. Nothing here waits: what is not taken in time is dropped and counted. */
export class LogOutput {
  readonly #options: LogOutputOptions
  readonly #full: Piece[] = []
  #gathered: Piece = { text: '', lines: 0 }
  #backlogCharacters = 0
  #isWriting = false
  #isFlushing = false
  #timer: NodeJS.Timeout | undefined
  #droppedLines = 0
  #untoldLines = 0

  constructor(options: LogOutputOptions) {
    this.#options = options
  }

  /** Lines lost so far, because nobody read them in time or because they could not be written. */
  get droppedLines(): number {
    return this.#droppedLines
  }

  /** Takes a line, its newline included. Never waits and never throws. */
  write(line: string): void {
    if (this.#backlogCharacters + line.length > BACKLOG_CHARACTERS_MAX) return this.#drop(1)
    if (this.#gathered.text.length + line.length > PIECE_CHARACTERS && this.#gathered.lines > 0) {
      this.#full.push(this.#takeGathered())
    }
    this.#gathered.text += line
    this.#gathered.lines++
    this.#backlogCharacters += line.length
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref()
    if (this.#options.isImmediate || this.#full.length > 0) this.#writeNext()
  }

  /** Begins to write all that was gathered. The process lives on until that is done, or until somebody ends it. */
  flush(): void {
    this.#isFlushing = true
    this.#writeNext()
  }

  /** What was not handed over yet, for the last moment of the process; it is not written again. */
  takeRest(): string {
    this.#full.push(this.#takeGathered())
    return this.#full
      .splice(0)
      .map(({ text }) => text)
      .join('')
  }

  #writeNext(): void {
    if (this.#isWriting) return
    const isAll = this.#isFlushing || this.#options.isImmediate
    const piece = this.#full.shift() ?? (isAll ? this.#takeGathered() : undefined)
    if (!piece || piece.lines === 0) {
      this.#isFlushing = false
      return
    }
    this.#isWriting = true
    this.#options.target(piece.text, (error) => {
      this.#isWriting = false
      this.#backlogCharacters -= piece.text.length
      if (error) this.#drop(piece.lines)
      else this.#tellDropped()
      this.#writeNext()
    })
  }

  #takeGathered(): Piece {
    const piece = this.#gathered
    this.#gathered = { text: '', lines: 0 }
    clearTimeout(this.#timer)
    this.#timer = undefined
    return piece
  }

  #drop(lines: number): void {
    this.#droppedLines += lines
    this.#untoldLines += lines
  }

  #tellDropped(): void {
    if (this.#untoldLines === 0 || this.#backlogCharacters > BACKLOG_CHARACTERS_MAX / 2) return
    const lines = this.#untoldLines
    this.#untoldLines = 0
    this.#options.onRoom(lines)
  }
}
