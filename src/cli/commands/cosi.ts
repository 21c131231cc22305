import { systemClock } from '../../base/clock.ts'
import { createDriver } from '../cosi/driver.ts'
import { createLog } from '../cosi/log.ts'
import { openServer } from '../cosi/open-server.ts'
import { readSocketPath, type SocketPath } from '../cosi/socket-path.ts'
import type { StorageServer } from '../cosi/storage-server.ts'
import { globalValues } from '../grammar/global-options.ts'
import { openSession } from '../session.ts'
import { writeStderr, writeStdout } from '../standard-streams.ts'
import { takeSignal } from '../take-signal.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandRunner } from './command.ts'
import { readTextOptions } from './text-options.ts'

/** As Kubernetes' classes name the driver. */
const DRIVER_NAME_DEFAULT = 'lugsail.objectstorage.k8s.io'
const USAGE = `Usage: lugsail cosi --endpoint unix:///PATH [--server URL] [--seed-file FILE]
                    [--s3-endpoint URL] [--driver-name NAME]
                    [--profile NAME] [--region NAME] [--ca-bundle FILE]

The driver of Kubernetes' Container Object Storage Interface (COSI), in the
versions v1alpha1 and v1alpha2: makes and deletes buckets, and gives each access
an application key. It calls the server with the root key of an account, which
is found as for every command: profile, environment or file.

  --endpoint unix:///PATH
                   the socket to listen on, which only its owner may use;
                   COSI_ENDPOINT when absent
  --server URL     the server; --endpoint-url is another name for it
  --seed-file FILE what the secrets of keys are derived from: a line of 32 or more
                   characters for new keys, then lines of earlier ones. Without
                   it, the secret of the account's key: once that is rotated,
                   the secrets of earlier keys cannot be told again
  --s3-endpoint URL
                   what applications are told as S3's endpoint; the server's URL
                   when absent
  --driver-name NAME
                   what classes name as their driver; ${DRIVER_NAME_DEFAULT}
                   when absent
  --profile NAME, --region NAME, --ca-bundle FILE
                   as for every command

  openssl rand -hex 32 > seed
  lugsail cosi --endpoint unix:///var/lib/cosi/cosi.sock --seed-file seed
`

/** `lugsail cosi`: serves until SIGTERM or SIGINT. */
export const run: CommandRunner = async ({ args, env }) => {
  const options = readTextOptions(
    'cosi',
    [
      'endpoint',
      'server',
      'endpoint-url',
      'seed-file',
      's3-endpoint',
      'driver-name',
      'profile',
      'region',
      'ca-bundle',
    ],
    args,
  )
  if (options === undefined) {
    writeStdout(USAGE)
    return 0
  }
  const socket = readSocket(options.endpoint ?? env['COSI_ENDPOINT'])
  const driverName = readDriverName(options['driver-name'] ?? DRIVER_NAME_DEFAULT)
  const globals = globalValues(
    new Map(
      Object.entries({
        profile: options.profile,
        endpointUrl: options.server ?? options['endpoint-url'],
        region: options.region,
        caBundle: options['ca-bundle'],
      }).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]])),
    ),
  )
  const settings = { seedFile: options['seed-file'], s3Endpoint: options['s3-endpoint'] }
  // Opened anew for each call: a key that was rotated, or credentials that ended, are found as they are then.
  const findServer = (): Promise<StorageServer> => openServer(openSession(globals, env), settings)
  const server = await findServer()
  const log = createLog(writeStderr, systemClock)
  const { serveDriver } = await import('../cosi/grpc-server.ts')
  const running = await serveDriver(createDriver({ driverName, findServer, log }), socket, log)
  if (settings.seedFile === undefined)
    log("derives secrets from the account's key; give --seed-file before that is rotated")
  // Before anybody is told that it serves, and so may end it.
  const ordered = endOrdered()
  log('serves COSI', {
    socket: socket.path,
    driver: driverName,
    region: server.region,
    s3: server.s3Endpoint,
  })
  log('ends', { signal: await ordered })
  await running.stop()
  return 0
}

function readSocket(endpoint: string | undefined): SocketPath {
  if (endpoint === undefined) throw new UsageError('cosi: expected --endpoint unix:///PATH')
  return readSocketPath(endpoint)
}

function readDriverName(name: string): string {
  if (name.length <= 63 && /^[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?)*$/.test(name))
    return name
  throw new UsageError(
    `cosi: --driver-name: expected a domain name of up to 63 lower-case letters, digits, hyphens and dots, got ${JSON.stringify(name.slice(0, 100))}`,
  )
}

/** Resolves with the signal that tells the driver to end; the next one ends it at once. */
function endOrdered(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      takeSignal(signal, () => {
        process.removeAllListeners(signal)
        resolve(signal)
      })
  })
}
