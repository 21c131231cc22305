import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CreateBucketCommand, UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'

describe('operating a server in the console', { skip }, () => {
  const world = startConsole({ options: { 'access-log-interval-seconds': '1' } })

  it('shows what was changed, and who asked for what, with names and agents that would be markup shown as text', async () => {
    const { lightsail, s3 } = world()
    for (const bucketName of ['films', 'logs'])
      await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    await lightsail.send(
      new UpdateBucketCommand({
        bucketName: 'films',
        accessLogConfig: { enabled: true, destination: 'logs', prefix: 'films/' },
      }),
    )
    const Key = '<img src=x onerror="document.title=`run`">'
    await s3.send(new PutObjectCommand({ Bucket: 'films', Key, Body: 'x' }))
    await assert.rejects(s3.send(new GetObjectCommand({ Bucket: 'films', Key: 'none' })))

    const page = await world().page()
    await world().signIn(page, 'activity')
    await page.getByRole('row', { name: 'UpdateBucket films' }).waitFor()
    await page.getByLabel('Find a change').fill('logs')
    await page.getByRole('row', { name: 'CreateBucket logs' }).waitFor()
    await world().look(page, 'changes')

    await page.getByRole('tab', { name: 'Requests' }).click()
    const put = page.getByRole('row', { name: `REST.PUT.OBJECT ${Key}` })
    // The log is delivered after a while.
    while (!(await put.isVisible())) {
      await page.reload()
      await world().signInHere(page)
      await page.getByText('No request is in the log yet').or(put).first().waitFor()
    }
    await page.getByLabel('Outcome').selectOption('Refused and failed')
    await page.getByRole('row', { name: 'REST.GET.OBJECT none' }).waitFor()
    await put.waitFor({ state: 'detached' })
    await page.getByLabel('Outcome').selectOption('All requests')
    await world().look(page, 'requests')
    assert.match(await page.title(), /^Activity/)

    await page.getByRole('tab', { name: 'Audit log' }).click()
    await page.getByRole('row', { name: 'UpdateBucket films' }).waitFor()
    await page.getByLabel('Find in all columns').fill('logs')
    await page.getByRole('row', { name: 'UpdateBucket films' }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: 'CreateBucket logs' }).waitFor()
    await world().look(page, 'audit-log')
  })

  it('makes an account, shows its secret this once, and asks before it is left without', async () => {
    const page = await world().page()
    await world().signIn(page, 'accounts')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('team-a')
    await page.getByRole('dialog').getByRole('button', { name: 'Create account' }).click()
    const made = page.getByRole('dialog', { name: 'The key of team-a' })
    await made.getByText('shown this once').waitFor()
    await world().look(page, 'new-account')
    await made.getByRole('button', { name: 'Close' }).last().click()
    await made.getByText('neither copied nor saved').waitFor()
    await made.getByRole('button', { name: 'Show' }).click()
    const key = {
      accessKeyId: (await made.locator('code').first().textContent()) ?? '',
      secretAccessKey: (await made.locator('code').nth(1).textContent()) ?? '',
    }
    await made.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('row', { name: 'team-a' }).waitFor()
    await world().look(page, 'accounts')

    const theirs = await world().page()
    await world().signIn(theirs, 'accounts', key)
    await theirs.getByText('Only the first account sees it').waitFor()
    await theirs.getByRole('link', { name: 'Buckets' }).click()
    await theirs.getByRole('heading', { name: 'No buckets yet' }).waitFor()
    assert.equal(await theirs.getByRole('link', { name: 'Health' }).count(), 0)
    await theirs.getByRole('link', { name: 'Activity' }).click()
    await theirs.getByRole('tab', { name: 'Requests' }).waitFor()
    assert.equal(await theirs.getByRole('tab', { name: 'Audit log' }).count(), 0)
  })

  it('tells how the server is', async () => {
    const page = await world().page()
    await world().signIn(page, 'health')
    await page.getByText('The server takes requests.').waitFor()
    await page.getByRole('row', { name: 'watch-disks' }).waitFor()
    await page.getByText(/(?:development|\d+\.\d+\.\d+), on Node\.js \d+/).waitFor()
    await world().look(page, 'health')
  })
})
