import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startServer } from '../harness/server.ts'
import type { RunningServer } from '../harness/server.ts'
import { EXECUTABLE } from '../harness/executable.ts'

/** How a command ended, and what it said. */
export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The built command line and the built server, with a home and a working folder of their own. */
export class ObjectLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-objects-'))
  readonly home = join(this.folder, 'home')
  readonly cwd = join(this.folder, 'cwd')
  #server: RunningServer | undefined
  #client: S3Client | undefined

  async start(): Promise<void> {
    mkdirSync(join(this.home, '.aws'), { recursive: true })
    mkdirSync(this.cwd)
    this.#server = await startServer({ isBuilt: true })
    const { endpoint, credentials, region } = this.#server
    this.#client = new S3Client({ endpoint, credentials, region, forcePathStyle: true })
  }

  async stop(): Promise<void> {
    this.#client?.destroy()
    await this.#server?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get server(): RunningServer {
    if (this.#server === undefined) throw new Error('not started')
    return this.#server
  }

  get client(): S3Client {
    if (this.#client === undefined) throw new Error('not started')
    return this.#client
  }

  /** A file of the working folder. */
  file(name: string, body: string | Uint8Array): string {
    const path = join(this.cwd, name)
    mkdirSync(resolve(path, '..'), { recursive: true })
    writeFileSync(path, body)
    return path
  }

  async bucket(name: string): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: name }))
  }

  async put(bucket: string, key: string, body: string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  }

  async get(bucket: string, key: string): Promise<string | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return Body?.transformToString()
  }

  get env(): NodeJS.ProcessEnv {
    const { endpoint, credentials, region } = this.server
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
    }
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(EXECUTABLE, args, { cwd: this.cwd, env: { ...this.env, ...env } })
  }

  /** Runs a command to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = this.spawn(args)
    child.stdin.end()
    return ended(child)
  }

  /** Runs a line of `sh`, in which `lugsail` is the command. */
  shell(line: string): Promise<Ended> {
    const env = { ...this.env, PATH: `${resolve(EXECUTABLE, '..')}:${process.env['PATH'] ?? ''}` }
    const child = spawn('/bin/sh', ['-c', line], { cwd: this.cwd, env })
    child.stdin.end()
    return ended(child)
  }
}

/** Waits for the end of a command. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => done({ exitCode, stdout, stderr }))
  })
}
