import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { skip, startConsole } from './console-world.ts'
import { makeBucket, putTexts } from './objects-world.ts'

/** What has the focus, as a screen reader names it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    '(document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.innerText ?? "").trim()',
  )

describe('the console by the keyboard alone', { skip }, () => {
  const world = startConsole()

  it('signs in, makes a bucket, finds its settings, and every stop can be seen', async () => {
    const page = await world().page()
    await page.goto(world().url())
    const { accessKeyId, secretAccessKey } = world().server.credentials
    await page.getByLabel('Access key ID').waitFor()
    // The first field has the focus.
    await page.keyboard.type(accessKeyId)
    await page.keyboard.press('Tab')
    await page.keyboard.type(secretAccessKey)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()

    // The page has the focus, so that its first control is the next stop.
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Create bucket')
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
    assert.equal(outline, 'solid')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Create a bucket' }).waitFor()
    await page.keyboard.type('typed')
    await page.keyboard.press('Enter')
    await page.getByText('typed is created.').waitFor()

    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('typed · settings')
    await page.getByRole('option', { name: /settings/i }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  })

  it('goes through a table by the arrows, and opens a row with Enter', async () => {
    const page = await world().page()
    await world().signIn(page)
    const row = page.getByRole('row', { name: 'typed' })
    await row.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/buckets\/typed\//)
  })

  it('goes into folders and out again, and deletes, without losing its place', async () => {
    const client = await makeBucket(world(), 'places', { isVersioned: true })
    await putTexts(client, 'places', {
      'a.txt': 'a',
      'b.txt': 'b',
      'one/x.txt': 'x',
      'two/y.txt': 'y',
      'two/z.txt': 'z',
    })
    const page = await world().page()
    await world().signIn(page, 'buckets/places')
    const atRow = (name: string): Promise<void> =>
      page.locator(`[role=row][aria-label="${name}"]:focus`).waitFor()
    await page.getByRole('row', { name: 'Folder two/' }).focus()
    await page.keyboard.press('Enter')
    await atRow('y.txt')
    // Rows are one stop, whatever stands in them.
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Share…' }).waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Next object')
    await page.keyboard.press('Shift+Tab')
    await atRow('y.txt')
    await page.keyboard.press('Delete')
    await page.getByRole('button', { name: 'Delete 1 object' }).press('Enter')
    await atRow('z.txt')
    // What was shown beside the list is gone, and so is its pane.
    await page.getByRole('complementary', { name: 'Preview' }).waitFor({ state: 'detached' })
    // Past the place where the object was shown, and before the dialog that closed gives the focus back.
    await page.evaluate<unknown>('history.go(-2)')
    await page.getByRole('row', { name: 'Folder one/' }).waitFor()
    await atRow('Folder two/')
    await page.getByRole('switch', { name: 'Versions' }).focus()
    await page.keyboard.press('Space')
    await page.waitForURL(/versions/)
    await page.locator('[role=switch]:focus').waitFor()
  })

  it('a dialog keeps the focus, gives it back, and closes with Escape', async () => {
    const page = await world().page()
    await world().signIn(page)
    await page.getByRole('button', { name: 'Create bucket' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let presses = 0; presses < 25; presses++) {
      await page.keyboard.press('Tab')
      assert.equal(
        await page.evaluate<boolean>('document.activeElement.closest("[role=dialog]") !== null'),
        true,
      )
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await focused(page), 'Create bucket')
  })
})
