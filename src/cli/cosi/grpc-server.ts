import {
  Server,
  ServerCredentials,
  status as codes,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { createDriver } from './driver.ts'
import type { Log } from './log.ts'
import type { Protocol } from './message.ts'
import { packageDefinition } from './package-definition.ts'
import { toStatus } from './status.ts'
import { listenPrivately, type SocketPath } from './socket-path.ts'
import { v1alpha1 } from './v1alpha1.ts'
import { v1alpha2 } from './v1alpha2.ts'

/** Longest request, in bytes: a class has 512 parameters at most. */
const REQUEST_BYTES_MAX = 1024 * 1024
/** Calls of one connection at a time. */
const CALLS_MAX = 64
/** How long calls that are under way may take once the driver is told to end. */
const DRAIN_MS_MAX = 25_000

/** A driver that answers. */
export interface RunningDriver {
  /** Takes no more calls, waits for those under way for up to 25 seconds, and ends. */
  stop(): Promise<void>
}

/** Serves both versions of the protocol on a socket. Rejects when it cannot be had. */
export async function serveDriver(
  driver: ReturnType<typeof createDriver>,
  socket: SocketPath,
  log: Log,
): Promise<RunningDriver> {
  const server = new Server({
    'grpc.max_receive_message_length': REQUEST_BYTES_MAX,
    'grpc.max_concurrent_streams': CALLS_MAX,
  })
  addServices(server, v1alpha1, driver.v1alpha1, log)
  addServices(server, v1alpha2, driver.v1alpha2, log)
  await listenPrivately(
    socket,
    () =>
      new Promise<void>((resolve, reject) =>
        server.bindAsync(socket.endpoint, ServerCredentials.createInsecure(), (error) => {
          if (error === null) resolve()
          else reject(error)
        }),
      ),
  )
  return { stop: () => stop(server) }
}

type Handler = (request: never) => Promise<object>

function addServices(
  server: Server,
  protocol: Protocol,
  services: Readonly<Record<string, Readonly<Record<string, Handler>>>>,
  log: Log,
): void {
  const definitions = packageDefinition(protocol)
  for (const [name, methods] of Object.entries(services)) {
    const definition = definitions[`${protocol.packageName}.${name}`]
    if (definition === undefined || 'format' in definition)
      throw new TypeError(`${protocol.packageName} has no service ${name}`)
    const implementation: UntypedServiceImplementation = Object.fromEntries(
      Object.entries(methods).map(([method, handler]) => [method, unary(method, handler, log)]),
    )
    server.addService(definition, implementation)
  }
}

/** A handler as gRPC calls it. */
function unary(method: string, handler: Handler, log: Log) {
  return (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>): void => {
    // The request was read by the description that the type of the handler follows from.
    handler(call.request as never).then(
      (response) => answer(null, response),
      (error: unknown) => {
        const status = toStatus(error)
        const { stack } =
          status.status === 'INTERNAL' && error instanceof Error ? error : { stack: undefined }
        log(`refused ${method}`, { status: status.status, why: status.message, stack })
        answer({ code: codes[status.status], details: status.message })
      },
    )
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown()
      resolve()
    }, DRAIN_MS_MAX)
    server.tryShutdown(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
