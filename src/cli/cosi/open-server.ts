import { createTypedClient } from '../../client/typed/typed-client.ts'
import { createClient, planClient, type Session } from '../session.ts'
import { UsageError } from '../usage-error.ts'
import { readSeeds } from './seeds.ts'
import { driverOperations, type StorageServer } from './storage-server.ts'

/** Attempts of one request; who calls the driver tries again as well. */
const ATTEMPTS_DEFAULT = 2

/** The server that a session leads to, with the seeds of the file, or of its credentials. @throws UsageError where it leads to Amazon */
export async function openServer(
  session: Session,
  {
    seedFile,
    s3Endpoint,
  }: { readonly seedFile: string | undefined; readonly s3Endpoint: string | undefined },
): Promise<StorageServer> {
  session.settings.requireProfile()
  const plan = await planClient(session)
  if (plan.isFallback)
    throw new UsageError(
      'cosi: expected a Lugsail server: --server URL, or an endpoint in the profile or environment',
    )
  const credentials = plan.credentials()
  return {
    region: plan.region,
    s3Endpoint: s3Endpoint ?? plan.endpoint,
    seeds: readSeeds(seedFile, credentials),
    clientFor: async (region) =>
      createTypedClient(
        await createClient(session, { ...plan, region, attemptsMax: plan.attemptsMax ?? ATTEMPTS_DEFAULT }),
        driverOperations,
      ),
  }
}
