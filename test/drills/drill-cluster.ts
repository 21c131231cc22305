import { CreateBucketCommand } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { startCluster, type Cluster, type ClusterOptions } from '../cluster/gateways.ts'
import { BUCKET, clientOf } from './drill-load.ts'

/** A cluster with the bucket that drills write into. */
export async function startDrillCluster(options: ClusterOptions): Promise<Cluster> {
  const cluster = await startCluster(options)
  const [gateway] = cluster.gateways
  assert.ok(gateway)
  const client = clientOf(gateway)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  client.destroy()
  return cluster
}

/** Ends all gateways as a crash would. */
export async function killGateways(cluster: Cluster): Promise<void> {
  await Promise.all(cluster.gateways.map((gateway) => gateway.kill()))
}
