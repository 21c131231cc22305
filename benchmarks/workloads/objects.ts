import { signedRequest } from '../load/signed-request.ts'
import { sendAll, sendExpecting, type Target, type Workload } from '../load/target.ts'
import { HttpConnection, type PreparedRequest } from '../load/http-connection.ts'

const KIB = 1024
const MIB = 1024 * KIB
const CONNECTIONS = [1, 16, 64]
const SIZES = [
  { label: '4 KiB', sizeBytes: 4 * KIB, keys: 10_000 },
  { label: '64 KiB', sizeBytes: 64 * KIB, keys: 2_000 },
  { label: '1 MiB', sizeBytes: MIB, keys: 200 },
  { label: '64 MiB', sizeBytes: 64 * MIB, keys: 4 },
]

const keyOf = (label: string, index: number) => `${label.replace(' ', '')}/${String(index).padStart(6, '0')}`

const puts = (target: Target, label: string, sizeBytes: number, keys: number) => {
  const body = target.content.pieces(sizeBytes)
  return Array.from({ length: keys }, (_, index) =>
    signedRequest(target, { method: 'PUT', path: `/${target.bucket}/${keyOf(label, index)}`, body }),
  )
}

const at = (requests: readonly PreparedRequest[], call: number): PreparedRequest => {
  const request = requests[call % requests.length]
  if (!request) throw new Error('a workload needs at least one request')
  return request
}

/** PUT of one size, over a fixed set of keys, so that runs of any length store a bounded amount. */
const put = ({ label, sizeBytes, keys }: (typeof SIZES)[number]): Workload => ({
  name: `PUT ${label}`,
  connections: CONNECTIONS,
  bytesPerRequest: sizeBytes,
  async prepare(target) {
    const requests = puts(target, label, sizeBytes, keys)
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        await sendExpecting(connection, at(requests, call), { status: 200 })
        return true
      },
    }
  },
})

/** Stores the objects that are read, unless an earlier run did: the mark behind them is there then. */
async function storeOnce(target: Target, label: string, sizeBytes: number, count: number): Promise<void> {
  const connection = new HttpConnection(target.host, target.port)
  const last = signedRequest(target, { method: 'HEAD', path: `/${target.bucket}/${keyOf(label, count)}` })
  const { status } = await connection.send(last)
  connection.close()
  if (status === 200) return
  // One more than is read, stored last: it tells that all others are there.
  const requests = puts(target, label, sizeBytes, count + 1)
  await sendAll(target, requests.slice(0, count), 200, 4)
  await sendAll(target, requests.slice(count), 200, 1)
}

/** GET of one size, over objects stored before; every byte of every response is compared. */
const get = ({ label, sizeBytes, keys }: (typeof SIZES)[number]): Workload => ({
  name: `GET ${label}`,
  connections: CONNECTIONS,
  bytesPerRequest: sizeBytes,
  async prepare(target) {
    const count = Math.min(keys, 1_000)
    await storeOnce(target, label, sizeBytes, count)
    const requests = Array.from({ length: count }, (_, index) =>
      signedRequest(target, { method: 'GET', path: `/${target.bucket}/${keyOf(label, index)}` }),
    )
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        await sendExpecting(connection, at(requests, call), {
          status: 200,
          content: target.content,
          sizeBytes,
        })
        return true
      },
    }
  },
})

const head: Workload = {
  name: 'HEAD',
  connections: CONNECTIONS,
  bytesPerRequest: 0,
  async prepare(target) {
    await sendAll(target, puts(target, '4 KiB', 4 * KIB, 1_000), 200)
    const requests = Array.from({ length: 1_000 }, (_, index) =>
      signedRequest(target, { method: 'HEAD', path: `/${target.bucket}/${keyOf('4 KiB', index)}` }),
    )
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        await sendExpecting(connection, at(requests, call), { status: 200 })
        return true
      },
    }
  },
}

/** The cost of being let in, and nothing else: a signed HEAD of a key that is not there. */
const authentication: Workload = {
  name: 'signed HEAD of a missing key',
  connections: CONNECTIONS,
  bytesPerRequest: 0,
  async prepare(target) {
    const requests = Array.from({ length: 1_000 }, (_, index) =>
      signedRequest(target, { method: 'HEAD', path: `/${target.bucket}/missing/${index}` }),
    )
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        await sendExpecting(connection, at(requests, call), { status: 404 })
        return true
      },
    }
  },
}

/** Each object is deleted once; they are stored before the clock starts. */
const remove: Workload = {
  name: 'DELETE',
  connections: CONNECTIONS,
  bytesPerRequest: 0,
  async prepare(target, _connections, seconds) {
    const count = Math.ceil(4_000 * seconds)
    const body = target.content.pieces(KIB)
    const paths = Array.from({ length: count }, (_, index) => `/${target.bucket}/deleted/${index}`)
    await sendAll(
      target,
      paths.map((path) => signedRequest(target, { method: 'PUT', path, body })),
      200,
      32,
    )
    const requests = paths.map((path) => signedRequest(target, { method: 'DELETE', path }))
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        const request = requests[call]
        if (!request) return false
        await sendExpecting(connection, request, { status: 204 })
        return true
      },
    }
  },
}

/** 70 % GET and 30 % PUT of 4 KiB. */
const mixed: Workload = {
  name: 'mixed 70/30, 4 KiB',
  connections: CONNECTIONS,
  bytesPerRequest: 4 * KIB,
  async prepare(target, connections, seconds) {
    const reads = await get({ label: '4 KiB', sizeBytes: 4 * KIB, keys: 1_000 }).prepare(
      target,
      connections,
      seconds,
    )
    const writes = await put({ label: '4 KiB', sizeBytes: 4 * KIB, keys: 10_000 }).prepare(
      target,
      connections,
      seconds,
    )
    return {
      requestsPerCall: 1,
      perform: (connection, call) => ((call * 7) % 10 < 7 ? reads : writes).perform(connection, call),
    }
  },
}

export const objectWorkloads: readonly Workload[] = [
  ...SIZES.map(put),
  ...SIZES.map(get),
  head,
  remove,
  mixed,
  authentication,
]
