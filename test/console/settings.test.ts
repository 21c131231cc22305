import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CreateBucketAccessKeyCommand, CreateBucketCommand } from '@aws-sdk/client-lightsail'
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'

describe('settings of a bucket in the console', { skip }, () => {
  const world = startConsole()
  const Bucket = 'holiday'

  it('make a bucket public, with a sentence of what follows, and private again', async () => {
    await world().lightsail.send(new CreateBucketCommand({ bucketName: Bucket, bundleId: 'small_1_0' }))
    await world().s3.send(new PutObjectCommand({ Bucket, Key: 'coast.txt', Body: 'sea' }))
    const status = async (): Promise<number> =>
      (await fetch(`${world().server.endpoint}/${Bucket}/coast.txt`)).status
    const page = await world().page()
    await world().signIn(page, `buckets/${Bucket}/settings`)
    const access = page.getByRole('region', { name: 'Public access' })
    await access.getByText('Nobody on the internet can read').waitFor()
    await access.getByText('Everyone').click()
    await access.getByText('Anyone on the internet can read every object').waitFor()
    await world().look(page, 'settings-public')
    assert.equal(await status(), 403)
    await access.getByRole('button', { name: 'Make public' }).click()
    await page.getByRole('status').getByText('Public access: saved.').waitFor()
    assert.equal(await status(), 200)
    await access.getByText('Nobody', { exact: true }).click()
    await access.getByRole('button', { name: 'Make private' }).click()
    await access.getByText('Nobody on the internet can read').waitFor()
    assert.equal(await status(), 403)
  })

  it('set CORS and lifecycle rules, and leave a rule alone that has more than the form', async () => {
    await world().s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [
            {
              ID: 'tagged <b>',
              Status: 'Enabled',
              Filter: { And: { Prefix: 'a&b/', Tags: [{ Key: 'k', Value: 'v' }] } },
              Expiration: { Days: 3 },
            },
          ],
        },
      }),
    )
    const page = await world().page()
    await world().signIn(page, `buckets/${Bucket}/settings`)
    const lifecycle = page.getByRole('region', { name: 'Lifecycle' })
    await lifecycle.getByText('it stays as it is').waitFor()
    await lifecycle.getByRole('button', { name: 'Add a rule' }).click()
    await lifecycle.getByLabel('Only objects whose names begin with').fill('tmp/')
    await lifecycle.getByLabel('Delete objects after so many days').fill('30')
    await lifecycle.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Lifecycle: saved.').waitFor()
    const { Rules = [] } = await world().s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    assert.deepEqual(
      Rules.map(({ Filter, Expiration }) => ({ Filter, Expiration })),
      [
        { Filter: { And: { Prefix: 'a&b/', Tags: [{ Key: 'k', Value: 'v' }] } }, Expiration: { Days: 3 } },
        { Filter: { Prefix: 'tmp/' }, Expiration: { Days: 30 } },
      ],
    )

    const cors = page.getByRole('region', { name: 'Web pages of other origins' })
    await cors.getByRole('button', { name: 'Add a rule' }).click()
    await cors.getByLabel('Origins').fill('https://example.org\nhttps://*.example.com')
    await cors.getByText('PUT').click()
    await world().look(page, 'settings-cors')
    await cors.getByRole('button', { name: 'Save' }).click()
    await page.getByText('(CORS): saved.').waitFor()
    const { CORSRules = [] } = await world().s3.send(new GetBucketCorsCommand({ Bucket }))
    assert.deepEqual(CORSRules[0]?.AllowedOrigins, ['https://example.org', 'https://*.example.com'])
    assert.deepEqual(CORSRules[0].AllowedMethods, ['GET', 'HEAD', 'PUT'])
  })

  it('take a policy, tell where it is no JSON and why it is refused, say who may do what by it before it is saved, and delete it', async () => {
    const page = await world().page()
    await world().signIn(page, `buckets/${Bucket}/settings#policy`)
    const policy = page.getByRole('region', { name: 'Bucket policy' })
    const text = policy.getByLabel('Policy', { exact: true })
    await text.fill('{ "Version": ')
    await policy.getByText('This is no JSON').waitFor()
    assert.equal(await policy.getByRole('button', { name: 'Save' }).isDisabled(), true)
    await text.fill('{ "Version": "2012-10-17" }')
    await policy.getByRole('button', { name: 'Save' }).click()
    await policy.getByRole('alert').waitFor()
    await text.fill('')
    await policy.getByRole('button', { name: 'Begin with an example' }).click()
    await policy.getByLabel('Object').fill('downloads/a.txt')
    await policy.getByText('Anyone without a key may read (ReadDownloads of the policy)').waitFor()
    await policy.getByText('not saved yet').waitFor()
    await policy.getByLabel('Object').fill('private/a.txt')
    await policy.getByText('Anyone without a key may not read').waitFor()
    await world().look(page, 'settings-policy')
    const office = {
      Sid: 'Office',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    }
    const example = await text.inputValue()
    await text.fill(JSON.stringify({ Version: '2012-10-17', Statement: [office] }))
    await policy.getByText('may perhaps read depending on the address it comes from (Office').waitFor()
    await policy.getByLabel('From the address').fill('10.0.3')
    await policy.getByText('An IP address, such as').waitFor()
    await policy.getByLabel('From the address').fill('10.0.3.7')
    await policy.getByText('Anyone without a key may read (Office of the policy)').waitFor()
    await text.fill(example)
    await policy.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Bucket policy: saved.').waitFor()
    await policy.getByRole('button', { name: 'Delete the policy' }).click()
    await page.getByText('The policy is deleted.').waitFor()
  })

  it('of a bucket key are those that it may set, and its sign-in lands in its bucket', async () => {
    const { accessKey } = await world().lightsail.send(
      new CreateBucketAccessKeyCommand({ bucketName: Bucket }),
    )
    const { accessKeyId = '', secretAccessKey = '' } = accessKey ?? {}
    const page = await world().page()
    await world().signIn(page, '', { accessKeyId, secretAccessKey })
    await page.waitForURL(new RegExp(`/buckets/${Bucket}/`))
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('region', { name: 'Versions' }).waitFor()
    await page.getByText('are set with the account’s own key').waitFor()
    assert.equal(await page.getByRole('region', { name: 'Public access' }).count(), 0)
    await world().look(page, 'settings-of-bucket-key')
    await page.getByRole('region', { name: 'Versions' }).getByText('Keep old versions').click()
    await page.getByRole('region', { name: 'Versions' }).getByRole('button', { name: 'Save' }).click()
    await page.getByText('Versions: saved.').waitFor()
  })

  it('work on a phone', async () => {
    const page = await world().page({ viewport: { width: 360, height: 740 }, hasTouch: true })
    await world().signIn(page, `buckets/${Bucket}/settings`)
    await page.getByRole('region', { name: 'Public access' }).waitFor()
    await world().look(page, 'phone-settings')
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Sent this month' }).waitFor()
    await world().look(page, 'phone-overview')
    await page.getByRole('link', { name: 'All buckets' }).click()
    await page.getByRole('row', { name: Bucket }).waitFor()
    await world().look(page, 'phone-buckets')
  })
})
