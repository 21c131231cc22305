import assert from 'node:assert/strict'
import { errorsOf } from '../../src/model/s3/operation-errors.ts'
import { systemClock, type Clock } from '../../src/base/clock.ts'
import { createS3Handler } from '../../src/s3/handler.ts'
import type { AnyOperationHandler } from '../../src/s3/operation-handler.ts'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import { createLogger } from '../../src/server/logging/logger.ts'
import { Frontend } from '../../src/server/http/frontend.ts'
import { Listener } from '../../src/server/http/listener.ts'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { closeServiceContext, createServiceContext } from '../../src/service/create-context.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import type { AccountRecord } from '../../src/service/records/account.ts'
import { EnvelopeVault } from '../../src/service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../../src/service/secrets/master-keys.ts'
import { openTestEngines } from './test-engines.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../service-settings.ts'

export interface TestAccount {
  readonly account: AccountRecord
  readonly rootKey: AccessKeyPair
}

/** A data plane on a real port, over stores in memory. */
export interface TestServer {
  readonly port: number
  readonly url: string
  readonly context: ServiceContext
  createAccount(name: string): Promise<TestAccount>
  /** What was logged at level error: a test that expects none compares with an empty list. */
  readonly errors: readonly string[]
  /** Rejects when an operation answered an error that its model does not have. */
  stop(): Promise<void>
}

export interface TestServerOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  readonly port?: number
  readonly domain?: string
  readonly inlineBodyBytesMax?: number
  /** Of an upload's parts but its last; S3's 5 MiB when absent. */
  readonly partSizeBytesMin?: number
  /** `legacy`: ACLs count in the buckets of the test. */
  readonly newBucketDefaults?: 'current' | 'legacy'
  readonly refusesPresignedVersion2?: boolean
  /** What is offered; all that the server offers when absent. */
  readonly operations?: readonly AnyOperationHandler[]
  /** 0, any number, when absent. */
  readonly failedSignaturesPerMinuteMax?: number
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? systemClock
  const errors: string[] = []
  const undeclared = new Set<string>()
  const { operations = S3_OPERATIONS } = options
  const engines = await openTestEngines()
  const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the test'))
  const context = createServiceContext({
    metadata: engines.metadata,
    blobs: engines.blobs,
    clock,
    vault,
    settings: {
      ...DEFAULT_SERVICE_SETTINGS,
      inlineBodyBytesMax: engines.inlineBodyBytesMax ?? options.inlineBodyBytesMax ?? 16 * 1024,
      ...(options.partSizeBytesMin !== undefined && { partSizeBytesMin: options.partSizeBytesMin }),
      ...(options.newBucketDefaults && { newBucketDefaults: options.newBucketDefaults }),
      refusesPresignedVersion2: options.refusesPresignedVersion2 ?? false,
      domain: options.domain ?? null,
    },
  })
  const frontend = new Frontend({
    control: () => Promise.reject(new Error('there is no control plane in this test')),
    s3: createS3Handler({ context, operations }),
    clock,
    log: createLogger({
      level: 'error',
      format: 'text',
      target: (line, done) => {
        errors.push(line)
        done()
      },
      clock,
    }),
    onFinished: ({ facts: { operation: name, errorCode } }) => {
      const asked = operations.find(({ operation }) => operation.name === name)
      if (asked && errorCode !== undefined && !errorsOf(asked.operation).has(errorCode))
        undeclared.add(`${asked.operation.name}: ${errorCode}`)
    },
    reserved: {
      domain: options.domain ?? null,
      metricsReaders: 'off',
      checkStores: () => Promise.resolve({ trouble: null, warning: null }),
      metricsText: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    },
  })
  const listener = new Listener({
    address: { host: '127.0.0.1', port: options.port ?? 0 },
    tls: null,
    frontend,
    limits: {
      connectionsMax: 1000,
      headerBytesMax: 32 * 1024,
      headerTimeoutMs: 10_000,
      idleTimeoutMs: 60_000,
      keepAliveTimeoutMs: 5_000,
      connectionsPerAddressMax: 1000,
      bytesPerSecondMin: 0,
      failedSignaturesPerMinuteMax: options.failedSignaturesPerMinuteMax ?? 0,
    },
    onAcceptError: (error) => errors.push(error.message),
  })
  const { port } = await listener.listen()
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    context,
    createAccount: (name) => createAccount(context, name),
    errors,
    stop: async () => {
      await listener.stop(0)
      await closeServiceContext(context)
      assert.deepEqual(
        [...undeclared],
        [],
        'an operation was refused with errors that its model does not have',
      )
    },
  }
}
