import type { ServerResponse } from 'node:http'

/** How a response comes wrong that was made right. */
export type ResponseFault = 'CutBody' | 'WrongChecksum'

/** Makes the response come wrong: its connection ends within the body, or a byte of the body is another one than was stored. */
export function breakResponse(response: ServerResponse, fault: ResponseFault): void {
  if (fault === 'CutBody') cutBody(response)
  else changeByte(response)
}

/** What is given to `write` and `end` before their callbacks. */
type Piece = string | Uint8Array

/** Sends half of the first piece at most, then nothing. A response without a body ends before its head. */
function cutBody(response: ServerResponse): void {
  const write = response.write.bind(response)
  let isCut = false
  const cut = (piece: unknown): void => {
    // The connection ends once what is sent of the first piece is out, not before.
    if (isCut) return
    isCut = true
    if (!isPiece(piece)) {
      response.destroy()
      return
    }
    const bytes = Buffer.from(piece)
    const half = bytes.subarray(0, bytes.length >> 1)
    response.flushHeaders()
    if (half.length === 0) setImmediate(() => response.destroy())
    else write(half, () => response.destroy())
  }
  response.write = (piece: unknown) => {
    cut(piece)
    return true
  }
  response.end = ((piece: unknown) => {
    cut(piece)
    return response
  }) as ServerResponse['end']
}

/** Changes the first byte of the body, in a copy: the bytes themselves belong to others. */
function changeByte(response: ServerResponse): void {
  type Send = (...args: unknown[]) => never
  const write = response.write.bind(response) as Send
  const end = response.end.bind(response) as Send
  let isChanged = false
  const changed = (piece: unknown): unknown => {
    if (isChanged || !isPiece(piece) || piece.length === 0) return piece
    isChanged = true
    const bytes = Buffer.from(piece)
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0)
    return bytes
  }
  response.write = (piece: unknown, ...rest: unknown[]) => write(changed(piece), ...rest)
  response.end = (piece?: unknown, ...rest: unknown[]) => end(changed(piece), ...rest)
}

const isPiece = (value: unknown): value is Piece => typeof value === 'string' || value instanceof Uint8Array
