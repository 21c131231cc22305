import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials, loadPackageDefinition, status, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { commandEnvironment, type KnownServer } from './command-environment.ts'
import { COSI_V1ALPHA1, COSI_V1ALPHA2 } from './cosi-protocols.ts'

/** An answer of the driver, or what it refused the call with: `{ status: 'NOT_FOUND', why: '…' }`. */
export type Answered = Readonly<Record<string, unknown>>

/** Calls one version of the protocol. */
export type Call = (service: 'Identity' | 'Provisioner', method: string, request: object) => Promise<Answered>

type Method = (request: object, answer: (error: ServiceError | null, response: Answered) => void) => void
type Constructor = new (
  address: string,
  security: unknown,
) => Readonly<Record<string, Method>> & {
  close(): void
}

const PROTOCOLS = {
  v1alpha1: { text: COSI_V1ALPHA1, packageName: 'cosi.v1alpha1' },
  v1alpha2: { text: COSI_V1ALPHA2, packageName: 'sigs.k8s.io.cosi.v1alpha2' },
} as const

/** A driver that answers. */
export interface RunningDriver {
  readonly socket: string
  readonly log: () => string
  readonly call: (version: keyof typeof PROTOCOLS) => Call
}

/** A server, and drivers that call it. */
export abstract class CosiWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-cosi-'))
  readonly #clients: { close(): void }[] = []
  #server: KnownServer | undefined

  get server(): KnownServer {
    if (this.#server === undefined) throw new Error('the server was not started')
    return this.#server
  }

  protected abstract startServer(): Promise<KnownServer>
  protected abstract stopServer(): Promise<void>
  /** Starts a driver with options of `lugsail cosi` and waits until it serves. */
  abstract drive(args?: readonly string[]): Promise<RunningDriver>

  async start(): Promise<void> {
    this.#server = await this.startServer()
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close()
    await this.stopServer()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get environment(): Readonly<Record<string, string>> {
    return commandEnvironment(this.server, this.folder)
  }

  /** Calls the driver behind a socket. */
  protected callerOf(socket: string): RunningDriver['call'] {
    return (version) => {
      const { text, packageName } = PROTOCOLS[version]
      const file = join(this.folder, `${version}.proto`)
      writeFileSync(file, text)
      const loaded = loadPackageDefinition(
        loadSync(file, { keepCase: true, enums: String, arrays: true, objects: true }),
      )
      const within = packageName
        .split('.')
        .reduce<unknown>((outer, name) => (outer as Record<string, unknown>)[name], loaded)
      const services = within as Readonly<Record<'Identity' | 'Provisioner', Constructor>>
      const clients = {
        Identity: new services.Identity(`unix:${socket}`, credentials.createInsecure()),
        Provisioner: new services.Provisioner(`unix:${socket}`, credentials.createInsecure()),
      }
      this.#clients.push(clients.Identity, clients.Provisioner)
      return (service, method, request) =>
        new Promise((resolve) => {
          const client = clients[service]
          assert.ok(client[method])
          client[method](request, (error, response) => {
            if (error === null) resolve(response)
            else resolve({ status: status[error.code], why: error.details })
          })
        })
    }
  }
}
