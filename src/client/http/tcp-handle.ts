/**
 * A TCP connection on the handle that `net.Socket` itself works on. A command that asks a server on this machine spends a tenth of its
 * time on loading `node:net` and the stream classes that come with it, and needs of them no more than one write and a few reads.
 *
 * `process.binding` is documented as deprecated, without a warning and without a successor, so nothing depends on it: wherever the handle is
 * not to be had, or looks other than expected, there is none here, and `node:net` is used (docs/decisions/command-line-start.md).
 */
import { ConnectTimeoutError } from './connection.ts'
import type { Connection, ConnectionListener } from './connection.ts'

/** Operations return 0, or an error number below 0. */
interface TcpHandle {
  onread: (bytes: ArrayBuffer | undefined) => void
  connect(request: ConnectRequest, address: string, port: number): number
  readStart(): number
  writeBuffer(request: WriteRequest, bytes: Buffer): number
  close(): void
}
interface ConnectRequest {
  oncomplete: (status: number) => void
}
interface WriteRequest {
  oncomplete: (status: number) => void
  /** Keeps the bytes from being collected until they are written. */
  buffer: Buffer
}

interface TcpBinding {
  readonly TCP: new (type: number) => TcpHandle
  readonly TCPConnectWrap: new () => ConnectRequest
  readonly constants: { readonly SOCKET: number }
}
interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest
  /** Numbers that go with the call of a callback, at the places that the two others name. */
  readonly streamBaseState: ArrayLike<number>
  readonly kReadBytesOrError: number
  readonly kArrayBufferOffset: number
}

/** libuv's number for the end of a stream, on every system. */
const END_OF_STREAM = -4095

const IPV4_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/

/** Opens a connection to an IPv4 address. @returns undefined for any other host, and where Node lends no handle. @param timeoutMs - 0: no limit. */
export function openTcpHandle(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Connection> | undefined {
  if (!IPV4_ADDRESS.test(host)) return undefined
  const bindings = findBindings()
  if (bindings === undefined) return undefined
  const { tcp, stream } = bindings
  return new Promise((resolve, reject) => {
    const handle = new tcp.TCP(tcp.constants.SOCKET)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      handle.close()
      reject(error)
    }
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => fail(new ConnectTimeoutError()), timeoutMs)
    const request = new tcp.TCPConnectWrap()
    request.oncomplete = (status) => {
      clearTimeout(timer)
      if (status < 0) fail(systemError('connect', status))
      else resolve(new TcpHandleConnection(handle, stream))
    }
    const status = handle.connect(request, host, port)
    if (status < 0) fail(systemError('connect', status))
  })
}

class TcpHandleConnection implements Connection {
  readonly #handle: TcpHandle
  readonly #stream: StreamBinding
  #listener: ConnectionListener | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(handle: TcpHandle, stream: StreamBinding) {
    this.#handle = handle
    this.#stream = stream
    handle.onread = (bytes) => this.#read(bytes)
  }

  listen(listener: ConnectionListener, silenceMsMax: number): void {
    this.#listener = listener
    if (silenceMsMax > 0) this.#timer = setTimeout(() => this.#listener?.onSilence(), silenceMsMax)
    this.#check('read', this.#handle.readStart())
  }

  ignore(): void {
    this.#listener = undefined
    clearTimeout(this.#timer)
  }

  write(bytes: Buffer): void {
    const request = new this.#stream.WriteWrap()
    request.buffer = bytes
    request.oncomplete = (status) => this.#check('write', status)
    this.#check('write', this.#handle.writeBuffer(request, bytes))
  }

  destroy(): void {
    this.ignore()
    this.#handle.close()
  }

  #read(bytes: ArrayBuffer | undefined): void {
    const { streamBaseState, kReadBytesOrError, kArrayBufferOffset } = this.#stream
    const length = streamBaseState[kReadBytesOrError] ?? 0
    if (length === END_OF_STREAM) this.#listener?.onEnd()
    else if (bytes === undefined) this.#check('read', length)
    else {
      this.#timer?.refresh()
      this.#listener?.onData(Buffer.from(bytes, streamBaseState[kArrayBufferOffset], length))
    }
  }

  #check(step: string, status: number): void {
    if (status < 0) this.#listener?.onError(systemError(step, status))
  }
}

const systemError = (step: string, status: number): Error => new Error(`${step}: system error ${-status}`)

function findBindings(): { readonly tcp: TcpBinding; readonly stream: StreamBinding } | undefined {
  // With the option of this name Node warns of every use.
  const { NODE_PENDING_DEPRECATION, NODE_OPTIONS } = process.env
  if (NODE_PENDING_DEPRECATION === '1' || NODE_OPTIONS?.includes('pending-deprecation') === true)
    return undefined
  const { binding } = process as { readonly binding?: (name: string) => unknown }
  try {
    const tcp = binding?.('tcp_wrap')
    const stream = binding?.('stream_wrap')
    return isTcpBinding(tcp) && isStreamBinding(stream) ? { tcp, stream } : undefined
  } catch {
    // Under Node's permission model it is not to be had.
    return undefined
  }
}

function isTcpBinding(value: unknown): value is TcpBinding {
  const { TCP, TCPConnectWrap, constants } = Object(value) as Partial<TcpBinding>
  return (
    isClassWith(TCP, ['connect', 'readStart', 'writeBuffer', 'close']) &&
    isClassWith(TCPConnectWrap, []) &&
    typeof constants?.SOCKET === 'number'
  )
}

function isStreamBinding(value: unknown): value is StreamBinding {
  const { WriteWrap, streamBaseState, kReadBytesOrError, kArrayBufferOffset } = Object(
    value,
  ) as Partial<StreamBinding>
  return (
    isClassWith(WriteWrap, []) &&
    streamBaseState instanceof Int32Array &&
    typeof kReadBytesOrError === 'number' &&
    typeof kArrayBufferOffset === 'number'
  )
}

const isClassWith = (value: unknown, methods: readonly string[]): boolean =>
  typeof value === 'function' && methods.every((name) => name in Object(value.prototype))
