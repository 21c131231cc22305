/**
 * The manifests of deploy/kubernetes, as far as that can be said without a cluster: what they name is there, and what they say to Lugsail is what this version
 * takes. That Kubernetes takes them is not shown here.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { readAccessParameters, readBucketParameters } from '../../src/cli/cosi/parameters.ts'
import { ownCommands } from '../../src/cli/completion/own-commands.ts'
import { readSettings } from '../../src/server/configuration/read.ts'

const FOLDER = 'deploy/kubernetes'
const DRIVER = 'lugsail.objectstorage.k8s.io'
const VERSIONS = ['v1alpha1', 'v1alpha2'] as const

type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

/** A member of a document by its path, `spec.template.spec`; undefined where there is none. */
function at(value: Json | undefined, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>(
      (within, name) =>
        typeof within === 'object' && within !== null
          ? Array.isArray(within)
            ? (within as readonly Json[])[Number(name)]
            : (within as { readonly [member: string]: Json })[name]
          : undefined,
      value,
    )
}
const text = (value: Json | undefined, path: string): string => {
  const found = at(value, path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}
const listAt = (value: Json | undefined, path: string): readonly Json[] => {
  const found = at(value, path)
  return Array.isArray(found) ? (found as readonly Json[]) : []
}
const textsAt = (value: Json | undefined, path: string): readonly string[] =>
  listAt(value, path).map((each) => (typeof each === 'string' ? each : ''))
const membersOf = (value: Json | undefined): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : []

function documentsOf(file: string): readonly Json[] {
  return parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'), { merge: true }).map((document) => {
    assert.deepEqual(document.errors, [], file)
    return document.toJS() as Json
  })
}
const kustomization = (folder: string): Json =>
  parse(readFileSync(join(FOLDER, folder, 'kustomization.yaml'), 'utf8')) as Json
const resourcesOf = (folder: string): string[] =>
  textsAt(kustomization(folder), 'resources').map((name) => join(folder, name))

const installed = resourcesOf('.').flatMap(documentsOf)
const inVersion = (version: (typeof VERSIONS)[number]): readonly Json[] =>
  resourcesOf(version).flatMap(documentsOf)
const everything = [...installed, ...VERSIONS.flatMap(inVersion)]
const ofKind = (kind: string, documents: readonly Json[] = installed): readonly Json[] =>
  documents.filter((document) => text(document, 'kind') === kind)
const named = (documents: readonly Json[]): string[] =>
  documents.map((document) => text(document, 'metadata.name'))
const workloads = everything.filter((document) => at(document, 'spec.template.spec.containers') !== undefined)
const containersOf = (workload: Json): readonly Json[] => listAt(workload, 'spec.template.spec.containers')
const container = (name: string): Json => {
  const found = workloads.flatMap(containersOf).find((each) => text(each, 'name') === name)
  assert.ok(found !== undefined, name)
  return found
}
const environmentOf = (of: Json): Map<string, string> =>
  new Map(listAt(of, 'env').map((variable) => [text(variable, 'name'), text(variable, 'value')]))
const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8')

/** The members of COSI's objects, as its definitions have them; those with * must be there. */
const COSI_MEMBERS: Readonly<Record<string, string>> = {
  'v1alpha1 BucketClass': 'driverName* deletionPolicy* parameters',
  'v1alpha1 BucketAccessClass': 'driverName* authenticationType* parameters',
  'v1alpha1 BucketClaim': 'bucketClassName existingBucketName protocols*',
  'v1alpha1 BucketAccess':
    'bucketClaimName* bucketAccessClassName* credentialsSecretName* protocol serviceAccountName',
  'v1alpha2 BucketClass': 'driverName* deletionPolicy* parameters',
  'v1alpha2 BucketAccessClass':
    'driverName* authenticationType* parameters multiBucketAccess disallowedBucketAccessModes',
  'v1alpha2 BucketClaim': 'bucketClassName existingBucketName protocols',
  'v1alpha2 BucketAccess': 'bucketAccessClassName* protocol* bucketClaims* serviceAccountName',
}

