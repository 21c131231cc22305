import { variablesOf } from '../config/key-variables.ts'
import type { WrittenKey } from './written-key.ts'

/** A key as JSON: what `lugsail credentials` reads. */
export const jsonText = (key: WrittenKey, { isOnOneLine = false } = {}): string => {
  const { name, accessKeyId, secretAccessKey, endpointUrl, region, caBundle } = key
  const members = { name, accessKeyId, secretAccessKey, endpointUrl, region, caBundle }
  return isOnOneLine ? JSON.stringify(members) : `${JSON.stringify(members, null, 2)}\n`
}

/** A Secret of Kubernetes, whose members are variables for `envFrom`. */
export async function kubernetesSecretText(key: WrittenKey): Promise<string> {
  const { writeDocument } = await import('../yaml/package.ts')
  return writeDocument({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName(key.name) },
    type: 'Opaque',
    // A path of this machine means nothing in a container.
    stringData: variablesOf({ ...key, caBundle: undefined }),
  })
}

/** A DNS label: lower-case letters, digits and hyphens, 63 at most. */
function secretName(name: string): string {
  const label = `lugsail-${name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')}`
  return label.slice(0, 63).replace(/-+$/, '')
}
