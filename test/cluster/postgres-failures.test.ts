import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readCounters, StoreUnavailable, type MetadataStore } from '../../src/storage/metadata-store.ts'
import { migratePostgresStore, openPostgresMetadataStore } from '../../src/storage/postgres/open.ts'
import { newKeySpace, readOne, readText, setText } from '../../src/storage/testing/key-space.ts'
import { query } from './postgres-query.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'
import { startTcpProxy } from './tcp-proxy.ts'

describe('PostgreSQL that fails', { skip: missingPostgres() ?? false }, () => {
  let server: PostgresServer
  let url = ''
  before(async () => {
    server = await startPostgres()
    url = server.url
    await migratePostgresStore(url)
  })
  after(() => server.dispose())

  const withStore = async (storeUrl: string, work: (store: MetadataStore) => Promise<void>) => {
    const store = await openPostgresMetadataStore(storeUrl)
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }
  const isUnavailable = (error: unknown) => error instanceof StoreUnavailable

  describe('a connection that is lost during a commit', () => {
    for (const moment of ['request', 'answer'] as const) {
      it(`leaves no doubt: the commit happens once when its ${moment} is lost`, async () => {
        const { hostname, port } = new URL(url)
        const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
        await withStore(url.replace(`:${port}`, `:${proxy.port}`), async (store) => {
          const space = newKeySpace()
          const key = space.key('created once')
          proxy.cutAt('created once', moment)
          const outcome = await store.commit({
            checks: [{ key, version: null }],
            sets: [{ key, value: Buffer.from('x') }],
            adds: [{ key: space.key('n'), amounts: [1] }],
          })
          assert.equal(proxy.cutCount, 1)
          assert.equal(outcome, 'ok')
          assert.deepEqual(readCounters(await readOne(store, space.key('n')), 1), [1])
        })
        await proxy.close()
      })
    }

    it('is told from a conflict that another writer caused', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      await withStore(url.replace(`:${port}`, `:${proxy.port}`), async (store) => {
        const key = newKeySpace().key('taken before')
        await setText(store, key, 'by another')
        proxy.cutAt('taken before', 'request')
        const change = { checks: [{ key, version: null }], sets: [{ key, value: Buffer.from('mine') }] }
        assert.equal(await store.commit(change), 'conflict')
        assert.equal(proxy.cutCount, 1)
      })
      await proxy.close()
    })

    it('makes reads come again on another connection', async () => {
      const { hostname, port } = new URL(url)
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
      await withStore(url.replace(`:${port}`, `:${proxy.port}`), async (store) => {
        const key = newKeySpace().key('read again')
        await setText(store, key, 'here')
        for (const moment of ['request', 'answer'] as const) {
          proxy.cutAt('read again', moment)
          assert.equal(await readText(store, key), 'here')
        }
        assert.equal(proxy.cutCount, 2)
      })
      await proxy.close()
    })
  })

  it('counts exactly what it acknowledged over crashes of the server under load', async () => {
    await withStore(url, async (store) => {
      const key = newKeySpace().key('n')
      const tally = { isOver: false, acknowledged: 0, unknown: 0 }
      const writers = Array.from({ length: 16 }, async () => {
        while (!tally.isOver) {
          try {
            if ((await store.commit({ adds: [{ key, amounts: [1] }] })) === 'ok') tally.acknowledged++
          } catch (error) {
            if (!isUnavailable(error)) throw error
            if (/could not be learnt/.test(String(error))) tally.unknown++
          }
        }
      })
      for (let round = 0; round < 3; round++) {
        const before = tally.acknowledged
        while (tally.acknowledged < before + 50) await new Promise((resolve) => setTimeout(resolve, 10))
        await server.restartImmediately()
      }
      tally.isOver = true
      await Promise.all(writers)
      const [counted = 0] = readCounters(await readOne(store, key), 1)
      assert.ok(counted >= tally.acknowledged, `acknowledged ${tally.acknowledged}, counted ${counted}`)
      assert.ok(counted <= tally.acknowledged + tally.unknown, `counted ${counted}, unknown ${tally.unknown}`)
    })
  })

  it('is unavailable while it hangs or is gone, and serves again without a new store', async () => {
    await withStore(`${url}?answer_timeout_ms=4000`, async (store) => {
      const key = newKeySpace().key('a')
      await setText(store, key, 'one')
      server.pause()
      await assert.rejects(readText(store, key), isUnavailable)
      await assert.rejects(setText(store, key, 'two'), isUnavailable)
      server.resume()
      await setText(store, key, 'three')
      assert.equal(await readText(store, key), 'three')
      await server.stop()
      await assert.rejects(readText(store, key), isUnavailable)
      await assert.rejects(setText(store, key, 'four'), isUnavailable)
      await server.start()
      assert.equal(await readText(store, key), 'three')
      await setText(store, key, 'five')
    })
  })

  it('refuses calls beyond its bounds instead of holding them', async () => {
    await withStore(`${url}?connections=1&waiting=3`, async (store) => {
      const space = newKeySpace()
      const calls = Array.from({ length: 20 }, (_, index) => setText(store, space.key(String(index)), 'x'))
      const settled = await Promise.allSettled(calls)
      const refused = settled.filter((call) => call.status === 'rejected' && isUnavailable(call.reason))
      assert.equal(refused.length, 16)
    })
  })

  it('waits with close until commits under way are done', async () => {
    const store = await openPostgresMetadataStore(url)
    const key = newKeySpace().key('a')
    const commit = setText(store, key, 'done')
    await store.close()
    await commit
    await assert.rejects(readText(store, key), isUnavailable)
    await withStore(url, async (again) => assert.equal(await readText(again, key), 'done'))
  })

  describe('opening', () => {
    const refuses = async (storeUrl: string, message: RegExp) => {
      await assert.rejects(openPostgresMetadataStore(storeUrl), (error) => {
        assert.ok(error instanceof Error && !error.message.includes('s3cr3t'), 'no password in the message')
        assert.match(error.message, message)
        return true
      })
    }
    const login = (storeUrl: string) => storeUrl.replace('lugsail@', 'lugsail:s3cr3t@')

    it('refuses a server that acknowledges before it syncs, unless that is allowed', async () => {
      await query(url, 'alter database postgres set synchronous_commit = off')
      await refuses(login(url), /synchronous_commit = off, with which acknowledged writes can be lost/)
      await withStore(`${url}?allow_unsafe_durability=true`, async (store) => {
        await setText(store, newKeySpace().key('a'), 'one')
      })
      await query(url, 'alter database postgres reset synchronous_commit')
    })

    it('warns of a server that does not check its pages, and of no other', async () => {
      const warningsOf = async (storeUrl: string) => {
        const warnings: string[] = []
        await (await openPostgresMetadataStore(storeUrl, (message) => warnings.push(message))).close()
        return warnings
      }
      // From version 18 on they are made with checksums unless told otherwise.
      const isNew = Number(/\d+/.exec(server.version)?.[0]) >= 18
      const unchecked = await startPostgres({}, isNew ? ['--no-data-checksums'] : [])
      try {
        await migratePostgresStore(unchecked.url)
        const [warning = '', ...more] = await warningsOf(unchecked.url)
        assert.match(warning, /data_checksums = off/)
        assert.deepEqual(more, [])
      } finally {
        await unchecked.dispose()
      }
      const checked = await startPostgres({}, ['--data-checksums'])
      try {
        await migratePostgresStore(checked.url)
        assert.deepEqual(await warningsOf(checked.url), [])
      } finally {
        await checked.dispose()
      }
    })

    it('refuses a standby, and finds the host that takes writes', async () => {
      await query(url, 'alter database postgres set default_transaction_read_only = on')
      await refuses(login(url), /is a standby, it takes no writes/)
      const writable = `${url}?options=${encodeURIComponent('-c default_transaction_read_only=off')}`
      await query(writable, 'alter database postgres reset default_transaction_read_only')
      await withStore(url.replace('127.0.0.1', '127.0.0.1:1,127.0.0.1'), async (store) => {
        await setText(store, newKeySpace().key('a'), 'one')
      })
    })

    it('says where nothing listens and which database is missing', async () => {
      await refuses(
        'postgres://lugsail:s3cr3t@127.0.0.1:1/postgres',
        /127\.0\.0\.1:1\/postgres: .*ECONNREFUSED/,
      )
      await refuses(
        login(url).replace('/postgres', '/nowhere'),
        /"nowhere" does not exist \(3D000\)\. Create the database first/,
      )
    })
  })
})
