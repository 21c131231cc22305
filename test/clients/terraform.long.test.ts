import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { needs, startWorld, type ClientWorld } from './world.ts'

const LUGSAIL = resolve('bin/lugsail')
const PROVIDER = 'registry.terraform.io/hashicorp/aws'

/** The folders that hold providers without a registry: the one that is named, and those where packages of systems put them. */
const mirror = [
  process.env['TF_PLUGIN_MIRROR'] ?? '',
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  ...readdirSync('/opt').map((name) => `/opt/${name}`),
].find((folder) => folder !== '' && existsSync(join(folder, PROVIDER)))

const { skip } = needs('terraform')
const missing = mirror === undefined && 'no provider hashicorp/aws here (TF_PLUGIN_MIRROR names its folder)'

/** The provider's block of the README, leading to the server of the test. */
function readmeBlock(endpoint: string): string {
  const block = /```hcl\n(provider "aws" \{[^`]*)```/.exec(readFileSync('README.md', 'utf8'))?.[1]
  assert.ok(block !== undefined && block.includes('http://127.0.0.1:9400'), 'the README has the block')
  return block.replace('http://127.0.0.1:9400', endpoint)
}

const RESOURCES = `
variable "bundle" { default = "small_1_0" }
variable "stage" { default = "test" }
resource "aws_lightsail_bucket" "photos" {
  name      = "photos"
  bundle_id = var.bundle
  tags      = { stage = var.stage }
}
resource "aws_lightsail_bucket_access_key" "app" {
  count       = 2
  bucket_name = aws_lightsail_bucket.photos.id
}
resource "aws_lightsail_bucket_resource_access" "web" {
  bucket_name   = aws_lightsail_bucket.photos.id
  resource_name = "web-1"
}
`

const CHANGED = ['-var', 'bundle=medium_1_0', '-var', 'stage=live']

describe('Terraform with the block of the README', { skip: skip !== false ? skip : missing }, () => {
  const world = startWorld()

  /** A folder with a profile of `lugsail use`, the main file, and how Terraform is run in it. */
  const start = async (name: string, backend: string) => {
    const folder = world().path(name)
    mkdirSync(folder)
    await world().run(LUGSAIL, ['use', '--data', world().dataFolder])
    const installation = `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`
    writeFileSync(join(folder, 'terraform.rc'), installation)
    const required = 'required_providers {\n    aws = { source = "hashicorp/aws" }\n  }'
    const main = `terraform {\n  ${required}\n${backend}}\n${readmeBlock(world().endpoint)}${RESOURCES}`
    writeFileSync(join(folder, 'main.tf'), main)
    const terraform = (...args: string[]) =>
      world().run('terraform', [...args, '-no-color'], {
        folder,
        withoutKey: true,
        environment: { TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), CHECKPOINT_DISABLE: '1' },
      })
    await terraform('init')
    return terraform
  }

  it('makes a bucket, keys and resource access, changes, imports and destroys them; second plans are empty', async () => {
    await addResource(world(), 'web-1')
    const terraform = await start('local', '')
    assert.match(await terraform('apply', '-auto-approve'), /Resources: 4 added, 0 changed, 0 destroyed/)
    await terraform('plan', '-detailed-exitcode')
    assert.match(await terraform('apply', '-auto-approve', ...CHANGED), /0 added, 1 changed, 0 destroyed/)
    await terraform('plan', '-detailed-exitcode', ...CHANGED)
    await terraform('state', 'rm', 'aws_lightsail_bucket.photos')
    await terraform('import', ...CHANGED, 'aws_lightsail_bucket.photos', 'photos')
    await terraform('plan', '-detailed-exitcode', ...CHANGED)
    assert.match(await terraform('destroy', '-auto-approve'), /4 destroyed/)
  })

  it('keeps its state in a bucket, with a lock beside it', async () => {
    const members = {
      bucket: world().bucket,
      key: 'state/terraform.tfstate',
      profile: 'lugsail',
      region: 'us-east-1',
    }
    const lines = Object.entries(members).map(([name, value]) => `    ${name} = "${value}"\n`)
    const backend = `  backend "s3" {\n${lines.join('')}    use_lockfile = true\n  }\n`
    const terraform = await start('remote', backend)
    await terraform('apply', '-auto-approve', '-target=aws_lightsail_bucket.photos')
    const { bucket } = world()
    const listed = async () =>
      await world().run('aws', ['s3api', 'list-objects-v2', '--bucket', bucket, '--query', 'Contents[].Key'])
    assert.deepEqual(JSON.parse(await listed()), [members.key])
    await world().run('aws', ['s3api', 'put-object', '--bucket', bucket, '--key', `${members.key}.tflock`])
    await assert.rejects(terraform('plan'), /Error acquiring the state lock/)
    await world().run('aws', ['s3api', 'delete-object', '--bucket', bucket, '--key', `${members.key}.tflock`])
    assert.match(await terraform('destroy', '-auto-approve'), /1 destroyed/)
    assert.deepEqual(JSON.parse(await listed()), [members.key])
  })
})

const addResource = (world: ClientWorld, name: string): Promise<string> =>
  world.run(LUGSAIL, ['resource', 'add', name, '--data', world.dataFolder])