describe('the manifests of Kubernetes', () => {
  it('are all installed by a kustomization, each object once', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    )
    const listed = ['.', ...VERSIONS].flatMap((folder) => [
      join(folder, 'kustomization.yaml'),
      ...resourcesOf(folder),
    ])
    assert.deepEqual(listed.sort(), files.sort())
    for (const documents of [installed, ...VERSIONS.map(inVersion)]) {
      const objects = documents.map(
        (document) => `${text(document, 'kind')} ${text(document, 'metadata.name')}`,
      )
      assert.equal(new Set(objects).size, objects.length, objects.join())
      for (const document of documents) assert.match(text(document, 'apiVersion'), /^(?:[a-z.0-9]+\/)?v1/)
    }
  })

  it('name images by words that a kustomization of the same folder replaces', () => {
    for (const [folder, documents] of [
      ['.', installed],
      ...VERSIONS.map((version) => [version, inVersion(version)] as const),
    ] as const) {
      const known = listAt(kustomization(folder), 'images').map((image) => text(image, 'name'))
      const images = documents.flatMap(containersOf).map((each) => text(each, 'image'))
      assert.deepEqual([...new Set(images)].sort(), known.sort(), folder)
    }
  })

  it('select the pods that they make, and send requests to a port that is there', () => {
    for (const workload of workloads.filter((each) => text(each, 'kind') !== 'Job'))
      assert.deepEqual(
        at(workload, 'spec.selector.matchLabels'),
        at(workload, 'spec.template.metadata.labels'),
      )
    const [service] = ofKind('Service')
    const [server] = ofKind('StatefulSet')
    assert.deepEqual(at(service, 'spec.selector'), at(server, 'spec.template.metadata.labels'))
    assert.equal(text(server, 'spec.serviceName'), text(service, 'metadata.name'))
    const ports = listAt(container('server'), 'ports')
    assert.equal(text(service, 'spec.ports.0.targetPort'), text(ports[0], 'name'))
    assert.equal(
      environmentOf(container('server')).get('LUGSAIL_LISTEN'),
      `0.0.0.0:${text(ports[0], 'containerPort')}`,
    )
  })

  it('mount volumes that are there, and read secrets that the README makes or COSI gives', () => {
    const made = [...readme.matchAll(/create secret generic (\S+)(.*)/g)].map(([, name = '', from = '']) => ({
      name,
      keys: [...from.matchAll(/--from-file=(\S+)/g)].map(([, key]) => key),
    }))
    const given = VERSIONS.flatMap((version) =>
      ofKind('BucketAccess', inVersion(version)).flatMap((access) => [
        text(access, 'spec.credentialsSecretName'),
        ...listAt(access, 'spec.bucketClaims').map((claim) => text(claim, 'accessSecretName')),
      ]),
    )
    for (const workload of workloads) {
      const volumes = [
        ...listAt(workload, 'spec.template.spec.volumes').map((volume) => text(volume, 'name')),
        ...listAt(workload, 'spec.volumeClaimTemplates').map((claim) => text(claim, 'metadata.name')),
      ]
      const mounts = containersOf(workload).flatMap((each) => listAt(each, 'volumeMounts'))
      for (const mount of mounts) assert.ok(volumes.includes(text(mount, 'name')), text(mount, 'name'))
      const secrets = listAt(workload, 'spec.template.spec.volumes')
        .map((volume) => text(volume, 'secret.secretName'))
        .filter((name) => name !== '')
      for (const name of secrets)
        assert.ok(given.includes(name) || made.some((each) => each.name === name), name)
      for (const reference of containersOf(workload)
        .flatMap((each) => listAt(each, 'env'))
        .flatMap((variable) => at(variable, 'valueFrom.secretKeyRef') ?? [])) {
        const [name, key] = [text(reference, 'name'), text(reference, 'key')]
        assert.ok(
          made.some((each) => each.name === name && each.keys.includes(key)) ||
            (given.includes(name) && readme.includes(`\`${key}\``)),
          `${name} ${key}`,
        )
      }
    }
    // What the driver is told to read is in its secret.
    const keys = made.find(({ name }) => name === 'lugsail-cosi')?.keys ?? []
    const mounted = listAt(container('driver'), 'volumeMounts').find((mount) => text(mount, 'name') === 'key')
    const args = textsAt(container('driver'), 'args')
    const env = environmentOf(container('driver'))
    for (const path of [args.at(-1) ?? '', env.get('AWS_SHARED_CREDENTIALS_FILE') ?? ''])
      assert.ok(
        keys.some((key) => path === `${text(mounted, 'mountPath')}/${key}`),
        path,
      )
  })

  it('run with no more rights than they need', () => {
    for (const workload of installed.filter((document) => workloads.includes(document))) {
      assert.equal(at(workload, 'spec.template.spec.securityContext.runAsNonRoot'), true)
      assert.equal(at(workload, 'spec.template.spec.enableServiceLinks'), false)
      for (const each of containersOf(workload)) {
        assert.deepEqual(at(each, 'securityContext'), {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
      }
    }
    const accounts = named(ofKind('ServiceAccount'))
    for (const binding of [...ofKind('ClusterRoleBinding'), ...ofKind('RoleBinding')]) {
      assert.ok(named(ofKind(text(binding, 'roleRef.kind'))).includes(text(binding, 'roleRef.name')))
      assert.ok(accounts.includes(text(binding, 'subjects.0.name')))
      assert.equal(text(binding, 'subjects.0.namespace'), text(kustomization('.'), 'namespace'))
    }
    assert.deepEqual(accounts, [text(ofKind('Deployment')[0], 'spec.template.spec.serviceAccountName')])
  })

  it('say to the server and the driver what this version takes', () => {
    const variables = environmentOf(container('server'))
    variables.set('MASTER_KEY', Buffer.alloc(32, 7).toString('base64'))
    const settings = readSettings({ options: new Map(), environment: Object.fromEntries(variables) })
    assert.equal(settings.data, '/var/lib/lugsail/data')
    const args = textsAt(container('driver'), 'args')
    const [command, ...options] = args
    assert.equal(command, 'cosi')
    for (const option of options.filter((word) => word.startsWith('--')))
      assert.ok(option in (ownCommands['cosi']?.options ?? {}), option)
    const env = environmentOf(container('driver'))
    assert.equal(env.get('COSI_ENDPOINT'), environmentOf(container('sidecar')).get('COSI_ENDPOINT'))
    const socket = (env.get('COSI_ENDPOINT') ?? '').replace(/^unix:\/\/(.*)\/[^/]+\.sock$/, '$1')
    for (const name of ['driver', 'sidecar'])
      assert.ok(listAt(container(name), 'volumeMounts').some((mount) => text(mount, 'mountPath') === socket))
    const [service] = ofKind('Service')
    const url = `http://${text(service, 'metadata.name')}.${text(kustomization('.'), 'namespace')}.svc:${text(service, 'spec.ports.0.port')}`
    assert.equal(env.get('AWS_ENDPOINT_URL'), url)
    assert.equal(variables.get('LUGSAIL_PUBLIC_URL'), url)
  })

  for (const version of VERSIONS)
    it(`have objects of COSI as its definitions of ${version} say, and refer to each other`, () => {
      const documents = inVersion(version)
      const spec = (document: Json): Json =>
        version === 'v1alpha1' && text(document, 'kind').endsWith('Class')
          ? document
          : (at(document, 'spec') ?? null)
      const ours = documents.filter((document) =>
        text(document, 'apiVersion').startsWith('objectstorage.k8s.io/'),
      )
      assert.ok(ours.length >= 5)
      for (const document of ours) {
        const kind = text(document, 'kind')
        assert.equal(text(document, 'apiVersion'), `objectstorage.k8s.io/${version}`)
        const known = (COSI_MEMBERS[`${version} ${kind}`] ?? '').split(' ')
        const members = membersOf(spec(document)).filter(
          (name) => !['apiVersion', 'kind', 'metadata'].includes(name),
        )
        for (const member of members)
          assert.ok(
            known.some((each) => each.replace('*', '') === member),
            `${kind} ${member}`,
          )
        for (const member of known.filter((each) => each.endsWith('*')))
          assert.ok(members.includes(member.slice(0, -1)), `${kind} ${member}`)
      }
      const classes = ofKind('BucketClass', documents)
      const accessClasses = ofKind('BucketAccessClass', documents)
      const parameters = (document: Json): Record<string, string> =>
        Object.fromEntries(
          membersOf(at(spec(document), 'parameters')).map((name) => [
            name,
            text(spec(document), `parameters.${name}`),
          ]),
        )
      for (const each of [...classes, ...accessClasses]) assert.equal(text(spec(each), 'driverName'), DRIVER)
      for (const each of classes) readBucketParameters(parameters(each))
      for (const each of accessClasses) {
        readAccessParameters(parameters(each))
        assert.equal(text(spec(each), 'authenticationType'), 'Key')
      }
      const claims = ofKind('BucketClaim', documents)
      for (const claim of claims) assert.ok(named(classes).includes(text(claim, 'spec.bucketClassName')))
      for (const access of ofKind('BucketAccess', documents)) {
        assert.ok(named(accessClasses).includes(text(access, 'spec.bucketAccessClassName')))
        const claimed = [
          text(access, 'spec.bucketClaimName'),
          ...listAt(access, 'spec.bucketClaims').map((claim) => text(claim, 'bucketClaimName')),
        ].filter((name) => name !== '')
        assert.ok(claimed.length > 0 && claimed.every((name) => named(claims).includes(name)))
      }
    })
})
