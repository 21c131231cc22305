import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { freePort, type StartServer } from './server.ts'

const SCRIPT = resolve(import.meta.dirname, '../../test/cluster/ceph-rgw.sh')
const ACCESS_KEY = 'CEPHBENCHMARK0000000'
const SECRET_KEY = 'ceph-benchmark-secret-key-0000000000000'

/** Ceph RGW from Debian's packages: one node, one replica, bluestore on a file. */
export const startCeph: StartServer = async (folder) => {
  let version
  try {
    version = execFileSync('radosgw', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    for (const tool of ['ceph-mon', 'ceph-osd']) execFileSync(tool, ['--version'], { stdio: 'ignore' })
  } catch {
    return { missing: "Debian's ceph-mon, ceph-osd, ceph-common and radosgw are not all installed" }
  }
  const port = await freePort()
  const data = join(folder, 'ceph')
  execFileSync(SCRIPT, ['start', data, String(port), ACCESS_KEY, SECRET_KEY], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const pids = execFileSync(SCRIPT, ['pids', data]).toString().trim().split('\n').map(Number)
  return {
    name: 'Ceph RGW',
    version: /ceph version (\S+)/.exec(version)?.[1] ?? version.trim(),
    durability: 'synced before the response (bluestore, one replica)',
    host: '127.0.0.1',
    port,
    region: 'us-east-1',
    accessKeyId: ACCESS_KEY,
    secretAccessKey: SECRET_KEY,
    pids,
    stop: () => {
      execFileSync(SCRIPT, ['stop', data])
      return Promise.resolve()
    },
  }
}
