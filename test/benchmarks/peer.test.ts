import assert from 'node:assert/strict'
import { it } from 'node:test'
import { peer } from '../../benchmarks/servers/peer.ts'

it('a peer is named by endpoint and key, and with a process its use of the machine is measured', () => {
  const { name, host, port, accessKeyId, secretAccessKey, pids } = peer(
    'MinIO=http://127.0.0.1:9000,key,secret/+=,4711',
  )
  assert.deepEqual(
    [name, host, port, accessKeyId, secretAccessKey, pids],
    ['MinIO', '127.0.0.1', 9000, 'key', 'secret/+=', [4711]],
  )
  assert.deepEqual(peer('other=http://peer.test,key,secret').pids, [])
  assert.equal(peer('other=http://peer.test,key,secret').port, 80)
})

it('a peer that is named in another form is refused without its secret in the message', () => {
  for (const wrong of [
    'MinIO',
    'MinIO=127.0.0.1:9000,key,hidden',
    'MinIO=http://127.0.0.1:9000,hidden',
    'MinIO=http://127.0.0.1:9000,key,hidden,minio',
  ])
    assert.throws(
      () => peer(wrong),
      (error: Error) => /^--peer: expected NAME=/.test(error.message) && !error.message.includes('hidden'),
    )
})
