import { randomBytes } from 'node:crypto'
import { describe } from 'node:test'
import { migratePostgresStore, openPostgresMetadataStore } from '../../src/storage/postgres/open.ts'
import { describeMetadataStore } from '../../src/storage/testing/metadata-store-suite.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

const skip = missingPostgres()
let server: PostgresServer | null = null
let url = ''

describe('PostgreSQL', { skip: skip ?? false }, () => {
  describeMetadataStore('postgres', {
    async open() {
      server = await startPostgres()
      url = `${server.url}?schema=suite_${randomBytes(4).toString('hex')}`
      await migratePostgresStore(url)
      return await openPostgresMetadataStore(url)
    },
    openAnother: () => openPostgresMetadataStore(url),
    async dispose() {
      await server?.dispose()
    },
  })
})
