import { HttpConnection } from '../load/http-connection.ts'
import { signedRequest } from '../load/signed-request.ts'
import type { Target } from '../load/target.ts'
import { agentPolicy, hotLinkPolicy, longPolicy, searchingPolicy, type Buckets } from './requests.ts'

const PUBLIC_BYTES = 8 * 1024 * 1024

/** Makes the buckets and objects that the attacks name, with the account's key. */
export async function setUp(target: Target): Promise<Buckets & { readonly publicObject: string }> {
  const connection = new HttpConnection(target.host, target.port)
  const send = async (method: string, path: string, status: number, body: readonly Buffer[] = []) => {
    let text = ''
    const request = signedRequest(target, { method, path, body })
    const response = await connection.send(request, (bytes) => (text += bytes.toString('utf8')))
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text
  }
  const names = {
    privateBucket: 'hostile-private',
    hotLinkBucket: 'hostile-linked',
    longPolicyBucket: 'hostile-policy',
    searchedBucket: 'hostile-searched',
    agentBucket: 'hostile-agents',
  }
  for (const name of [...Object.values(names), 'hostile-public']) await send('PUT', `/${name}`, 200)
  const small = target.content.pieces(4096)
  for (const name of Object.values(names)) await send('PUT', `/${name}/object`, 200, small)
  for (const [name, policy] of [
    [names.hotLinkBucket, hotLinkPolicy],
    [names.longPolicyBucket, longPolicy],
    [names.searchedBucket, searchingPolicy],
    [names.agentBucket, agentPolicy],
  ] as const)
    await send('PUT', `/${name}?policy`, 204, [Buffer.from(policy(name))])
  await send('DELETE', '/hostile-public?publicAccessBlock', 204)
  const resource = 'arn:aws:s3:::hostile-public/*'
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource }
  const open = Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }))
  await send('PUT', '/hostile-public?policy', 204, [open])
  await send('PUT', '/hostile-public/large', 200, target.content.pieces(PUBLIC_BYTES))
  const started = await send('POST', `/${names.privateBucket}/k?uploads`, 200)
  const uploadId = /<UploadId>([^<]+)</.exec(started)?.[1]
  if (uploadId === undefined) throw new Error(`no upload was begun: ${started}`)
  connection.close()
  return { ...names, uploadId, publicObject: '/hostile-public/large' }
}
