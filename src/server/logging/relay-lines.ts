import type { Readable } from 'node:stream'

/** Text without a newline is passed on when it has grown to this size. */
const LINE_CHARACTERS_MAX = 256 * 1024

/** Passes on each whole line of a stream, its newline included, and at its end what is left. */
export function relayLines(from: Readable, write: (line: string) => void): void {
  let rest = ''
  from.setEncoding('utf8')
  from.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) write(`${line}\n`)
    if (rest.length > LINE_CHARACTERS_MAX) passRest()
  })
  from.on('end', () => rest !== '' && passRest())
  const passRest = (): void => {
    write(`${rest}\n`)
    rest = ''
  }
}
