import { describe, it } from 'node:test'
import { skip, startConsole } from './console-world.ts'

describe('buckets in the console', { skip }, () => {
  const world = startConsole()

  it('are created with region, versions and tags, listed with their usage, and deleted once their name is typed', async () => {
    const page = await world().page()
    await world().signIn(page)
    await page.getByRole('button', { name: 'Create bucket' }).click()
    const create = page.getByRole('dialog', { name: 'Create a bucket' })
    await create.getByLabel('Name').fill('Photos')
    await create.getByLabel('Region').selectOption('eu-central-1')
    await create.getByText('Keep old versions of objects').click()
    await create.getByRole('button', { name: 'Add a tag' }).click()
    await create.getByLabel('Key').fill('team')
    await create.getByLabel('Value').fill('storage')
    await world().look(page, 'create-bucket')
    await create.getByRole('button', { name: 'Create photos' }).click()
    await page.getByText('photos is there.').waitFor()
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('aws s3 ls s3://photos/').waitFor()
    await page.getByText('kept', { exact: true }).waitFor()
    await world().look(page, 'overview')

    await page.getByRole('link', { name: 'Buckets' }).click()
    const row = page.getByRole('row', { name: 'photos' })
    await row.getByText('eu-central-1').waitFor()
    await row.getByText('Private').waitFor()
    await world().look(page, 'buckets')

    await row.getByRole('button', { name: 'Actions for photos' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const remove = page.getByRole('alertdialog', { name: 'Delete photos' })
    await remove.getByLabel('Type photos to delete it').fill('photo')
    await world().look(page, 'delete-bucket')
    await remove.getByLabel('Type photos to delete it').fill('photos')
    await remove.getByLabel('Type photos to delete it').press('Enter')
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
  })

  it('a name that is taken or malformed is told where it is typed', async () => {
    const page = await world().page()
    await world().signIn(page)
    await page.getByRole('button', { name: 'Create bucket' }).click()
    const create = page.getByRole('dialog', { name: 'Create a bucket' })
    await create.getByLabel('Name').fill('a_b')
    await create.getByLabel('Name').press('Enter')
    await create.getByText('with a letter or digit at either end').waitFor()
    await world().look(page, 'create-bucket-refused')
  })

  it('an address of a page works from a link, after a reload and after going back', async () => {
    const page = await world().page()
    await world().signIn(page, 'no/such/page')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.getByRole('link', { name: 'Go to the buckets' }).click()
    await page.getByRole('heading', { name: 'Buckets', exact: true }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  })

  it('the palette goes to a page by the keyboard alone', async () => {
    const page = await world().page()
    await world().signIn(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('buck')
    await world().look(page, 'palette')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Buckets', exact: true }).waitFor()
  })
})
