import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials, loadPackageDefinition, status, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
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

/** A running `lugsail cosi`. */
export interface RunningCosi {
  readonly socket: string
  readonly log: () => string
  readonly process: ChildProcess
  readonly call: (version: keyof typeof PROTOCOLS) => Call
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** A server, and drivers that call it. */
export class CosiLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-cosi-'))
  readonly #drivers: RunningCosi[] = []
  readonly #clients: { close(): void }[] = []
  #server: RunningServer | undefined

  get server(): RunningServer {
    if (this.#server === undefined) throw new Error('the server was not started')
    return this.#server
  }

  async start(): Promise<void> {
    this.#server = await startServer({ isBuilt: true })
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close()
    for (const driver of this.#drivers) {
      driver.process.kill('SIGKILL')
      await driver.ended
    }
    await this.#server?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get environment(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = this.server.credentials
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: this.server.endpoint,
    }
  }

  /** Starts a driver and waits until it serves, or has ended. */
  async drive(
    args: readonly string[] = [],
    {
      socket = join(this.folder, `${this.#drivers.length}.sock`),
      environment = {},
    }: {
      readonly socket?: string
      readonly environment?: Readonly<Record<string, string>>
    } = {},
  ): Promise<RunningCosi> {
    const child = spawn(EXECUTABLE, ['cosi', '--endpoint', `unix://${socket}`, ...args], {
      env: { ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal)),
    )
    const serves = new Promise<void>((resolve) =>
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text
        if (log.includes('serves COSI')) resolve()
      }),
    )
    await Promise.race([serves, ended])
    const driver = { socket, log: () => log, process: child, ended, call: this.#callerOf(socket) }
    this.#drivers.push(driver)
    return driver
  }

  #callerOf(socket: string): RunningCosi['call'] {
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
