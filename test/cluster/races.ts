import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { killGateways } from '../drills/drill-cluster.ts'
import { sweepAndVerify } from '../drills/drill-store.ts'
import { describeRaces } from '../races/describe-races.ts'
import { RaceWorld } from '../races/race-world.ts'
import { startCluster, type Cluster } from './gateways.ts'
import { missingPostgres } from './postgres-server.ts'

/** The races between two gateways, and afterwards a look at the whole store. */
export function describeGatewayRaces(rounds: number): void {
  describe(
    `two gateways over PostgreSQL and S3, ${rounds} rounds`,
    { skip: missingPostgres() ?? false },
    () => {
      let cluster: Cluster
      let world: RaceWorld | null = null
      before(async () => {
        cluster = await startCluster({ gateways: 2, options: { 'buckets-per-account-max': '100000' } })
        world = new RaceWorld(cluster.gateways)
      })
      after(() => cluster.dispose())

      describeRaces(() => world ?? assert.fail('the gateways do not run'), rounds)

      it('leave a store that is whole: bytes by hash, no orphan, usage exact', async (t) => {
        await killGateways(cluster)
        t.diagnostic(JSON.stringify(await sweepAndVerify(cluster)))
      })
    },
  )
}
