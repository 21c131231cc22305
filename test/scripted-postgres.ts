import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What a client asked: the text, and the values as it sent them. */
export interface AskedQuery {
  readonly text: string
  readonly values: readonly string[]
}

/** The types of PostgreSQL that tests need, by their numbers. */
const TYPES = { bool: 16, int4: 23, text: 25 } as const

/** Rows as the server writes them in text form, by the names of their columns; or a refusal; or no answer at all; or a connection that breaks. */
export type ScriptedAnswer =
  | {
      readonly columns: readonly string[]
      /** Of all columns; text where it does not say. */
      readonly type?: keyof typeof TYPES
      readonly rows: readonly (readonly (string | null)[])[]
    }
  | { readonly severity: string; readonly code: string; readonly message: string }
  | 'silence'
  | 'break'

/** An answer of one value. */
export const oneValue = (
  column: string,
  value: string | null,
  type: keyof typeof TYPES = 'text',
): ScriptedAnswer => ({ columns: [column], type, rows: [[value]] })

/** An answer that has no rows. */
export const NO_ROWS: ScriptedAnswer = { columns: [], rows: [] }

/** Speaks so much of PostgreSQL's protocol that the driver talks to it, in this process, and answers as the test says. */
export class ScriptedPostgres {
  readonly asked: AskedQuery[] = []
  /** What each connection that there was began with. */
  readonly startups: ReadonlyMap<string, string>[] = []
  /** Connections whose client said goodbye. */
  goodbyes = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(answer: (query: AskedQuery) => ScriptedAnswer) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => undefined)
      this.#serve(socket, answer)
    })
  }

  static async start(answer: (query: AskedQuery) => ScriptedAnswer): Promise<ScriptedPostgres> {
    const server = new ScriptedPostgres(answer)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get openConnections(): number {
    return this.#sockets.size
  }

  /** The texts that were asked and have this in them. */
  textsWith(part: string): string[] {
    return this.asked.map(({ text }) => text).filter((text) => text.includes(part))
  }

  /** Breaks every connection that is open. */
  breakAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.breakAll()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket, answer: (query: AskedQuery) => ScriptedAnswer): void {
    const texts = new Map<string, string>()
    let [parsed, values]: [string, readonly string[]] = ['', []]
    let isStarted = false
    let isSilent = false
    let rest: Buffer = Buffer.alloc(0)
    const take = (query: AskedQuery): void => {
      this.asked.push(query)
      const given = answer(query)
      if (given === 'break') socket.destroy()
      else if (given === 'silence') isSilent = true
      else socket.write(answerOf(given))
    }
    const onMessage = (type: string, body: Buffer): void => {
      if (type === 'Q') take({ text: textsIn(body)[0] ?? '', values: [] })
      if (type === 'P') {
        const [name = '', text = ''] = textsIn(body)
        texts.set(name, text)
        socket.write(message('1'))
      }
      if (type === 'B') {
        parsed = texts.get(textsIn(body)[1] ?? '') ?? ''
        values = boundValues(body)
        socket.write(message('2'))
      }
      if (type === 'E') take({ text: parsed, values })
      if (type === 'X') this.goodbyes++
      if ((type === 'Q' || type === 'S') && !isSilent && !socket.destroyed) socket.write(READY)
    }
    socket.on('data', (piece) => {
      rest = Buffer.concat([rest, piece])
      for (;;) {
        const head = isStarted ? 1 : 0
        if (rest.length < head + 4 || rest.length < head + rest.readUInt32BE(head)) return
        const end = head + rest.readUInt32BE(head)
        const body = rest.subarray(head + 4, end)
        if (isStarted) onMessage(rest.toString('latin1', 0, 1), body)
        else {
          const words = textsIn(body.subarray(4))
          const pairs = words.flatMap((word, at) =>
            at % 2 === 0 && word !== '' ? ([[word, words[at + 1] ?? '']] as const) : [],
          )
          this.startups.push(new Map(pairs))
          socket.write(Buffer.concat([message('R', int32(0)), READY]))
          isStarted = true
        }
        rest = rest.subarray(end)
      }
    })
  }
}

function answerOf(given: Exclude<ScriptedAnswer, string>): Buffer {
  if ('severity' in given) {
    const { severity, code, message: words } = given
    const fields = Object.entries({ S: severity, V: severity, C: code, M: words })
    return message('E', Buffer.from(fields.map(([name, text]) => `${name}${text}\0`).join('') + '\0'))
  }
  const columns = given.columns.map((name) =>
    // No table; of any length, in text form.
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(TYPES[given.type ?? 'text']),
      int16(-1),
      int32(-1),
      int16(0),
    ]),
  )
  const rows = given.rows.map((row) => {
    const cells = row.map((cell) => {
      const bytes = Buffer.from(cell ?? '')
      return cell === null ? int32(-1) : Buffer.concat([int32(bytes.length), bytes])
    })
    return message('D', int16(row.length), ...cells)
  })
  return Buffer.concat([
    message('T', int16(columns.length), ...columns),
    ...rows,
    message('C', Buffer.from('SELECT 1\0')),
  ])
}

const textsIn = (body: Buffer): string[] => body.toString('latin1').split('\0')

/** The values of a Bind message, each in the form in which it came: bytes as hexadecimal digits, behind `\x`. */
function boundValues(body: Buffer): string[] {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1
  const formats = Array.from({ length: body.readInt16BE(at) }, (_, index) =>
    body.readInt16BE(at + 2 + 2 * index),
  )
  at += 2 + 2 * formats.length
  const count = body.readInt16BE(at)
  at += 2
  return Array.from({ length: count }, (_, index) => {
    const length = body.readInt32BE(at)
    at += 4
    const bytes = body.subarray(at, at + Math.max(0, length))
    at += bytes.length
    return formats[index] === 1 ? `\\x${bytes.toString('hex')}` : bytes.toString()
  })
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

/** Idle, outside a transaction. */
const READY = message('Z', Buffer.from('I'))
